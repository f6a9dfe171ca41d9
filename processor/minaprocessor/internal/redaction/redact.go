package redaction

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

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
func (s *Session) redact(text string, context []int) (string, outcome) {
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

func (s *Session) redactOnce(text string, context []int) (string, outcome) {
	if len(text) < minSecret && len(context) == 0 && len(s.r.config.CustomRules) == 0 {
		return text, unchanged
	}
	if isJSON(text) {
		if redacted, result, ok := s.redactJSON(text); ok {
			return redacted, result
		}
	}
	return s.redactText(text, context)
}

func (s *Session) redactText(in string, context []int) (string, outcome) {
	rules := s.r.inTexts
	if s.onlyCustom {
		rules = s.r.custom
	}
	hits := s.scanner.Scan(rules, in, context)
	if s.window != nil && s.window.open {
		hits = s.hideOpenEnd(hits, in)
	}
	if len(hits) == 0 {
		return in, unchanged
	}
	hits = text.Merge(s.countOnly(hits))
	if len(hits) == 0 {
		return in, counted
	}
	if len(hits)*maxReplacement > maxGrowth*len(in)+1024 {
		// So many short hits would let the text grow beyond what can be sent.
		hits[0].End = hits[len(hits)-1].End
		hits = hits[:1]
	}
	return s.replace(in, hits)
}

// replace puts placeholders where the hits are.
func (s *Session) replace(in string, hits []text.Hit) (string, outcome) {
	result := replaced
	var out strings.Builder
	out.Grow(len(in))
	done := 0
	for _, hit := range hits {
		r := s.r.list[hit.Rule]
		s.count(r)
		if r.action == Drop {
			result = removed
		}
		out.WriteString(in[done:hit.Start])
		start := out.Len()
		out.WriteString(s.r.replacement(r, in[hit.Start:hit.End]))
		done = hit.End
		s.window.follow(hit, start, out.Len())
	}
	out.WriteString(in[done:])
	s.window.move()
	return out.String(), result
}

// countOnly counts the hits that change nothing, and returns the others.
func (s *Session) countOnly(hits []text.Hit) []text.Hit {
	changing := hits[:0]
	for _, hit := range hits {
		if r := s.r.list[hit.Rule]; r.action != Audit {
			changing = append(changing, hit)
		} else {
			s.countOnce(r)
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
