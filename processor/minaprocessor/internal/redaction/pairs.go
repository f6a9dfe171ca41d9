package redaction

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/mina-observability/otelcol-mina/internal/pyjson"
)

// role is what a member of a pair is.
type role uint8

const (
	noRole role = iota
	nameRole
	valueRole
	// typedRole is a value's of which the member says the type.
	typedRole
)

func roleOf(key string) role {
	switch strings.ToLower(key) {
	case "name", "key", "k", "header", "field", "variable", "param", "parameter", "parameterkey", "loc":
		return nameRole
	case "value", "val", "v", "parametervalue", "input",
		"old", "new", "old_value", "new_value", "oldvalue", "newvalue", "previous", "current":
		return valueRole
	case "stringvalue", "intvalue", "doublevalue", "bytesvalue": // OTLP
		return typedRole
	}
	return noRole
}

// nameIn says what is under the name that a map has beside its value, as in
// {"name": "API_KEY", "value": "…"}, or else what the name of the map itself says.
func (s *Session) nameIn(m pcommon.Map, under verdict) verdict {
	for key, value := range m.All() {
		if roleOf(key) == nameRole {
			if name := s.r.judge(textOf(value)); name.rule != nil {
				return name
			}
		}
	}
	return under
}

// wraps reports whether a map only says of what type its value is: {"stringValue": "…"}.
func wraps(m pcommon.Map) bool {
	for key := range m.All() {
		return m.Len() == 1 && roleOf(key) == typedRole
	}
	return false
}

// nameBefore says what is under the element that is before another one in a list, if it is
// its name: ["x-api-key", "…"] among other pairs, or in a list of names and
// values, of which those are looked at that are no name themselves.
func (s *Session) nameBefore(list pcommon.Slice, i int, amongLists bool) verdict {
	if i == 0 || list.At(i-1).Type() != pcommon.ValueTypeStr {
		return verdict{}
	}
	return s.nameOfNext(list.At(i-1).Str(), textOf(list.At(i)), i, amongLists, list.Len)
}

// textOf returns a text, or the last one of a list: of where the name is, as in
// {"loc": ["body", "password"], "input": "…"}.
func textOf(v pcommon.Value) (last string) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return v.Str()
	case pcommon.ValueTypeSlice:
		for _, element := range v.Slice().All() {
			if element.Type() == pcommon.ValueTypeStr {
				last = element.Str()
			}
		}
	default:
	}
	return last
}

// nameOfNext judges an element as the name of the next, which is the i-th of so many. A
// value that is no text is empty.
func (s *Session) nameOfNext(name, value string, i int, amongLists bool, count func() int) verdict {
	const longest = 64
	if len(name) > longest || name == "" {
		return verdict{}
	}
	if i%2 == 0 || !amongLists && isName(value) {
		return verdict{}
	}
	v := s.r.judge(name)
	if v.rule == nil || amongLists && count() != 2 || count()%2 != 0 {
		return verdict{}
	}
	return v
}

// isName reports whether a text may be the name of something: it has neither digits nor
// blanks.
func isName(value string) bool { return !strings.ContainsAny(value, "0123456789 ") }

// nameIn is Session.nameIn for the object that begins at a place.
func (j *jsonText) nameIn(at int, under verdict) verdict {
	text := j.text
	for at = pyjson.Space(text, at+1); text[at] != '}'; {
		end := pyjson.Value(text, at)
		role := roleOf(pyjson.Unquote(text[at:end]))
		at = pyjson.Space(text, pyjson.Space(text, end)+1)
		end = pyjson.Value(text, at)
		if role == nameRole {
			if name := j.s.r.judge(lastText(text[at:end])); name.rule != nil {
				return name
			}
		}
		at = next(text, end)
	}
	return under
}

// next returns the place of the next member, or of the end of the object or array.
func next(text string, end int) int {
	at := pyjson.Space(text, end)
	if text[at] == ',' {
		at = pyjson.Space(text, at+1)
	}
	return at
}

// lastText is textOf for JSON.
func lastText(literal string) string {
	switch literal[0] {
	case '"':
		return pyjson.Unquote(literal)
	case '[':
		last := ""
		for at := pyjson.Space(literal, 1); literal[at] != ']'; {
			end := pyjson.Value(literal, at)
			if literal[at] == '"' {
				last = literal[at:end]
			}
			at = next(literal, end)
		}
		if last != "" {
			return pyjson.Unquote(last)
		}
	}
	return ""
}

// wraps is wraps for the object that begins at a place.
func (j *jsonText) wraps(at int) bool {
	text := j.text
	if text[at] != '{' {
		return false
	}
	at = pyjson.Space(text, at+1)
	end := pyjson.Value(text, at)
	if roleOf(pyjson.Unquote(text[at:end])) != typedRole {
		return false
	}
	at = pyjson.Space(text, pyjson.Space(text, end)+1)
	return text[pyjson.Space(text, pyjson.Value(text, at))] == '}'
}

// countFrom returns how many elements an array has that begins at a place.
func (j *jsonText) countFrom(at int) (n int) {
	for at = pyjson.Space(j.text, at+1); j.text[at] != ']'; n++ {
		at = next(j.text, pyjson.Value(j.text, at))
	}
	return n
}
