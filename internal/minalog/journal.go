package minalog

import (
	"bytes"

	"go.opentelemetry.io/collector/pdata/plog"
)

// journalMessage is the field that journald keeps a line of a service in.
const journalMessage = "MESSAGE"

// unwrapJournal puts the fields of a JSON record that journald has kept as its message
// in the place of that. Of two fields of one name the record's own wins.
func (d *Decoder) unwrapJournal(b *Batch) {
	v := d.field(fieldMessage)
	if v == nil || !v.escaped || d.name(fieldMessage) != journalMessage || d.found[fieldMessage].inside {
		return
	}
	message := bytes.TrimSpace(d.bytesOf(v))
	if !isObject(message) {
		return
	}
	inner := bytes.TrimSpace(message[1:])
	if len(inner) == 1 {
		return
	}
	joined := []byte{'{'}
	values := d.json.values
	for i := 1; i < len(values); i = values[i].next {
		if &values[i] != v && !values[i].taken {
			joined = append(d.appendMember(joined, i), ',')
		}
	}
	whole := d.json.text
	if !d.parseJSON(b, append(joined, inner...)) {
		d.json.parse(whole)
	}
	d.collect()
}

// appendMember appends a member of the line's object as it is written.
func (d *Decoder) appendMember(text []byte, index int) []byte {
	v := &d.json.values[index]
	text = append(appendJSONString(text, v.key.name), ':')
	if v.kind == jsonString {
		return append(append(append(text, '"'), d.json.of(v)...), '"')
	}
	return append(text, d.json.of(v)...)
}

// setJournalBody sets a message that journald has as a list of bytes.
func (d *Decoder) setJournalBody(b *Batch, record plog.LogRecord) {
	index := int(d.found[fieldMessage].index)
	if text, ok := d.bytesInList(index); ok {
		record.Body().SetStr(b.text.keep(validUTF8(text)))
		return
	}
	d.setValue(b, record.Body(), index, 1)
}

// bytesInList returns the text that journald writes as a list of bytes, where it is no UTF-8.
func (d *Decoder) bytesInList(index int) (text []byte, ok bool) {
	values := d.json.values
	for i := index + 1; i < values[index].next; i = values[i].next {
		n, ok := parseInt(d.json.of(&values[i]))
		if !ok || n < 0 || n > 255 {
			return nil, false
		}
		text = append(text, byte(n))
	}
	return text, true
}
