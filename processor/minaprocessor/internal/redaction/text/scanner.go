package text

import "slices"

// Rule says where something may be, and decides about it.
type Rule struct {
	// Anchors make a place a candidate: every hit has one of these texts, of MinAnchor
	// bytes at least, whatever their case. See AnyDigit and its like.
	Anchors []string
	// Match decides about the place at which an anchor begins, and returns the span
	// to replace.
	Match func(c *Cursor, at int) (start, end int, found bool)
	// Keywords are anchors of what is found only near such a word, which may also be
	// in the name that a text stands under.
	Keywords []string
	// Near decides about a value that begins at the place, near a keyword, and returns
	// its end, or the place. The gap is what stands between the keyword and the value.
	Near func(text string, at int, gap string) (end int)
	// Except reports whether nothing is found in a text that is under a name.
	Except func(name string) bool
	// All finds what it can in the whole text, once, where there is a keyword, or
	// everywhere if there are none.
	All func(text string, hit func(start, end int))
}

// Rules are compiled for a pass. They may be used by several goroutines at once.
type Rules struct {
	list         []Rule
	anchors      *anchors
	placeholders Placeholders
	// exempts reports whether a rule leaves what it has found.
	exempts func(rule int, value string) bool
	// everywhere are the rules that are tried on every text.
	everywhere []int
}

// NewRules compiles rules. A Hit tells them by their index, as exempts is asked by it
// about each value that a rule has found.
func NewRules(list []Rule, placeholders Placeholders, exempts func(rule int, value string) bool) *Rules {
	r := &Rules{list: list, placeholders: placeholders, exempts: exempts}
	byTrigram := map[uint32][]anchored{}
	for i, rule := range list {
		for _, text := range rule.Anchors {
			addAnchor(byTrigram, anchored{text: text, rule: i})
		}
		for _, text := range rule.Keywords {
			addAnchor(byTrigram, anchored{text: text, rule: i, kind: keyword})
		}
		if rule.All != nil && len(rule.Keywords) == 0 {
			r.everywhere = append(r.everywhere, i)
		}
	}
	for _, text := range placeholders.Anchors {
		addAnchor(byTrigram, anchored{text: text, kind: placeholder})
	}
	for _, text := range encodings {
		addAnchor(byTrigram, anchored{text: text, kind: encoded})
	}
	for bit := uint32(unusual); bit < trigrams; bit += 1 << symbolBits {
		byTrigram[bit] = append(byTrigram[bit], anchored{kind: encoded}) // whatever is before it
	}
	r.anchors = newAnchors(byTrigram)
	return r
}

// TriesAll reports whether there are rules that are tried on every text.
func (r *Rules) TriesAll() bool { return len(r.everywhere) > 0 }

// Hit is a part of a text that a rule has found.
type Hit struct {
	Start, End int
	// Rule is its index in the rules.
	Rule int
}

// Scanner passes over texts. It is not safe for concurrent use.
type Scanner struct {
	cursor Cursor
	rules  *Rules
	// context is what the name of the text says of the rules.
	context []int
	hits    []Hit
	// tried has the rules that have been tried on the whole text.
	tried []int
	// isEncoded says that there may be more in the text as it is meant, and readings are
	// kept for that.
	isEncoded bool
	readings  [2]reading
}

// Scan returns what rules find in a text, in order. The context is that of the name that
// the text is under. The hits are good until the next call.
func (s *Scanner) Scan(rules *Rules, text string, context []int) []Hit {
	s.rules, s.context, s.cursor.placeholders = rules, context, &rules.placeholders
	s.hits, s.tried, s.isEncoded = s.hits[:0], s.tried[:0], false
	s.cursor.begin(text)
	for _, rule := range context {
		if rule >= 0 {
			s.ask(rule, keyword, beforeText)
		}
	}
	for _, rule := range rules.everywhere {
		s.ask(rule, keyword, beforeText)
	}
	if len(text) >= MinAnchor {
		s.pass(text)
	}
	if s.isEncoded && len(text) <= maxRead {
		s.readAgain(text)
	}
	if len(s.hits) > 1 {
		slices.SortFunc(s.hits, compareHits)
		s.hits = slices.Compact(s.hits) // what is meant may have been found as it is written
	}
	return s.hits
}

// Forget lets go of the last text.
func (s *Scanner) Forget() { s.cursor.begin("") }

// pass goes over a text once, and stops where an anchor is.
func (s *Scanner) pass(text string) {
	s.isEncoded = s.isEncoded || isUnusual(text[0]) || isUnusual(text[1])
	anchors, next := s.rules.anchors, 0
	window := roll(roll(0, text[0]), text[1])
	for i := 2; ; i++ {
		if i, window = anchors.seek(text, i, window); i >= len(text) {
			return
		}
		at := i - 2
		if at < next {
			continue
		}
		if window == threeDigits { // a number is looked at once, from its first digit
			if i = Digits.End(text, i+1) - 1; i-at < anchors.digits-1 {
				continue
			}
		}
		next = s.candidates(anchors.at(window), text, at, next)
	}
}

