package transition

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

const (
	// longestExample is how long the record in an example may be, so that the whole of it
	// has 4 KiB at most.
	longestExample = 3584
	// longestScope is how long the name of its scope may be.
	longestScope = 256
	// longestResource bounds the resource of a transition, which truncate leaves about
	// half of it.
	longestResource = 16 << 10
)

// Keep returns a short copy of a record, which outlives its batch. Its body is text.
func Keep(of *field.Source) *field.Source {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	of.Resource.Resource().CopyTo(resource.Resource())
	resource.SetSchemaUrl(of.Resource.SchemaUrl())
	truncate.Resource(resource, longestResource)

	scope := resource.ScopeLogs().AppendEmpty()
	scope.Scope().SetName(truncate.Text(of.Scope.Scope().Name(), longestScope))

	record := scope.LogRecords().AppendEmpty()
	record.SetTimestamp(of.Record.Timestamp())
	record.SetObservedTimestamp(of.Record.ObservedTimestamp())
	record.SetSeverityText(of.Record.SeverityText())
	record.Body().SetStr(of.Record.Body().AsString())
	of.Record.Attributes().CopyTo(record.Attributes())
	truncate.Record(record, longestExample)
	return &field.Source{Resource: resource, Scope: scope, Record: record}
}

// putExample writes a short record down.
func putExample(example pcommon.Map, of *field.Source) {
	example.PutStr("timestamp", timeText(timeOf(of.Record)))
	example.PutStr("severity_text", of.Record.SeverityText())
	example.PutStr("body", of.Record.Body().Str())
	example.PutStr("scope.name", of.Scope.Scope().Name())
	of.Record.Attributes().CopyTo(example.PutEmptyMap("attributes"))
}
