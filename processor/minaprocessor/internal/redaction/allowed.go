package redaction

import "regexp"

// allowed are the hits that stay.
type allowed struct {
	values   map[string]bool
	patterns []*regexp.Regexp
}

// newAllowed compiles lists of values and patterns, or returns nil for none.
func newAllowed(values, patterns []string) *allowed {
	if len(values) == 0 && len(patterns) == 0 {
		return nil
	}
	a := &allowed{values: map[string]bool{}}
	for _, value := range values {
		a.values[value] = true
	}
	for _, pattern := range patterns {
		a.patterns = append(a.patterns, regexp.MustCompile(`\A(?:`+pattern+`)\z`))
	}
	return a
}

func (a *allowed) has(value string) bool {
	if a == nil {
		return false
	}
	if a.values[value] {
		return true
	}
	for _, pattern := range a.patterns {
		if pattern.MatchString(value) {
			return true
		}
	}
	return false
}
