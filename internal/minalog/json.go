package minalog

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// parseJSON reads a line as a JSON object, which is valid until the next call. The
// batch keeps the line, and a record's strings are parts of it.
func (d *Decoder) parseJSON(b *Batch, line []byte) bool {
	return d.json.parse(b.text.keep(validUTF8(line)))
}

// fields are the values of one record that have a place in the log data model.
type fields [fieldCount]struct {
	// index of the value; the line's own object, 0, stands for none.
	index int
	rank  int
	// inside says that the value lies in an object: it stays there, since its
	// siblings would lose their place.
	inside bool
}

func (f *fields) offer(k *key, index int, inside bool) {
	if k.field != fieldNone && (f[k.field].index == 0 || k.rank <= f[k.field].rank) {
		f[k.field].index, f[k.field].rank, f[k.field].inside = index, k.rank, inside
	}
}

// field returns the value of a field, or nil.
func (d *Decoder) field(fd field) *jsonValue {
	if index := d.found[fd].index; index != 0 {
		return &d.json.values[index]
	}
	return nil
}

// take marks a field as no attribute.
func (d *Decoder) take(fd field) {
	if !d.found[fd].inside {
		d.field(fd).taken = true
		d.attributes--
	}
}

// decodeObject appends the object that was parsed last to the batch.
func (d *Decoder) decodeObject(b *Batch, envelope envelope) {
	d.collect()
	host := d.textOf(b, d.field(fieldHost))
	pid := d.textOf(b, d.field(fieldProcess))
	var logger string
	if v := d.field(fieldLogger); v != nil && v.kind == jsonString {
		logger = d.stringOf(b, v)
		d.take(fieldLogger)
	}
	record := b.add(host, pid, logger)
	d.setFields(b, record)

	builder := &d.builders[0]
	builder.EnsureCapacity(d.attributes + envelope.attributes())
	for i := 1; i < len(d.json.values); i = d.json.values[i].next {
		if v := &d.json.values[i]; !v.taken {
			d.setValue(b, builder.AppendEmpty(v.key.name), i, 1)
		}
	}
	builder.UnsafeIntoMap(record.Attributes())
	envelope.apply(b, record)
}

// collect looks for fields among the members of the line's object, and counts the
// members. Of duplicate keys the last value wins, as in Python.
func (d *Decoder) collect() {
	d.objects++
	d.found, d.attributes = fields{}, 0
	values := d.json.values
	for i := 1; i < len(values); i = values[i].next {
		k := values[i].key
		if !d.duplicate(k, i) {
			d.attributes++
		}
		d.found.offer(k, i, false)
		if k.children != nil && values[i].kind == jsonObject {
			d.collectInside(i, k.children)
		}
	}
}

// duplicate reports whether the object at hand has the key already, and marks the
// value that it had there.
func (d *Decoder) duplicate(k *key, index int) bool {
	again := k.object == d.objects
	if again {
		d.json.values[k.value].taken = true
	}
	k.object, k.value = d.objects, index
	return again
}

// collectInside looks for dotted field names inside an object.
func (d *Decoder) collectInside(object int, children map[string]*key) {
	values := d.json.values
	for i := object + 1; i < values[object].next; i = values[i].next {
		child := children[values[i].key.name]
		if child == nil {
			continue
		}
		d.found.offer(child, i, true)
		if child.children != nil && values[i].kind == jsonObject {
			d.collectInside(i, child.children)
		}
	}
}

func (d *Decoder) setFields(b *Batch, record plog.LogRecord) {
	if v := d.field(fieldTimestamp); v != nil {
		if ts, ok := parseTimestamp(d.bytesOf(v), d.location); ok {
			record.SetTimestamp(ts)
			d.take(fieldTimestamp)
		}
	}
	if v := d.field(fieldLevel); v != nil {
		if text := d.textOf(b, v); text != "" {
			record.SetSeverityNumber(severityOfText(d.bytesOf(v)))
			record.SetSeverityText(text)
			d.take(fieldLevel)
		}
	}
	if d.found[fieldMessage].index != 0 {
		d.setValue(b, record.Body(), d.found[fieldMessage].index, 1)
		d.take(fieldMessage)
	}
	var traceID pcommon.TraceID
	if d.takeID(traceID[:], fieldTraceID) {
		record.SetTraceID(traceID)
	}
	var spanID pcommon.SpanID
	if d.takeID(spanID[:], fieldSpanID) {
		record.SetSpanID(spanID)
	}
	if v := d.field(fieldTraceFlags); v != nil {
		if flags, ok := d.traceFlags(v); ok {
			record.SetFlags(flags)
			d.take(fieldTraceFlags)
		}
	}
}

// takeID reads a hexadecimal id. What is malformed stays an attribute.
func (d *Decoder) takeID(id []byte, fd field) bool {
	v := d.field(fd)
	if v == nil {
		return false
	}
	set, absent := parseID(id, d.bytesOf(v))
	if set || absent {
		d.take(fd)
	}
	return set
}

// parseID reads a hexadecimal id. Zero, which OpenTelemetry's instrumentation of
// logging writes outside of a span, says that there is none.
func parseID(id, text []byte) (set, absent bool) {
	if len(text) > 0 && len(bytes.Trim(text, "0")) == 0 {
		return false, true
	}
	if len(text) != hex.EncodedLen(len(id)) {
		return false, false
	}
	if _, err := hex.Decode(id, text); err != nil {
		clear(id)
		return false, false
	}
	return true, false
}

// traceFlags reads the W3C form ("01"), a number, or whether the span is sampled.
func (d *Decoder) traceFlags(v *jsonValue) (plog.LogRecordFlags, bool) {
	text := d.json.of(v)
	switch v.kind {
	case jsonTrue:
		return 1, true
	case jsonFalse:
		return 0, true
	case jsonNumber:
		n, err := strconv.ParseUint(text, 10, 8)
		return plog.LogRecordFlags(n), err == nil
	case jsonString:
		switch text {
		case "True", "true":
			return 1, true
		case "False", "false":
			return 0, true
		}
		n, err := strconv.ParseUint(text, 16, 8)
		return plog.LogRecordFlags(n), err == nil
	default:
		return 0, false
	}
}

// stringOf returns the text of a JSON string.
func (d *Decoder) stringOf(b *Batch, v *jsonValue) string {
	if v.escaped {
		return b.text.unescape(d.json.of(v))
	}
	return d.json.of(v)
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

// bytesOf returns the text of a string or number as it is written, until the next call.
func (d *Decoder) bytesOf(v *jsonValue) []byte {
	d.scratch = d.scratch[:0]
	if v.kind == jsonString || v.kind == jsonNumber {
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
