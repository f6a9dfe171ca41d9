package destination

import "go.opentelemetry.io/collector/pdata/plog"

// Span returns a copy of the records from..to, each with its resource and scope.
func Span(logs plog.Logs, from, to int) plog.Logs {
	part, n := plog.NewLogs(), 0
	for _, rl := range logs.ResourceLogs().All() {
		resource := plog.NewResourceLogs()
		for _, sl := range rl.ScopeLogs().All() {
			scope := plog.NewScopeLogs()
			for _, record := range sl.LogRecords().All() {
				if from <= n && n < to {
					record.CopyTo(scope.LogRecords().AppendEmpty())
				}
				n++
			}
			if scope.LogRecords().Len() > 0 {
				sl.Scope().CopyTo(scope.Scope())
				scope.SetSchemaUrl(sl.SchemaUrl())
				scope.MoveTo(resource.ScopeLogs().AppendEmpty())
			}
		}
		if resource.ScopeLogs().Len() > 0 {
			rl.Resource().CopyTo(resource.Resource())
			resource.SetSchemaUrl(rl.SchemaUrl())
			resource.MoveTo(part.ResourceLogs().AppendEmpty())
		}
	}
	return part
}
