package field

import (
	"iter"

	"go.opentelemetry.io/collector/pdata/plog"
)

// Source is a record with what it came in.
type Source struct {
	Resource plog.ResourceLogs
	Scope    plog.ScopeLogs
	Record   plog.LogRecord
}

// All goes through records.
func All(logs plog.Logs) iter.Seq[Source] {
	return func(yield func(Source) bool) {
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					if !yield(Source{resource, scope, record}) {
						return
					}
				}
			}
		}
	}
}

// First returns the first record of some. ok is false when there is none.
func First(logs plog.Logs) (s Source, ok bool) {
	for s := range All(logs) {
		return s, true
	}
	return Source{}, false
}
