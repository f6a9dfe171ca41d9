package redaction

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// maxReported is how many different hits a record's report names.
const maxReported = 32

// report collects which rules have hit where in a record.
type report struct {
	// path are the keys that lead to the value that is looked at.
	path    []string
	entries []string
}

// add notes a hit, as "attributes.user.password sensitive_key". An operator such as
// a colon in it would make a second pass take it for a value.
func (r *report) add(place Location, rule string) {
	if len(r.entries) == maxReported {
		return
	}
	var entry strings.Builder
	entry.WriteString(place.String())
	if place == Attributes || place == Resource || place == Scope || place == Body {
		for _, key := range r.path {
			entry.WriteString("." + key)
		}
	}
	entry.WriteString(" " + rule)
	if text := entry.String(); !slices.Contains(r.entries, text) {
		r.entries = append(r.entries, text)
	}
}

// enter and leave say under which key the values are that follow. A key that shows
// something is not named.
func (s *Session) enter(key string, hasHit bool) {
	if s.r.report == "" {
		return
	}
	if hasHit {
		key = "*"
	}
	s.report.path = append(s.report.path, key)
}

func (s *Session) leave() {
	if s.r.report != "" {
		s.report.path = s.report.path[:len(s.report.path)-1]
	}
}

// writeReport puts the report on what had hits, and begins a new one.
func (s *Session) writeReport(attributes pcommon.Map) {
	if len(s.report.entries) == 0 {
		return
	}
	list := attributes.PutEmptySlice(s.r.report)
	for _, entry := range s.report.entries {
		list.AppendEmpty().SetStr(entry)
	}
	s.report.entries = s.report.entries[:0]
}
