package destination

import (
	"errors"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Span returns a copy of the records from..to, each with its resource and scope.
func Span(logs plog.Logs, from, to int) plog.Logs {
	return where(logs, func(n int, _ place) bool { return from <= n && n < to })
}

// place is a record with what it belongs to.
type place struct {
	resource pcommon.Resource
	scope    pcommon.InstrumentationScope
	record   plog.LogRecord
}

// where returns a copy of the records that are chosen, by what they are or by their
// number, each with its resource and scope.
func where(logs plog.Logs, chosen func(n int, p place) bool) plog.Logs {
	part, n := plog.NewLogs(), 0
	for _, rl := range logs.ResourceLogs().All() {
		resource := plog.NewResourceLogs()
		for _, sl := range rl.ScopeLogs().All() {
			scope := plog.NewScopeLogs()
			for _, record := range sl.LogRecords().All() {
				if chosen(n, place{rl.Resource(), sl.Scope(), record}) {
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

// Holding returns an error that holds the records that are left: those that it holds
// already, or else all of a request, and others that follow.
func Holding(err error, request plog.Logs, following ...plog.Logs) error {
	held := consumererror.Logs{}
	switch holds := errors.As(err, &held); {
	case err == nil || holds && len(following) == 0:
		return err
	case len(following) == 0:
		return consumererror.NewLogs(err, request)
	case holds:
		request = held.Data()
	}
	left := plog.NewLogs()
	for _, logs := range append([]plog.Logs{request}, following...) {
		appendTo(left, logs)
	}
	return consumererror.NewLogs(err, left)
}
