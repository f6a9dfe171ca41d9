package field

import "go.opentelemetry.io/collector/pdata/plog"

// Source is a record with what it came in.
type Source struct {
	Resource plog.ResourceLogs
	Scope    plog.ScopeLogs
	Record   plog.LogRecord
}

// First returns the first record of some. ok is false when there is none.
func First(logs plog.Logs) (s Source, ok bool) {
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				return Source{resource, scope, record}, true
			}
		}
	}
	return Source{}, false
}
