package minalog

import (
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/pyjson"
)

// parseJSON reads a line as a JSON object, which is valid until the next call. The
// batch keeps the line, and a record's strings are parts of it.
func (d *Decoder) parseJSON(b *Batch, line []byte) bool {
	return d.json.parse(b.text.keep(validUTF8(line)))
}

// parseJSONHead reads the JSON object at the head of a text, as parseJSON does, and
// returns its length. Without one that is the place where the text is no JSON.
func (d *Decoder) parseJSONHead(b *Batch, text []byte) (length int, ok bool) {
	ok = d.json.parseHead(b.text.keep(text))
	length = d.json.at
	if ok && length < len(text) && !isBlank(text[length:]) {
		d.json.parseHead(b.text.keep(text[:length])) // so that its strings do not keep what follows it
	}
	return length, ok
}

// decodeObject appends the object that was parsed last to the batch.
func (d *Decoder) decodeObject(b *Batch, envelope envelope) {
	d.collect()
	d.unwrapJournal(b)
	d.takeException(b)
	record := b.add(d.firstText(b, fieldHost), d.firstProcess(), d.takeLogger(b))
	d.setFields(b, record)

	builder := &d.builders[0]
	builder.EnsureCapacity(d.attributes + envelope.attributes() + d.raised.attributes())
	for i := 1; i < len(d.json.values); i = d.json.values[i].next {
		if v := &d.json.values[i]; !v.taken {
			d.setValue(b, builder.AppendEmpty(v.key.name), i, 1)
		}
	}
	d.putException(builder)
	builder.UnsafeIntoMap(record.Attributes())
	envelope.apply(b, record)
}

// firstText returns the first text or number that the record has under the names of a
// field, and leaves it there.
func (d *Decoder) firstText(b *Batch, fd field) string {
	for v := d.field(fd); v != nil; v = d.next(fd) {
		if text := d.textOf(b, v); text != "" {
			return text
		}
	}
	return ""
}

// firstProcess returns the first id of a process as it is written: a whole number, that
// is, and not a name.
func (d *Decoder) firstProcess() string {
	for v := d.field(fieldProcess); v != nil; v = d.next(fieldProcess) {
		if id := d.json.of(v); (v.kind == jsonString || v.kind == jsonNumber) && isWhole(id) {
			return id
		}
	}
	return ""
}

func isWhole(number string) bool {
	_, ok := parseInt(strings.TrimSuffix(number, ".0"))
	return ok
}

func (d *Decoder) takeLogger(b *Batch) string {
	for v := d.field(fieldLogger); v != nil; v = d.next(fieldLogger) {
		if v.kind == jsonString && v.end > v.start {
			d.take(fieldLogger)
			return d.stringOf(b, v)
		}
	}
	return ""
}

func (d *Decoder) setFields(b *Batch, record plog.LogRecord) {
	record.SetTimestamp(d.takeTimestamp())
	text, severity := d.takeLevel(b)
	record.SetSeverityText(text)
	record.SetSeverityNumber(severity)
	d.setBody(b, record)
	d.setTrace(record)
}

// isEmpty reports whether a value is null, or a text or container without content.
func (d *Decoder) isEmpty(v *jsonValue) bool {
	switch v.kind {
	case jsonNull:
		return true
	case jsonString:
		return v.end == v.start
	case jsonObject, jsonArray:
		return &d.json.values[v.next-1] == v
	default:
		return false
	}
}

// stringOf returns the text of a JSON string.
func (d *Decoder) stringOf(b *Batch, v *jsonValue) string {
	if v.escaped {
		return b.text.unescape(d.json.of(v))
	}
	return d.json.of(v)
}

// plainString returns the text of a JSON string without the colours that it may have,
// which are escapes in it.
func (d *Decoder) plainString(b *Batch, v *jsonValue) string {
	text := d.stringOf(b, v)
	if v.escaped {
		text = plain(text)
	}
	return text
}

func plain(text string) string {
	if strings.IndexByte(text, escape) < 0 {
		return text
	}
	return string(withoutANSI([]byte(text)))
}

// textOf returns the text of a string or number, and "" of anything else.
func (d *Decoder) textOf(b *Batch, v *jsonValue) string {
	switch {
	case v != nil && v.kind == jsonString:
		return d.stringOf(b, v)
	case v != nil && v.kind == jsonNumber:
		return d.json.of(v)
	}
	return ""
}

// bytesOf returns the text of a string or number until the next call, and nothing of
// anything else.
func (d *Decoder) bytesOf(v *jsonValue) []byte {
	d.scratch = d.scratch[:0]
	switch {
	case v.kind != jsonString && v.kind != jsonNumber:
	case v.escaped:
		var plain strings.Builder
		pyjson.Unescape(&plain, d.json.of(v))
		d.scratch = append(d.scratch, plain.String()...)
	default:
		d.scratch = append(d.scratch, d.json.of(v)...)
	}
	return d.scratch
}

// setValue sets a JSON value, which lies at the given depth of its record.
func (d *Decoder) setValue(b *Batch, dest pcommon.Value, index, depth int) {
	switch v := &d.json.values[index]; v.kind {
	case jsonString:
		dest.SetStr(d.stringOf(b, v))
	case jsonNumber:
		setNumber(dest, d.json.of(v))
	case jsonTrue:
		dest.SetBool(true)
	case jsonFalse:
		dest.SetBool(false)
	case jsonObject:
		d.setObject(b, dest.SetEmptyMap(), index, depth)
	case jsonArray:
		d.setArray(b, dest.SetEmptySlice(), index, depth)
	case jsonDeep:
		dest.SetStr(d.json.of(v))
	case jsonNull:
	}
}

func (d *Decoder) setObject(b *Batch, dest pcommon.Map, object, depth int) {
	d.objects++
	values, members := d.json.values, 0
	for i := object + 1; i < values[object].next; i = values[i].next {
		if !d.duplicate(values[i].key, i) {
			members++
		}
	}
	builder := &d.builders[depth]
	builder.EnsureCapacity(members)
	for i := object + 1; i < values[object].next; i = values[i].next {
		if v := &values[i]; !v.taken {
			d.setValue(b, builder.AppendEmpty(v.key.name), i, depth+1)
		}
	}
	builder.UnsafeIntoMap(dest)
}

func (d *Decoder) setArray(b *Batch, dest pcommon.Slice, array, depth int) {
	values, elements := d.json.values, 0
	for i := array + 1; i < values[array].next; i = values[i].next {
		elements++
	}
	dest.EnsureCapacity(elements)
	for i := array + 1; i < values[array].next; i = values[i].next {
		d.setValue(b, dest.AppendEmpty(), i, depth+1)
	}
}

// setNumber keeps integers of up to 64 bits and doubles as such, and what fits
// neither as its text. NaN and the infinities are doubles.
func setNumber(dest pcommon.Value, text string) {
	if n, ok := parseInt(text); ok {
		dest.SetInt(n)
		return
	}
	if strings.ContainsAny(text, ".eENI") {
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			dest.SetDouble(f)
			return
		}
	}
	dest.SetStr(text)
}