// candidates looks at a place where the bytes are that some anchors are found by, and
// returns where to go on: behind a placeholder.
func (s *Scanner) candidates(group []anchored, text string, at, next int) int {
	behindPlace := bytesAt(text, at)
	var beforePlace uint64
	for i := range group {
		a, bytes := &group[i], behindPlace
		if a.side == before {
			if beforePlace == 0 {
				beforePlace = bytesAt(text, at-lead)
			}
			bytes = beforePlace
		}
		if a.part.fits(bytes) && a.at(text, at-a.offset) {
			next = s.stop(a, text, at-a.offset, next)
		}
	}
	return next
}

// stop does what an anchor is for.
func (s *Scanner) stop(a *anchored, text string, place, next int) int {
	switch a.kind {
	case placeholder:
		next = max(next, place+s.cursor.placeholderLen(text[place:]))
	case encoded:
		s.isEncoded = true
	default:
		s.ask(a.rule, a.kind, place)
	}
	return next
}

// ask asks a rule about a place.
func (s *Scanner) ask(rule int, by kind, at int) {
	r := &s.rules.list[rule]
	switch {
	case r.All != nil:
		if !slices.Contains(s.tried, rule) {
			s.tried = append(s.tried, rule)
			r.All(s.cursor.Text, func(start, end int) { s.hit(rule, start, end) })
		}
	case by == keyword:
		if insideWord(s.cursor.Text, at) {
			return
		}
		if start, end, found := s.cursor.near(r, at); found {
			s.hit(rule, start, end)
		}
	default:
		if start, end, found := r.Match(&s.cursor, at); found {
			s.hit(rule, start, end)
		}
		for _, more := range s.cursor.also {
			s.hit(rule, more.start, more.end)
		}
		s.cursor.also = s.cursor.also[:0]
	}
}

func (s *Scanner) hit(rule, start, end int) {
	if start < end && s.cursor.placeholderLen(s.cursor.Text[start:]) < end-start && !slices.Contains(s.context, ^rule) && !s.rules.exempts(rule, s.cursor.Text[start:end]) {
		s.hits = append(s.hits, Hit{start, end, rule})
	}
}

// How far in bytes a value may be from the keyword: behind it, and before it.
const (
	nearBehind = 64
	nearBefore = 16
)

// beforeText is the place of a keyword that is in the name of the text.
const beforeText = -1

// insideWord reports whether a keyword is only a part of a word, as in "laws". In
// myAWSKey it is one.
func insideWord(text string, at int) bool {
	return at > 0 && IsLetter(text[at-1]) && (IsUpper(text[at-1]) || !IsUpper(text[at])) && !StartsHere(text, at)
}

// near looks for a value near the keyword that is at a place.
func (c *Cursor) near(r *Rule, at int) (start, end int, found bool) {
	text := c.Text
	word := max(at, 0)
	if at != beforeText {
		for word < len(text) && IsLetter(text[word]) && word-at < maxNameLen {
			word++
		}
	}
	for i := word; i < min(len(text), word+nearBehind); i++ {
		if text[i] == '[' {
			if n := c.placeholderLen(text[i:]); n > 0 {
				i += n - 1
				continue
			}
		}
		if i > word && !StartsHere(text, i) {
			continue
		}
		if end := r.Near(text, i, text[word:i]); end > i {
			return i, end, true
		}
	}
	for i := max(0, at-nearBefore); i < at; i++ {
		if !StartsHere(text, i) {
			continue
		}
		if end := r.Near(text, i, ""); end > i && end <= at {
			return i, end, true
		}
	}
	return 0, 0, false
}

func compareHits(a, b Hit) int {
	switch {
	case a.Start != b.Start:
		return a.Start - b.Start
	case a.Rule != b.Rule:
		return a.Rule - b.Rule
	}
	return a.End - b.End
}

// Merge joins hits that overlap, in order. The longest names the rule; of two that are
// equally long, the first in the rules.
func Merge(hits []Hit) []Hit {
	merged := hits[:0]
	longest := 0
	for _, hit := range hits {
		length := hit.End - hit.Start
		if len(merged) == 0 || hit.Start >= merged[len(merged)-1].End {
			merged, longest = append(merged, hit), length
			continue
		}
		last := &merged[len(merged)-1]
		if length > longest || length == longest && hit.Rule < last.Rule {
			last.Rule, longest = hit.Rule, length
		}
		last.End = max(last.End, hit.End)
	}
	return merged
}
