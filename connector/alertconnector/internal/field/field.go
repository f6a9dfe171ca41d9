package field

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Longest is how long a value may be, in bytes. It is a label and the key of a group,
// and whoever sends records chooses it.
const Longest = 256

// The names of what a record has beside attributes.
const (
	severityText = "severity_text"
	scopeName    = "scope.name"
	eventName    = "event_name"
)

// Field is the name of something that records say.
type Field struct {
	name string
	// splits are where a dot of the name may divide an attribute from what it holds.
	splits []int
}

// Parse reads a name.
func Parse(name string) Field {
	f := Field{name: name}
	for i := range len(name) {
		if name[i] == '.' {
			f.splits = append(f.splits, i)
		}
	}
	return f
}

// Name returns what Parse has read.
func (f Field) Name() string { return f.name }

// Of returns the value as text, cut at 256 bytes: of an attribute of the record, or else
// of the record itself (severity_text, scope.name, event_name), or else of an attribute of
// its scope or its resource. ok is false where there is none, or an empty one.
func (f Field) Of(s Source) (text string, ok bool) {
	found, ok := f.lookUp(s)
	if found.isInteger {
		return strconv.FormatInt(found.integer, 10), ok
	}
	return found.text, ok
}

// AppendTo appends what Of returns, and takes no memory for a number.
func (f Field) AppendTo(b []byte, s Source) (_ []byte, ok bool) {
	found, ok := f.lookUp(s)
	if found.isInteger {
		return strconv.AppendInt(b, found.integer, 10), ok
	}
	return append(b, found.text...), ok
}

// content is what a field has: a text, or an integer, which need not be one.
type content struct {
	text      string
	integer   int64
	isInteger bool
}

func (f Field) lookUp(s Source) (found content, ok bool) {
	if found, ok = f.in(s.Record.Attributes()); ok {
		return found, true
	}
	if text := f.ofRecord(s); text != "" {
		return content{text: cut(text)}, true
	}
	if found, ok = f.in(s.Scope.Scope().Attributes()); ok {
		return found, true
	}
	return f.in(s.Resource.Resource().Attributes())
}

func (f Field) ofRecord(s Source) string {
	switch f.name {
	case severityText:
		return s.Record.SeverityText()
	case scopeName:
		return s.Scope.Scope().Name()
	case eventName:
		return s.Record.EventName()
	}
	return ""
}

// OfEveryRecord reports whether every record has the field, if only as an empty text.
func (f Field) OfEveryRecord() bool {
	return f.name == severityText || f.name == scopeName || f.name == eventName
}

// in finds the value in attributes: under the whole name, or in a map under its beginning.
func (f Field) in(attributes pcommon.Map) (found content, ok bool) {
	value, ok := f.find(attributes, 0, f.splits)
	switch {
	case !ok:
		return content{}, false
	case value.Type() == pcommon.ValueTypeInt:
		return content{integer: value.Int(), isInteger: true}, true
	}
	text := cut(value.AsString())
	return content{text: text}, text != ""
}

func (f Field) find(attributes pcommon.Map, from int, splits []int) (pcommon.Value, bool) {
	if value, ok := attributes.Get(f.name[from:]); ok {
		return value, true
	}
	for i, dot := range splits {
		outer, ok := attributes.Get(f.name[from:dot])
		if !ok || outer.Type() != pcommon.ValueTypeMap {
			continue
		}
		if value, ok := f.find(outer.Map(), dot+1, splits[i+1:]); ok {
			return value, true
		}
	}
	return pcommon.Value{}, false
}

// cut shortens a text to the longest that a value may be, and leaves out what is no text.
func cut(text string) string {
	if len(text) > Longest {
		end := Longest
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	return strings.ToValidUTF8(text, "")
}
