package redaction

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/names"
)

// anchors finds the rules whose anchor begins at a place of a text.
type anchors struct {
	// pairs has a bit for each pair of bytes that an anchor begins with.
	pairs [1 << 10]uint64
	// groups has the rules to ask, and group for each pair which of them.
	groups [][]anchored
	group  [1 << 16]uint16
}

type anchored struct {
	rule   *rule
	anchor string
}

func newAnchors(rules []*rule) *anchors {
	a := &anchors{groups: make([][]anchored, 1)}
	for _, r := range rules {
		for _, anchor := range r.anchors {
			for _, first := range variants(anchor[0]) {
				for _, second := range variants(anchor[1]) {
					a.add(first, second, anchored{r, anchor})
				}
			}
		}
	}
	return a
}

func (a *anchors) add(first, second byte, what anchored) {
	pair := uint16(first)<<8 | uint16(second)
	a.pairs[pair>>6] |= 1 << (pair & 63)
	if a.group[pair] == 0 {
		a.group[pair] = uint16(len(a.groups))
		a.groups = append(a.groups, nil)
	}
	a.groups[a.group[pair]] = append(a.groups[a.group[pair]], what)
}

// variants returns the bytes that a byte of an anchor stands for.
func variants(c byte) []byte {
	switch {
	case c == '0':
		return []byte("0123456789")
	case c == anyByte:
		all := make([]byte, 0, 256)
		for b := range 256 {
			all = append(all, byte(b))
		}
		return all
	case isLetter(c):
		return []byte{c | 0x20, c &^ 0x20}
	}
	return []byte{c}
}

// anyByte in an anchor stands for any byte.
const anyByte = 0

// matches reports whether the anchor is at the place.
func (a anchored) matches(text string, at int) bool {
	if len(text)-at < len(a.anchor) {
		return false
	}
	for i := 2; i < len(a.anchor); i++ {
		c, want := text[at+i], a.anchor[i]
		switch {
		case want == '0':
			if !isDigit(c) {
				return false
			}
		case isLetter(want):
			if c|0x20 != want|0x20 {
				return false
			}
		case c != want:
			return false
		}
	}
	return true
}

// attribute is what is known of a key, and the last text and number under it that
// had no hit. Values repeat from record to record, and what comes again is not
// searched again.
type attribute struct {
	sensitive   bool
	cleanText   []byte
	cleanNumber int64
}

// maxCleanText is the length in bytes of the longest text that is remembered.
const maxCleanText = 128

func (a *attribute) isClean(v pcommon.Value) bool {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return v.Str() == string(a.cleanText)
	case pcommon.ValueTypeInt:
		return v.Int() == a.cleanNumber
	default:
		return false
	}
}

func (a *attribute) setClean(v pcommon.Value) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		if text := v.Str(); len(text) <= maxCleanText {
			a.cleanText = append(a.cleanText[:0], text...)
		}
	case pcommon.ValueTypeInt:
		a.cleanNumber = v.Int()
	default:
	}
}

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
	// next is where to go on, if that is not the next byte.
	next int
	// keys are those of attributes, and textKeys those inside texts, which are
	// sensitive or not.
	keys     *names.Index[attribute]
	textKeys *names.Index[bool]
	words    []string
	// counts has the number of hits by rule.
	counts []int64
}

// scan collects what must be replaced in a text: spans in order, none of which
// overlap.
func (s *scanner) scan(text string) []span {
	s.text, s.hits = text, s.hits[:0]
	s.covered, s.pemEnd, s.noPEMEnd, s.next = 0, 0, len(text)+1, 0
	pairs := &s.anchors.pairs
	for i := 0; i+1 < len(text); i++ {
		pair := uint16(text[i])<<8 | uint16(text[i+1])
		if pairs[pair>>6]&(1<<(pair&63)) == 0 {
			continue
		}
		for _, a := range s.anchors.groups[s.anchors.group[pair]] {
			if !a.matches(text, i) {
				continue
			}
			if start, end, found := a.rule.find(s, i); found && start < end {
				s.hits = append(s.hits, span{start, end, a.rule})
			}
		}
		i = max(i, s.next-1)
		// What is found by digits begins with a whole number.
		for isDigit(text[i]) && i+1 < len(text) && isDigit(text[i+1]) {
			i++
		}
	}
	if len(s.hits) > 1 {
		s.hits = merge(s.hits)
	}
	return s.hits
}

// merge joins spans that overlap. The longest names the rule; of two that are
// equally long, the one that was found first.
func merge(hits []span) []span {
	slices.SortStableFunc(hits, func(a, b span) int { return a.start - b.start })
	merged := hits[:1]
	longest := hits[0].end - hits[0].start
	for _, hit := range hits[1:] {
		last := &merged[len(merged)-1]
		length := hit.end - hit.start
		if hit.start >= last.end {
			merged = append(merged, hit)
			longest = length
			continue
		}
		if length > longest {
			last.rule, longest = hit.rule, length
		}
		last.end = max(last.end, hit.end)
	}
	return merged
}

// redact returns the text with every hit replaced, and whether there was one.
func (s *scanner) redact(text string) (string, bool) {
	if len(text) < minSecret {
		return text, false
	}
	hits := s.scan(text)
	if len(hits) == 0 {
		return text, false
	}
	if len(hits)*maxReplacement > len(text)+maxReplacement {
		// So many short hits would let the text grow beyond what can be sent.
		hits[0].end = hits[len(hits)-1].end
		hits = hits[:1]
	}
	var out strings.Builder
	out.Grow(len(text))
	done := 0
	for _, hit := range hits {
		out.WriteString(text[done:hit.start])
		out.WriteString(s.replace(hit.rule, text[hit.start:hit.end]))
		done = hit.end
	}
	out.WriteString(text[done:])
	return out.String(), true
}

// maxReplacement is about the length in bytes of what replaces a hit.
const maxReplacement = 40

// minSecret is the length of the shortest text that may hold a secret: "pin=1".
const minSecret = 5

func isDigit(c byte) bool  { return c-'0' < 10 }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isAlnum(c byte) bool  { return isDigit(c) || isLetter(c) }
func isSpace(c byte) bool  { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// isBase64URL reports whether a byte is of the alphabet of RFC 4648, section 5.
func isBase64URL(c byte) bool { return isAlnum(c) || c == '-' || c == '_' }

// isBase64 reports whether a byte is of the alphabet of RFC 4648, section 4, with padding.
func isBase64(c byte) bool { return isAlnum(c) || c == '+' || c == '/' || c == '=' }
