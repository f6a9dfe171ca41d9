package redaction

import (
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/names"
)

// scanner passes over texts. It is not safe for concurrent use.
type scanner struct {
	*Redactor
	text string
	hits []span
	// covered is the end of the last value that was found by its key.
	covered int
	// pemEnd is the end of the last private key, and noPEMEnd the place behind
	// which none ends.
	pemEnd, noPEMEnd int
	// runs are those that runEnd has found the end of, and plain is the last value
	// without quotes.
	runs  []run
	plain run
	// next is where to go on, if that is not the next byte.
	next int
	// matched has the custom rules that have been tried on the text.
	matched []*rule
	// onlyCustom says that the other rules have seen the text as JSON, and nested
	// how deep in such texts it is.
	onlyCustom bool
	nested     int
	// isEncoded says that there may be more in the text decoded; decoded and origins
	// are kept for that.
	isEncoded bool
	decoded   []byte
	origins   []int
	// again says that a text is passed over once more, and that what is only
	// counted has been.
	again bool

	// keys are those of attributes, jsonKeys those in JSON, and textKeys those in
	// other texts.
	keys, jsonKeys *names.Index[attribute]
	textKeys       *names.Index[*rule]
	words          []string

	// place is where in a record the value is that is looked at.
	place Location
	// window is the part of the text that goes on, where the text is only seen around it.
	window *window
	// counts has the number of hits by place and rule.
	counts [len(locationNames)][]int64
	report report
}

// scan collects what must be replaced in a text: spans in order, none of which
// overlap. The rules in context have a keyword in the key that the text is under.
func (s *scanner) scan(text string, context []*rule) []span {
	s.hits, s.matched, s.isEncoded = s.hits[:0], s.matched[:0], strings.IndexByte(text, 0) >= 0
	s.begin(text)
	for _, r := range context {
		s.consider(r, beforeText, keyword)
	}
	for _, r := range s.everywhere {
		s.consider(r, beforeText, keyword)
	}
	if len(text) >= minAnchor {
		s.pass(text)
	}
	if s.isEncoded && len(text) <= maxEncoded {
		s.scanDecoded(text)
	}
	if len(s.hits) > 1 {
		s.hits = merge(s.hits)
	}
	return s.hits
}

// begin starts with a text.
func (s *scanner) begin(text string) {
	s.text = text
	s.covered, s.pemEnd, s.noPEMEnd, s.next, s.runs, s.plain = 0, 0, len(text)+1, 0, s.runs[:0], run{}
}

// run is a run of bytes of a set.
type run struct {
	chars      *charset
	start, end int
}

// runEnd returns the end of the run that begins at a place. Of a long one the end
// is searched once, however often something in it is a candidate.
func (s *scanner) runEnd(chars *charset, at int) int {
	i := slices.IndexFunc(s.runs, func(r run) bool { return r.chars == chars })
	if i < 0 {
		i = len(s.runs)
		s.runs = append(s.runs, run{chars: chars})
	}
	if r := &s.runs[i]; at < r.start || at >= r.end {
		*r = run{chars, at, chars.end(s.text, at)}
	}
	return s.runs[i].end
}

// pass goes over a text once, and stops where an anchor is.
func (s *scanner) pass(text string) {
	anchors := s.anchors
	window := roll(roll(0, text[0]), text[1])
	for i := 2; i < len(text); i++ {
		window = roll(window, text[i])
		if !anchors.has(window) {
			continue
		}
		at := i - 2
		if at < s.next {
			continue
		}
		for _, a := range anchors.at(window) {
			if place := at - a.offset; a.at(text, place) {
				s.consider(a.rule, place, a.keyword)
			}
		}
		// A number is looked at once, from its first digit.
		if isDigit(text[at]) && isDigit(text[at+1]) && isDigit(text[i]) {
			for i+1 < len(text) && isDigit(text[i+1]) {
				i++
			}
		}
	}
}

// What makes a place a candidate.
const (
	anchor  = false
	keyword = true
)

// consider asks a rule about a place.
func (s *scanner) consider(r *rule, at int, byKeyword bool) {
	switch {
	case r.pattern != nil:
		s.matchPattern(r)
	case s.onlyCustom && r != placeholder && r != encoded:
	case byKeyword:
		if insideWord(s.text, at) {
			return
		}
		if start, end, found := s.matchNear(r, at); found {
			s.hit(r, start, end)
		}
	default:
		if start, end, found := r.match(s, at); found {
			s.hit(r, start, end)
		}
	}
}

// hit keeps a span, if nothing speaks against it.
func (s *scanner) hit(r *rule, start, end int) {
	if start >= end {
		return
	}
	value := s.text[start:end]
	if r.valid != nil && !r.valid(value) || s.isPlaceholder(value) || s.allows(r, value) {
		return
	}
	s.hits = append(s.hits, span{start, end, r})
}

// How far in bytes a value may be from the keyword: behind it, and before it.
const (
	nearBehind = 64
	nearBefore = 16
)

