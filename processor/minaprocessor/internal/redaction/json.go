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
	switch j.text[at] {
	case 't', 'f', 'n': // true, false, null
		return pyjson.Value(j.text, at)
	case '{', '[':
		return j.group(at, key, depth)
	}
	end = pyjson.Value(j.text, at)
	j.scalar(at, end, key)
	return end
}

// group redacts an object or array, which may go whole.
func (j *jsonText) group(at int, key keyKnown, depth int) (end int) {
	hides := key.verdict.rule
	switch {
	case depth >= maxDepth:
		hides = j.s.r.tooDeep
	case !key.verdict.HidesAll() || !j.hidesAny(at, key.verdict) || j.wraps(at):
		return j.members(at, key, depth)
	}
	end = pyjson.Value(j.text, at)
	if j.whole(at, end, j.text[at:end], hides) < replaced && depth < maxDepth {
		return j.members(at, keyKnown{context: key.context}, depth) // the name has had its say
	}
	return end
}

// hidesAny is verdict.hidesAny for an array, and reports whether an object has members.
func (j *jsonText) hidesAny(at int, name verdict) bool {
	if j.text[at] == '{' || isEmpty(j.text, at) {
		return !isEmpty(j.text, at)
	}
	for at = pyjson.Space(j.text, at+1); j.text[at] != ']'; {
		end := pyjson.Value(j.text, at)
		switch element := j.text[at:end]; element[0] {
		case 't', 'f', 'n':
		case '{', '[':
			if !isEmpty(j.text, at) {
				return true
			}
		case '"':
			if name.Hides(pyjson.Unquote(element)) {
				return true
			}
		default:
			if name.Hides(element) {
				return true
			}
		}
		at = next(j.text, end)
	}
	return false
}

// isEmpty reports whether an object or array has no members.
func isEmpty(text string, at int) bool {
	next := text[pyjson.Space(text, at+1)]
	return next == '}' || next == ']'
}

// members redacts what is in an object or array.
func (j *jsonText) members(at int, group keyKnown, depth int) (end int) {
	if j.text[at] == '[' {
		return j.elements(at, group, depth)
	}
	text, begin := j.text, at
	var paired verdict
	looked := false
	for at = pyjson.Space(text, at+1); text[at] != '}'; {
		nameEnd := pyjson.Value(text, at)
		name := pyjson.Unquote(text[at:nameEnd])
		known := &j.s.jsonKeys.Find(name).Known
		member := known.keyKnown
		if known.hasHit {
			j.name(at, nameEnd, name)
		}
		if member.role >= valueRole && member.verdict.rule == nil {
			if !looked {
				paired, looked = j.nameIn(begin, group.verdict), true
			}
			member.verdict = paired
		}
		if member.verdict.rule == nil && group.verdict.rule != nil {
			member.verdict = j.s.r.member(group.verdict, name)
		}
		at = pyjson.Space(text, pyjson.Space(text, nameEnd)+1)
		at = next(text, j.value(at, member, depth+1))
	}
	return at + 1
}

// elements redacts what is in an array, in which an element may be the name of the next.
func (j *jsonText) elements(at int, group keyKnown, depth int) (end int) {
	text, begin, before, n := j.text, at, "", 0
	count := func() int {
		if n == 0 {
			n = j.countFrom(begin)
		}
		return n
	}
	redacted := j.overSeveral(at)
	at = pyjson.Space(text, at+1)
	for i := 0; text[at] != ']'; i++ {
		if value, found := redacted[at]; found {
			end = pyjson.Value(text, at)
			j.replace(at, end, pyjson.Quote(value))
			before, at = "", next(text, end)
			continue
		}
		element := keyKnown{verdict: group.verdict, context: group.context, inList: true}
		if before != "" && element.verdict.rule == nil && text[at] != '[' && text[at] != '{' {
			element.verdict = j.s.nameOfNext(pyjson.Unquote(before), lastText(text[at:pyjson.Value(text, at)]), i, group.inList, count)
		}
		end = j.value(at, element, depth+1)
		before = ""
		if text[at] == '"' {
			before = text[at:end]
		}
		at = next(text, end)
	}
	return at + 1
}

// overSeveral redacts what is found in an array of strings only if it is read as a whole, and
// returns what the strings become, by their places.
func (j *jsonText) overSeveral(at int) (redacted map[int]string) {
	var places []int
	var values []string
	for at = pyjson.Space(j.text, at+1); j.text[at] == '"'; {
		end := pyjson.Value(j.text, at)
		places, values = append(places, at), append(values, pyjson.Unquote(j.text[at:end]))
		at = next(j.text, end)
	}
	if j.text[at] != ']' {
		return nil
	}
	j.s.overSeveral(len(values), func(i int) (string, bool) { return values[i], true }, func(i int, value string, result outcome) {
		if redacted == nil {
			redacted = map[int]string{}
		}
		value, more := j.s.redact(value, nil)
		redacted[places[i]] = value
		j.result = max(j.result, result, more)
	})
	return redacted
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
	}
	if name := key.verdict; name.rule != nil && name.Hides(value) && j.whole(start, end, value, name.rule) >= replaced {
		return
	}
	if literal[0] != '"' && len(literal) < minNumber && !j.s.looksAtNumbers(key.context) {
		return
	}
	redacted, result := j.s.redact(value, key.context)
	j.result = max(j.result, result)
	if redacted != value {
		j.replace(start, end, pyjson.Quote(redacted))
	}
}

// whole replaces a value whatever it is.
func (j *jsonText) whole(start, end int, value string, r *rule) outcome {
	if j.s.r.isPlaceholder(value) || j.s.r.allows(r, value) {
		return unchanged
	}
	result := replaced
	switch r.action {
	case Audit:
		j.s.countOnce(r)
		j.result = max(j.result, counted)
		return counted
	case Drop:
		result = removed
	default:
	}
	j.s.count(r)
	j.result = max(j.result, result)
	j.replace(start, end, pyjson.Quote(j.s.r.replacement(r, value)))
	return result
}
