package minalog

import (
	"bytes"
	"strconv"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/pyformat"
)

// journalMessage is the field that journald keeps a line of a service in.
const journalMessage = "MESSAGE"

// unwrapJournal puts the fields of a record that journald has kept as its message in the
// place of that. Of two fields of one name the record's own wins.
func (d *Decoder) unwrapJournal(b *Batch) {
	v := d.field(fieldMessage)
	if v == nil || v.kind != jsonString || d.name(fieldMessage) != journalMessage || d.found[fieldMessage].inside {
		return
	}
	inner := d.membersOf(bytes.TrimSpace(d.bytesOf(v)))
	if len(inner) == 0 {
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
	if !d.parseJSON(b, append(append(joined, inner...), '}')) {
		d.json.parse(whole)
	}
	d.collect()
}

// membersOf returns the members of a JSON record, or of one with what stands in the head
// of a text record, or none.
func (d *Decoder) membersOf(line []byte) (members []byte) {
	if isObject(line) {
		return bytes.TrimSpace(line[1 : len(line)-1])
	}
	h, ok := d.parseHeader(line)
	if !ok {
		return nil
	}
	if h.timestamp != 0 {
		members = strconv.AppendUint(appendName(members, d.firstName(fieldTimestamp)), uint64(h.timestamp), 10)
	}
	if len(h.level) > 0 {
		members = appendJSONString(appendName(members, d.firstName(fieldLevel)), string(h.level))
	}
	if len(h.logger) > 0 {
		members = appendJSONString(appendName(members, d.firstName(fieldLogger)), string(h.logger))
	}
	for i := range h.layout.Fields {
		members = d.appendText(members, &h.layout.Fields[i], d.values.Text[i])
	}
	return appendJSONString(appendName(members, d.firstName(fieldMessage)), string(h.wholeMessage(line)))
}

// appendText appends what else the head of a text record says.
func (d *Decoder) appendText(members []byte, field *pyformat.Field, value []byte) []byte {
	name := attributeNames[field.Term]
	if field.Term == pyformat.Extra {
		name = field.Name
	}
	if name == "" || value == nil {
		return members
	}
	members = appendName(members, name)
	if _, ok := parseInt(value); ok && field.Integer {
		return append(members, value...)
	}
	return appendJSONString(members, string(value))
}

// firstName returns the first name of a field. Where it has none, the value is to be an
// attribute.
func (d *Decoder) firstName(fd field) string {
	if names := d.names[fd]; len(names) > 0 {
		return names[0]
	}
	return fieldKeys[fd]
}

func appendName(members []byte, name string) []byte {
	if len(members) > 0 {
		members = append(members, ',')
	}
	return append(appendJSONString(members, name), ':')
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
