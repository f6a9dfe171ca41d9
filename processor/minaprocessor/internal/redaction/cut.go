package redaction

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// WithoutCut removes from a record what the receiver has said of the other sides of
// its cuts.
func WithoutCut(record plog.LogRecord) { record.Attributes().Remove(minaattr.Cut) }

// cutBody redacts the body of a record that is a piece of a longer text: it is looked
// at together with what stands before and behind it. It reports whether it is one.
func (s *Session) cutBody(record plog.LogRecord) bool {
	sides, isCut := record.Attributes().Get(minaattr.Cut)
	if !isCut || sides.Type() != pcommon.ValueTypeMap || record.Body().Type() != pcommon.ValueTypeStr {
		return false
	}
	before, _ := textIn(sides.Map(), minaattr.CutBefore)
	after, goesOn := textIn(sides.Map(), minaattr.CutAfter)
	body := record.Body().Str()
	WithoutCut(record)
	s.window = &window{start: len(before), end: len(before) + len(body), open: goesOn && after == ""}
	defer func() { s.window = nil }()
	whole := before + body + after
	for range maxPasses {
		redacted, result := s.redactText(whole, nil)
		if result < replaced || redacted == whole {
			break
		}
		whole, s.again = redacted, true
	}
	s.again = false
	record.Body().SetStr(whole[s.window.start:s.window.end])
	return true
}

func textIn(m pcommon.Map, key string) (value string, found bool) {
	v, found := m.Get(key)
	if !found || v.Type() != pcommon.ValueTypeStr {
		return "", false
	}
	return v.Str(), true
}

// window is a part of a text, and where it is when hits have been replaced.
type window struct {
	start, end int
	// open says that the text may go on behind the window.
	open bool
	// shift is by how much what follows the last hit has moved, and newStart and
	// newEnd are set where a hit lies across an edge.
	shift                int
	newStart, newEnd     int
	startFound, endFound bool
}

// follow sees a hit replaced. One that lies across an edge is in the window, so that
// both sides show that there was something.
func (w *window) follow(hit text.Hit, start, end int) {
	if w == nil {
		return
	}
	if !w.startFound && hit.End > w.start {
		w.newStart, w.startFound = min(w.start+w.shift, start), true
	}
	if !w.endFound && hit.End >= w.end {
		w.newEnd, w.endFound = w.end+w.shift, true
		if hit.Start < w.end {
			w.newEnd = end
		}
	}
	w.shift = end - hit.End
}

// move ends a pass.
func (w *window) move() {
	if w == nil {
		return
	}
	if !w.startFound {
		w.newStart = w.start + w.shift
	}
	if !w.endFound {
		w.newEnd = w.end + w.shift
	}
	*w = window{start: w.newStart, end: w.newEnd, open: w.open}
}

// openEnd returns where in a text the end begins that may be a part of anything: the
// last word, unless it is one of a language, and groups of digits and letters such as
// those of a card.
func openEnd(in string) int {
	start := wordStart(in, len(in))
	if word := in[start:]; word == "" || isGroup(word) {
		if groups := groupsStart(in, start); groups < start {
			return groups
		}
	}
	if saysLittle(in[start:]) {
		return len(in)
	}
	return start
}

// groupsStart returns where the groups of digits and letters begin that are in front
// of a word.
func groupsStart(in string, word int) int {
	const maxGroups = 48
	start := word
	for start > 0 && word-start < maxGroups {
		before := wordStart(in, start-1)
		if !isGroup(in[before : start-1]) {
			break
		}
		start = before
	}
	if !strings.ContainsAny(in[start:word], "0123456789") {
		return word
	}
	return start
}

// isGroup reports whether a word may be a group of a number such as that of a card.
func isGroup(word string) bool {
	const maxGroup = 6
	for i := range len(word) {
		if !text.IsDigit(word[i]) && !text.IsUpper(word[i]) {
			return false
		}
	}
	return word != "" && len(word) <= maxGroup
}

// hideOpenEnd adds the open end of a text to the hits, once.
func (s *Session) hideOpenEnd(hits []text.Hit, in string) []text.Hit {
	s.window.open = false
	start := openEnd(in)
	if start == len(in) {
		return hits
	}
	behind := slices.IndexFunc(hits, func(hit text.Hit) bool { return hit.Start >= start })
	if behind < 0 {
		behind = len(hits)
	}
	return slices.Insert(hits, behind, text.Hit{Start: start, End: len(in), Rule: s.r.cutOff})
}

// wordStart returns where the word begins that ends at a place.
func wordStart(in string, end int) int {
	return strings.LastIndexAny(in[:end], " \t\r\n\"'") + 1
}

// saysLittle reports whether a word is too short to be a part of a secret, or one of a
// language: small letters, and what stands around words.
func saysLittle(word string) bool {
	const maxWord = 20
	if len(word) < 4 {
		return true
	}
	word = strings.Trim(word, ".,:;!?()[]{}=")
	for i := range len(word) {
		if !text.IsLower(word[i]) && (i > 0 || !text.IsUpper(word[i])) {
			return false
		}
	}
	return len(word) <= maxWord
}
