package redaction

import (
	"bytes"
	"encoding/json"
	"strings"
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
	s    *scanner
	text string
	out  strings.Builder
	// copied is up to where the text has gone out.
	copied int
	result outcome
}

// redactJSON redacts a text that is a JSON object or array, as Python writes them,
// and reports whether it is one.
func (s *scanner) redactJSON(text string) (redacted string, result outcome, ok bool) {
	if s.nested >= maxNested || skipSpace(text, skipJSON(text, skipSpace(text, 0), 0)) != len(text) {
		return "", unchanged, false
	}
	s.nested++
	defer func() { s.nested-- }()
	j := jsonText{s: s, text: text}
	j.value(skipSpace(text, 0), keyKnown{}, 0)
	if j.copied > 0 {
		j.out.WriteString(text[j.copied:])
		text = j.out.String()
	}
	if len(s.custom) == 0 {
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
		return skipJSON(text, at, depth)
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
	end = skipJSON(text, at, depth)
	switch {
	case key.rule != nil:
		j.whole(at, end, key.rule)
	case isContainer:
		j.whole(at, end, j.s.deepRule)
	default:
		j.scalar(at, end, key)
	}
	return end
}

// container redacts what is in an object or array.
func (j *jsonText) container(at int, key keyKnown, depth int) (end int) {
	text := j.text
	isObject := text[at] == '{'
	at = skipSpace(text, at+1)
	var named *rule
	for text[at] != '}' && text[at] != ']' {
		member := key.inside()
		if isObject {
			nameEnd := stringEnd(text, at)
			name := unquote(text[at:nameEnd])
			known := &j.s.jsonKeys.Find(name).Known
			member = known.keyKnown
			if known.hasHit {
				j.name(at, nameEnd, name)
			}
			at = skipSpace(text, skipSpace(text, nameEnd)+1)
			switch {
			case member.role == nameRole && text[at] == '"':
				named = j.s.textKeys.Find(unquote(text[at:stringEnd(text, at)])).Known
			case member.role == valueRole && member.rule == nil:
				member.rule = named
			}
		}
		at = skipSpace(text, j.value(at, member, depth+1))
		if text[at] == ',' {
			at = skipSpace(text, at+1)
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
		j.replace(start, end, quote(redacted))
	}
}

// scalar redacts a string or a number.
func (j *jsonText) scalar(start, end int, key keyKnown) {
	literal := j.text[start:end]
	value := literal
	if literal[0] == '"' {
		value = unquote(literal)
	} else if len(literal) < minNumber && !j.s.looksAtNumbers(key.context) {
		return
	}
	redacted, result := j.s.redact(value, key.context)
	j.result = max(j.result, result)
	if redacted != value {
		j.replace(start, end, quote(redacted))
	}
}

// whole replaces a value whatever it is, unless it says nothing.
func (j *jsonText) whole(start, end int, r *rule) {
	value := j.text[start:end]
	if value[0] == '"' {
		value = unquote(value)
	}
	if value == "" || j.s.isPlaceholder(value) || j.s.allows(r, value) {
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
	j.replace(start, end, quote(j.s.replacement(r, value)))
}

func skipSpace(text string, at int) int {
	for at >= 0 && at < len(text) && isSpace(text[at]) {
		at++
	}
	return at
}

// stringEnd returns the end of the string that begins at a place, or -1.
func stringEnd(text string, at int) int {
	if at < 0 || at >= len(text) || text[at] != '"' {
		return -1
	}
	for i := at + 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return -1
}

var jsonLiteral = newCharset("0-9A-Za-z+.-")

// isLiteral reports whether a text is a number or one of the words of JSON, or of
// those that Python writes as well.
func isLiteral(text string) bool {
	switch text {
	case "true", "false", "null", "NaN", "Infinity", "-Infinity":
		return true
	}
	at := 0
	if text[0] == '-' {
		at = 1
	}
	end := digits.end(text, at)
	if end == at {
		return false
	}
	if end+1 < len(text) && text[end] == '.' && isDigit(text[end+1]) {
		end = digits.end(text, end+1)
	}
	if end+1 < len(text) && text[end]|0x20 == 'e' {
		if end++; text[end] == '+' || text[end] == '-' {
			end++
		}
		return end < len(text) && digits.end(text, end) == len(text)
	}
	return end == len(text)
}

// skipJSON returns the end of the value that begins at a place, or -1 if none does.
func skipJSON(text string, at, depth int) int {
	if at < 0 || at >= len(text) {
		return -1
	}
	switch text[at] {
	case '"':
		return stringEnd(text, at)
	case '{', '[':
		if depth > maxDepth {
			return skipBrackets(text, at)
		}
		return skipContainer(text, at, depth)
	}
	if end := jsonLiteral.end(text, at); end > at && isLiteral(text[at:end]) {
		return end
	}
	return -1
}

func skipContainer(text string, at, depth int) int {
	isObject, closing := text[at] == '{', text[at]+2 // in ASCII
	at = skipSpace(text, at+1)
	if at < len(text) && text[at] == closing {
		return at + 1
	}
	for at < len(text) {
		if isObject {
			if at = skipSpace(text, stringEnd(text, at)); at < 0 || at >= len(text) || text[at] != ':' {
				return -1
			}
			at = skipSpace(text, at+1)
		}
		if at = skipSpace(text, skipJSON(text, at, depth+1)); at < 0 || at >= len(text) {
			return -1
		}
		switch text[at] {
		case closing:
			return at + 1
		case ',':
			at = skipSpace(text, at+1)
		default:
			return -1
		}
	}
	return -1
}

// skipBrackets passes over a container of any depth.
func skipBrackets(text string, at int) int {
	depth := 0
	for at < len(text) {
		switch text[at] {
		case '"':
			if at = stringEnd(text, at); at < 0 {
				return -1
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at + 1
			}
		}
		at++
	}
	return -1
}

// unquote returns the text of a string.
func unquote(literal string) string {
	inner := literal[1 : len(literal)-1]
	if strings.IndexByte(inner, '\\') < 0 {
		return inner
	}
	var text string
	if json.Unmarshal([]byte(literal), &text) != nil {
		return inner
	}
	return text
}

// quote returns a text as a string.
func quote(text string) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string can always be encoded
	return strings.TrimSuffix(out.String(), "\n")
}
