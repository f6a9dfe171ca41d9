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

// putExample writes a record down in short.
func putExample(example pcommon.Map, of *field.Source) {
	record := plog.NewLogRecord()
	of.Record.Attributes().CopyTo(record.Attributes())
	record.SetSeverityText(of.Record.SeverityText())
	record.Body().SetStr(of.Record.Body().AsString())
	truncate.Record(record, longestExample)

	example.PutStr("timestamp", timeText(timeOf(of.Record)))
	example.PutStr("severity_text", record.SeverityText())
	example.PutStr("body", record.Body().Str())
	example.PutStr("scope.name", truncate.Text(of.Scope.Scope().Name(), longestScope))
	record.Attributes().MoveTo(example.PutEmptyMap("attributes"))
}

// copyResource makes a transition one of the process that the example is of.
func copyResource(from, to plog.ResourceLogs) {
	from.Resource().CopyTo(to.Resource())
	to.SetSchemaUrl(from.SchemaUrl())
	truncate.Resource(to, longestResource)
}
