package truncate

import (
	"encoding/base64"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// extent is how much attributes are for destinations, which keep names and texts: a map
// as the names and texts of what is in it, a slice as JSON. It is no less than they count.
type extent struct {
	entries, bytes int
	// name and value are the longest of each.
	name, value int
}

const (
	// number is no less than the length of a number as text.
	number = 24
	// punctuation is what JSON has around a name and a text.
	punctuation = len(`"":"",`)
	// recordFields and scopeFields are what destinations keep of a record and a scope
	// beside their attributes, such as observed_timestamp, trace_id and detected_level,
	// and recordBytes and scopeBytes no less than the length of these without texts.
	recordFields, recordBytes = 10, 320
	scopeFields, scopeBytes   = 3, 64
)

func extentOf(values pcommon.Map) (e extent) {
	for key, value := range values.All() {
		e.add(len(key), value)
	}
	return e
}

// add adds a value that has a name of so many bytes.
func (e *extent) add(name int, value pcommon.Value) {
	if text := value.Str(); text != "" { // most are texts
		e.entry(name, len(text))
		return
	}
	switch value.Type() {
	case pcommon.ValueTypeStr:
		e.entry(name, 0)
	case pcommon.ValueTypeMap:
		values := value.Map()
		for key, inner := range values.All() {
			e.add(name+1+len(key), inner)
		}
		if values.Len() == 0 {
			e.entry(name, len("{}"))
		}
	case pcommon.ValueTypeSlice, pcommon.ValueTypeBytes:
		e.entry(name, jsonLength(value))
	default:
		e.entry(name, number)
	}
}

func (e *extent) entry(name, value int) {
	e.entries++
	e.bytes += name + value + punctuation
	e.name, e.value = max(e.name, name), max(e.value, value)
}

// and returns the extent of both.
func (e extent) and(other extent) extent {
	return extent{e.entries + other.entries, e.bytes + other.bytes, max(e.name, other.name), max(e.value, other.value)}
}

// less returns the room that is left beside others.
func (e extent) less(other extent) extent {
	return extent{entries: e.entries - other.entries, bytes: e.bytes - other.bytes}
}

// entryExtent returns no less than that of an entry with a text of so many bytes.
func entryExtent(name string, text int) extent {
	return extent{entries: 1, bytes: len(name) + text + punctuation}
}

// fieldsOf returns what a record has beside its attributes and its body.
func fieldsOf(record plog.LogRecord) extent {
	return extent{entries: recordFields, bytes: recordBytes + len(record.SeverityText()) + len(record.EventName())}
}

func scopeExtent(scope pcommon.InstrumentationScope) extent {
	return extentOf(scope.Attributes()).and(extent{entries: scopeFields, bytes: scopeBytes + len(scope.Name()) + len(scope.Version())})
}

// textLength returns no less than the length of a value as a text.
func textLength(value pcommon.Value) int {
	if value.Type() == pcommon.ValueTypeStr {
		return len(value.Str())
	}
	return jsonLength(value)
}

// jsonLength returns no less than the length of a value in JSON.
func jsonLength(value pcommon.Value) int {
	const around = 2 // quotes or brackets
	n := around
	switch value.Type() {
	case pcommon.ValueTypeStr:
		return n + escapedLength(value.Str())
	case pcommon.ValueTypeBytes:
		return n + base64.StdEncoding.EncodedLen(value.Bytes().Len())
	case pcommon.ValueTypeMap:
		return n + membersLength(value.Map())
	case pcommon.ValueTypeSlice:
		for _, inner := range value.Slice().All() {
			n += jsonLength(inner) + len(",")
		}
		return n
	default:
		return number
	}
}

func membersLength(values pcommon.Map) (n int) {
	for key, value := range values.All() {
		n += escapedLength(key) + jsonLength(value) + punctuation
	}
	return n
}

// escapedLength returns no less than the length of a text within the quotes of JSON.
func escapedLength(text string) int {
	const unicode = len(`\u0000`)
	n := len(text)
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ', c == '"', c == '\\', c == '<', c == '>', c == '&', c == 0xe2: // of U+2028
			n += unicode - 1
		}
	}
	return n
}
