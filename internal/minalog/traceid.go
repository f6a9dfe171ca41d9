package minalog

import (
	"bytes"
	"encoding/hex"
	"math/big"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// setTrace sets the ids and flags of the span that a record was written in.
func (d *Decoder) setTrace(record plog.LogRecord) {
	var traceID pcommon.TraceID
	if d.takeID(traceID[:], fieldTraceID) {
		record.SetTraceID(traceID)
	}
	var spanID pcommon.SpanID
	if d.takeID(spanID[:], fieldSpanID) {
		record.SetSpanID(spanID)
	}
	for v := d.field(fieldTraceFlags); v != nil; v = d.next(fieldTraceFlags) {
		if flags, ok := d.traceFlags(v); ok {
			record.SetFlags(flags)
			d.take(fieldTraceFlags)
			break
		}
	}
	if v := d.field(fieldTraceparent); v != nil && d.setTraceparent(record, d.bytesOf(v)) {
		d.take(fieldTraceparent)
	}
}

// takeID reads the first id that is one. What is malformed stays an attribute.
func (d *Decoder) takeID(id []byte, fd field) bool {
	for v := d.field(fd); v != nil; v = d.next(fd) {
		set, absent := parseID(id, d.bytesOf(v), d.notationOf(fd, v))
		if set || absent {
			d.take(fd)
		}
		if set {
			return true
		}
	}
	return false
}

// notation says what an id of digits alone may be.
type notation uint8

const (
	// hexadecimal ids have all their digits, unless they are long decimal numbers.
	hexadecimal notation = iota
	// number is an integer, as Python has ids.
	number
	// datadog ids are decimal, or 32 hexadecimal digits.
	datadog
)

func (d *Decoder) notationOf(fd field, v *jsonValue) notation {
	switch {
	case strings.HasPrefix(d.name(fd), "dd."):
		return datadog
	case v.kind == jsonNumber:
		return number
	}
	return hexadecimal
}

// parseID reads an id into all of its bytes; a shorter one has zeros in front. Zero,
// which OpenTelemetry's instrumentation of logging writes outside of a span, says that
// there is none.
func parseID(id, text []byte, as notation) (set, absent bool) {
	digits, short := hexDigits(text)
	if len(digits) > 0 && len(bytes.Trim(digits, "0")) == 0 {
		return false, true
	}
	size := hex.EncodedLen(len(id))
	whole := len(digits) == size || size == 32 && len(digits) == 16 || short && len(digits) < size
	if whole && (as == hexadecimal || as == datadog && (len(digits) == 32 || !isDecimal(digits))) {
		return decodeHex(id, digits), false
	}
	return decodeDecimal(id, text, as), false
}

// hexDigits returns the digits of an id without its prefix and the hyphens of a UUID.
// Python's hex function leaves out zeros in front.
func hexDigits(text []byte) (digits []byte, short bool) {
	if at := bytes.LastIndex(text, []byte("/traces/")); at >= 0 && bytes.HasPrefix(text, []byte("projects/")) {
		text = text[at+len("/traces/"):]
	}
	if len(text) > 2 && text[0] == '0' && text[1]|0x20 == 'x' {
		return text[2:], true
	}
	if len(text) == len("4bf92f35-77b3-4da6-a3ce-929d0e0e4736") && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-' {
		return bytes.ReplaceAll(text, []byte("-"), nil), false
	}
	return text, false
}

func decodeHex(id, digits []byte) bool {
	if len(digits)%2 != 0 {
		digits = append([]byte("0"), digits...)
	}
	start := len(id) - hex.DecodedLen(len(digits))
	if _, err := hex.Decode(id[start:], digits); err != nil {
		clear(id)
		return false
	}
	return true
}

// shortestDecimal is the length of the shortest number that is taken for an id where
// another number may have its name: ids are random.
const shortestDecimal = 12

func decodeDecimal(id, text []byte, as notation) bool {
	const longest = 39 // digits of a number of 128 bits
	if !isDecimal(text) || len(text) > longest || as != datadog && len(text) < shortestDecimal {
		return false
	}
	n, ok := new(big.Int).SetString(string(text), 10)
	if !ok || n.BitLen() > 8*len(id) {
		return false
	}
	n.FillBytes(id)
	return true
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

// setTraceparent reads the W3C header, 00-TRACEID-SPANID-FLAGS, for what the record
// does not say otherwise, and reports whether nothing else is in it.
func (d *Decoder) setTraceparent(record plog.LogRecord, text []byte) bool {
	parts := bytes.Split(text, []byte("-"))
	if len(parts) != 4 || len(parts[0]) != 2 || len(parts[1]) != 32 || len(parts[2]) != 16 || len(parts[3]) != 2 {
		return false
	}
	var traceID pcommon.TraceID
	var spanID pcommon.SpanID
	var flags [1]byte
	if !decodeHex(traceID[:], parts[1]) || !decodeHex(spanID[:], parts[2]) || !decodeHex(flags[:], parts[3]) || traceID.IsEmpty() || spanID.IsEmpty() {
		return false
	}
	if record.SpanID().IsEmpty() && (record.TraceID().IsEmpty() || record.TraceID() == traceID) {
		record.SetTraceID(traceID)
		record.SetSpanID(spanID)
		record.SetFlags(record.Flags() | plog.LogRecordFlags(flags[0]))
	}
	return record.TraceID() == traceID && record.SpanID() == spanID
}
