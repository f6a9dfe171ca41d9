package minalog

import (
	"bytes"
	"encoding/hex"
	"strconv"

	"github.com/valyala/fastjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// entry is one key and value of the object at hand.
type entry struct {
	key   *key
	value *fastjson.Value
	// taken says that the value has its place in the log data model.
	taken bool
}

// parseObject reads a line as a JSON object. The result is valid until the next call.
func (d *Decoder) parseObject(line []byte) *fastjson.Object {
	line = pythonJSON(line)
	parser := &d.parser
	if len(line) > largeLine {
		parser = new(fastjson.Parser)
	}
	value, err := parser.ParseBytes(line)
	if err != nil {
		repaired, ok := repairJSON(line, MaxDepth+1)
		if !ok {
			return nil
		}
		if value, err = parser.ParseBytes(repaired); err != nil {
			return nil
		}
	}
	if value.Type() != fastjson.TypeObject {
		return nil
	}
	object, _ := value.Object()
	return object
}

// fields are the values of one record that have a place in the log data model.
type fields [fieldCount]struct {
	value *fastjson.Value
	rank  int
	entry int
}

func (f *fields) offer(k *key, value *fastjson.Value, entry int) {
	if k.field != fieldNone && (f[k.field].value == nil || k.rank < f[k.field].rank) {
		f[k.field].value, f[k.field].rank, f[k.field].entry = value, k.rank, entry
	}
}

// decodeObject appends a JSON record to the batch.
func (d *Decoder) decodeObject(b *Batch, object *fastjson.Object, envelope envelope) {
	d.entries = d.entries[:0]
	entries := d.collect(object)
	defer d.keys.endLine()

	var found fields
	for i := range entries {
		found.offer(entries[i].key, entries[i].value, i)
		if entries[i].key.children != nil && entries[i].value.Type() == fastjson.TypeObject {
			found.offerChildren(entries[i].key, entries[i].value, i)
		}
	}

	host := textOf(found[fieldHost].value, nil)
	var pidDigits [20]byte
	pid := textOf(found[fieldProcess].value, pidDigits[:0])
	record := b.add(host, pid, d.take(&found, fieldLogger, entries))
	d.setFields(b, record, &found, entries)

	attributes := 0
	for i := range entries {
		if !entries[i].taken {
			attributes++
		}
	}
	builder := &d.builders[0]
	builder.EnsureCapacity(attributes + envelope.attributes())
	for i := range entries {
		if !entries[i].taken {
			d.setValue(b, builder.AppendEmpty(entries[i].key.name), entries[i].value, 1)
		}
	}
	builder.UnsafeIntoMap(record.Attributes())
	envelope.apply(b, record)
}

// collect appends the object's entries to the decoder's stack and returns them.
// Of duplicate keys the last value wins, in the place of the first, as in Python.
func (d *Decoder) collect(object *fastjson.Object) []entry {
	d.objects++
	base := len(d.entries)
	object.Visit(func(name []byte, value *fastjson.Value) {
		k := d.keys.get(name)
		if k.object == d.objects {
			d.entries[k.entry].value = value
			return
		}
		k.object, k.entry = d.objects, len(d.entries)
		d.entries = append(d.entries, entry{key: k, value: value})
	})
	return d.entries[base:]
}

// offerChildren looks for dotted field names inside an object.
func (f *fields) offerChildren(parent *key, value *fastjson.Value, entry int) {
	object := value.GetObject()
	for name, child := range parent.children {
		inner := object.Get(name)
		if inner == nil {
			continue
		}
		f.offer(child, inner, entry)
		if child.children != nil && inner.Type() == fastjson.TypeObject {
			f.offerChildren(child, inner, entry)
		}
	}
}

// take returns a field's text and marks the field as taken. What is not text
// stays an attribute.
func (d *Decoder) take(found *fields, fd field, entries []entry) []byte {
	value := found[fd].value
	if value == nil || value.Type() != fastjson.TypeString {
		return nil
	}
	found.markTaken(fd, entries)
	return value.GetStringBytes()
}

// markTaken takes a field off the attributes. A field inside an object stays
// there: its siblings would lose their place.
func (f *fields) markTaken(fd field, entries []entry) {
	if e := &entries[f[fd].entry]; e.value == f[fd].value {
		e.taken = true
	}
}

func (d *Decoder) setFields(b *Batch, record plog.LogRecord, found *fields, entries []entry) {
	if value := found[fieldTimestamp].value; value != nil {
		if ts, ok := parseTimestamp(textOf(value, d.number[:0]), d.location); ok {
			record.SetTimestamp(ts)
			found.markTaken(fieldTimestamp, entries)
		}
	}
	if value := found[fieldLevel].value; value != nil {
		if text := textOf(value, d.number[:0]); len(text) > 0 {
			record.SetSeverityNumber(severityOfText(text))
			record.SetSeverityText(b.text.keep(text))
			found.markTaken(fieldLevel, entries)
		}
	}
	if value := found[fieldMessage].value; value != nil {
		d.setValue(b, record.Body(), value, 1)
		found.markTaken(fieldMessage, entries)
	}
	var traceID pcommon.TraceID
	if d.takeID(traceID[:], found, fieldTraceID, entries) {
		record.SetTraceID(traceID)
	}
	var spanID pcommon.SpanID
	if d.takeID(spanID[:], found, fieldSpanID, entries) {
		record.SetSpanID(spanID)
	}
	if value := found[fieldTraceFlags].value; value != nil {
		if flags, ok := traceFlags(value); ok {
			record.SetFlags(flags)
			found.markTaken(fieldTraceFlags, entries)
		}
	}
}

// takeID reads a hexadecimal id. What is malformed stays an attribute.
func (d *Decoder) takeID(id []byte, found *fields, fd field, entries []entry) bool {
	value := found[fd].value
	if value == nil {
		return false
	}
	set, absent := parseID(id, textOf(value, d.number[:0]))
	if set || absent {
		found.markTaken(fd, entries)
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
func traceFlags(value *fastjson.Value) (plog.LogRecordFlags, bool) {
	switch value.Type() {
	case fastjson.TypeTrue:
		return 1, true
	case fastjson.TypeFalse:
		return 0, true
	case fastjson.TypeNumber:
		n, err := value.Int()
		return plog.LogRecordFlags(n), err == nil && n >= 0 && n <= 0xFF
	case fastjson.TypeString:
		text := value.GetStringBytes()
		switch string(text) {
		case "True", "true":
			return 1, true
		case "False", "false":
			return 0, true
		}
		n, err := strconv.ParseUint(string(text), 16, 8)
		return plog.LogRecordFlags(n), err == nil
	}
	return 0, false
}

// textOf returns the text of a string or number, using buffer for the latter.
func textOf(value *fastjson.Value, buffer []byte) []byte {
	if value == nil {
		return nil
	}
	switch value.Type() {
	case fastjson.TypeString:
		return value.GetStringBytes()
	case fastjson.TypeNumber:
		return value.MarshalTo(buffer)
	}
	return nil
}

// setValue copies a JSON value, which lies at the given depth of its record.
func (d *Decoder) setValue(b *Batch, dest pcommon.Value, value *fastjson.Value, depth int) {
	switch value.Type() {
	case fastjson.TypeString:
		dest.SetStr(b.text.keep(value.GetStringBytes()))
	case fastjson.TypeNumber:
		d.setNumber(b, dest, value)
	case fastjson.TypeTrue:
		dest.SetBool(true)
	case fastjson.TypeFalse:
		dest.SetBool(false)
	case fastjson.TypeObject:
		if depth > MaxDepth {
			dest.SetStr(string(value.MarshalTo(nil)))
			return
		}
		d.setObject(b, dest.SetEmptyMap(), value.GetObject(), depth)
	case fastjson.TypeArray:
		if depth > MaxDepth {
			dest.SetStr(string(value.MarshalTo(nil)))
			return
		}
		elements, _ := value.Array()
		slice := dest.SetEmptySlice()
		slice.EnsureCapacity(len(elements))
		for _, element := range elements {
			d.setValue(b, slice.AppendEmpty(), element, depth+1)
		}
	case fastjson.TypeNull:
	}
}

func (d *Decoder) setObject(b *Batch, dest pcommon.Map, object *fastjson.Object, depth int) {
	base := len(d.entries)
	entries := d.collect(object)
	builder := &d.builders[depth]
	builder.EnsureCapacity(len(entries))
	for i := range entries {
		d.setValue(b, builder.AppendEmpty(entries[i].key.name), entries[i].value, depth+1)
	}
	builder.UnsafeIntoMap(dest)
	d.entries = d.entries[:base]
}

// setNumber keeps integers of up to 64 bits and doubles as such, and what fits
// neither as its text. NaN and the infinities are doubles.
func (d *Decoder) setNumber(b *Batch, dest pcommon.Value, value *fastjson.Value) {
	d.number = value.MarshalTo(d.number[:0])
	if n, ok := parseInt(d.number); ok {
		dest.SetInt(n)
		return
	}
	f, err := strconv.ParseFloat(string(d.number), 64)
	if err != nil || len(bytes.Trim(d.number, "-0123456789")) == 0 {
		dest.SetStr(b.text.keep(d.number))
		return
	}
	dest.SetDouble(f)
}
