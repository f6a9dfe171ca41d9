package redaction

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/pyjson"
)

const (
	// maxJSON is the length in bytes of the longest text that is read as JSON, and
	// maxNested how often JSON may be in a string of JSON. The rest is a text.
	maxJSON   = 1 << 20
	maxNested = 8
)

// isJSON reports whether a text looks like a JSON object or array.
func isJSON(text string) bool {
	if len(text) > maxJSON || len(text) < 2 {
		return false
	}
	text = strings.TrimSpace(text)
	return text != "" && (text[0] == '{' && text[len(text)-1] == '}' || text[0] == '[' && text[len(text)-1] == ']')
}

// jsonText is a JSON text that is being redacted. What has no hit stays as it is
// written, to the last blank.
type jsonText struct {
	s    *Session
	text string
	out  strings.Builder
	// copied is up to where the text has gone out.
	copied int
	result outcome
}

// redactJSON redacts a text that is a JSON object or array, as Python writes them,
// and reports whether it is one.
func (s *Session) redactJSON(text string) (redacted string, result outcome, ok bool) {
	if s.nested >= maxNested || !pyjson.Valid(text, maxDepth) {
		return "", unchanged, false
	}
	s.nested++
	defer func() { s.nested-- }()
	j := jsonText{s: s, text: text}
	j.value(pyjson.Space(text, 0), keyKnown{}, 0)
	if j.copied > 0 {
		j.out.WriteString(text[j.copied:])
		text = j.out.String()
	}
	if len(s.r.config.CustomRules) == 0 {
		return text, j.result, true
	}
	// A custom pattern may have been written for the JSON itself.
	s.onlyCustom = true
	text, result = s.redactText(text, nil)
	s.onlyCustom = false
	return text, max(result, j.result), true
}

// replace writes something in place of a part of the text.
func (j *jsonText) replace(start, end int, with string) {
	j.out.WriteString(j.text[j.copied:start])
	j.out.WriteString(with)
	j.copied = end
}

// value redacts the value that begins at a place, and returns its end. The text is
// known to be well-formed.
func (j *jsonText) value(at int, key keyKnown, depth int) (end int) {
	text := j.text
	c := text[at]
	if c == 't' || c == 'f' || c == 'n' { // true, false, null
		return pyjson.Value(text, at)
	}
	if key.rule != nil && key.rule.action == Audit {
		j.s.countOnce(key.rule)
		j.result = max(j.result, counted)
		key.rule = nil
	}
	isContainer := c == '{' || c == '['
	if isContainer && depth < maxDepth && key.rule == nil {
		return j.container(at, key, depth)
	}
	end = pyjson.Value(text, at)
	switch {
	case key.rule != nil:
		j.whole(at, end, key.rule)
	case isContainer:
		j.whole(at, end, j.s.r.tooDeep)
	default:
		j.scalar(at, end, key)
	}
	return end
}

// container redacts what is in an object or array.
func (j *jsonText) container(at int, key keyKnown, depth int) (end int) {
	text := j.text
	isObject := text[at] == '{'
	at = pyjson.Space(text, at+1)
	var named *rule
	for text[at] != '}' && text[at] != ']' {
		member := key.inside()
		if isObject {
			nameEnd := pyjson.Value(text, at)
			name := pyjson.Unquote(text[at:nameEnd])
			known := &j.s.jsonKeys.Find(name).Known
			member = known.keyKnown
			if known.hasHit {
				j.name(at, nameEnd, name)
			}
			at = pyjson.Space(text, pyjson.Space(text, nameEnd)+1)
			switch {
			case member.role == nameRole && text[at] == '"':
				named = j.s.r.judge(pyjson.Unquote(text[at:pyjson.Value(text, at)]))
			case member.role == valueRole && member.rule == nil:
				member.rule = named
			}
		}
		at = pyjson.Space(text, j.value(at, member, depth+1))
		if text[at] == ',' {
			at = pyjson.Space(text, at+1)
		}
	}
	return at + 1
}

// name redacts what a member's name shows.
func (j *jsonText) name(start, end int, name string) {
	outer := j.s.place
	j.s.place = AttributeKeys
	redacted, result := j.s.redact(name, nil)
	j.s.place = outer
	j.result = max(j.result, result)
	if redacted != name {
		j.replace(start, end, pyjson.Quote(redacted))
	}
}

// scalar redacts a string or a number.
func (j *jsonText) scalar(start, end int, key keyKnown) {
	literal := j.text[start:end]
	value := literal
	if literal[0] == '"' {
		value = pyjson.Unquote(literal)
	} else if len(literal) < minNumber && !j.s.looksAtNumbers(key.context) {
		return
	}
	redacted, result := j.s.redact(value, key.context)
	j.result = max(j.result, result)
	if redacted != value {
		j.replace(start, end, pyjson.Quote(redacted))
	}
}

// whole replaces a value whatever it is, unless it says nothing.
func (j *jsonText) whole(start, end int, r *rule) {
	value := j.text[start:end]
	if value[0] == '"' {
		value = pyjson.Unquote(value)
	}
	if value == "" || j.s.r.isPlaceholder(value) || j.s.r.allows(r, value) {
		return
	}
	j.s.count(r)
	if r.action == Audit {
		j.result = max(j.result, counted)
		return
	}
	j.result = max(j.result, replaced)
	if r.action == Drop {
		j.result = removed
	}
	j.replace(start, end, pyjson.Quote(j.s.r.replacement(r, value)))
}