// beforeText is the place of a keyword that is in the key of the text.
const beforeText = -1

// insideWord reports whether a keyword is only a part of a word, as in "laws". In
// myAWSKey it is one.
func insideWord(text string, at int) bool {
	return at > 0 && isLetter(text[at-1]) && (isUpper(text[at-1]) || !isUpper(text[at])) && !startsHere(text, at)
}

// matchNear looks for a value near the keyword that is at a place.
func (s *scanner) matchNear(r *rule, at int) (start, end int, found bool) {
	text := s.text
	word := max(at, 0)
	if at != beforeText {
		for word < len(text) && isLetter(text[word]) && word-at < maxKeyLen {
			word++
		}
	}
	for i := word; i < min(len(text), word+nearBehind); i++ {
		if text[i] == '[' {
			if n := s.placeholderLen(text[i:]); n > 0 {
				i += n - 1
				continue
			}
		}
		if i > word && !startsHere(text, i) {
			continue
		}
		if end := r.near(text, i, text[word:i]); end > i {
			return i, end, true
		}
	}
	for i := max(0, at-nearBefore); i < at; i++ {
		if !startsHere(text, i) {
			continue
		}
		if end := r.near(text, i, ""); end > i && end <= at {
			return i, end, true
		}
	}
	return 0, 0, false
}

// merge joins spans that overlap. The longest names the rule; of two that are
// equally long, the more specific one. What is only counted joins nothing.
func merge(hits []span) []span {
	slices.SortStableFunc(hits, func(a, b span) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return a.rule.number - b.rule.number
	})
	hits = slices.Compact(hits) // what is found decoded may have been found before
	merged := hits[:0]
	longest, last := 0, -1
	for _, hit := range hits {
		length := hit.end - hit.start
		if hit.rule.action == Audit {
			merged = append(merged, hit)
			continue
		}
		if last < 0 || hit.start >= merged[last].end {
			last, longest = len(merged), length
			merged = append(merged, hit)
			continue
		}
		if length > longest || length == longest && hit.rule.number < merged[last].rule.number {
			merged[last].rule, longest = hit.rule, length
		}
		merged[last].end = max(merged[last].end, hit.end)
	}
	return merged
}

// maxPasses is how often a text is passed over while that still changes it.
const maxPasses = 4

// outcome is what redaction has done to a text.
type outcome int

const (
	unchanged outcome = iota
	// counted: there are hits, and all are only counted.
	counted
	replaced
	// removed: a hit says that the attribute has to go.
	removed
)

// redact returns the text with every hit replaced. What is left is passed over
// again, so that redacting twice gives the same.
func (s *scanner) redact(text string, context []*rule) (string, outcome) {
	outer, result := s.again, unchanged
	for range maxPasses {
		redacted, now := s.redactOnce(text, context)
		result = max(result, now)
		if now < replaced || redacted == text {
			break
		}
		text, s.again = redacted, true
	}
	s.again = outer
	return text, result
}

func (s *scanner) redactOnce(text string, context []*rule) (string, outcome) {
	if len(text) < minSecret && len(context) == 0 && len(s.custom) == 0 {
		return text, unchanged
	}
	if isJSON(text) {
		if redacted, result, ok := s.redactJSON(text); ok {
			return redacted, result
		}
	}
	return s.redactText(text, context)
}

func (s *scanner) redactText(text string, context []*rule) (string, outcome) {
	hits := s.scan(text, context)
	if s.window != nil && s.window.open {
		hits = s.hideOpenEnd(hits, text)
	}
	if len(hits) == 0 {
		return text, unchanged
	}
	hits = s.countOnly(hits)
	if len(hits) == 0 {
		return text, counted
	}
	if len(hits)*maxReplacement > maxGrowth*len(text)+1024 {
		// So many short hits would let the text grow beyond what can be sent.
		hits[0].end = hits[len(hits)-1].end
		hits = hits[:1]
	}
	result := replaced
	var out strings.Builder
	out.Grow(len(text))
	done := 0
	for _, hit := range hits {
		s.count(hit.rule)
		if hit.rule.action == Drop {
			result = removed
		}
		out.WriteString(text[done:hit.start])
		start := out.Len()
		out.WriteString(s.replacement(hit.rule, text[hit.start:hit.end]))
		done = hit.end
		s.window.follow(hit, start, out.Len())
	}
	out.WriteString(text[done:])
	s.window.move()
	return out.String(), result
}

// countOnly counts the hits that change nothing, and returns the others.
func (s *scanner) countOnly(hits []span) []span {
	changing := hits[:0]
	for _, hit := range hits {
		if hit.rule.action != Audit {
			changing = append(changing, hit)
		} else {
			s.countOnce(hit.rule)
		}
	}
	return changing
}

// maxReplacement is about the length in bytes of what replaces a hit, and maxGrowth
// how many times as long a long text may become.
const (
	maxReplacement = 40
	maxGrowth      = 4
)

// minSecret is the length of the shortest text that may hold a secret: "pin=1".
const minSecret = 5
