package semconv

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

// frame names the call in which the application failed, where a record has a traceback of
// Python's.
func (w *walk) frame(attributes pcommon.Map) {
	m := w.mapper
	if !w.isTaken(m.stacktrace) || w.isTaken(m.frame) {
		return
	}
	text, ok := attributes.Get(string(semconv.ExceptionStacktraceKey))
	if !ok || text.Type() != pcommon.ValueTypeStr {
		return
	}
	if name := pytrace.Innermost([]byte(text.Str())); name != "" {
		attributes.PutStr(minaattr.ExceptionFrame, name)
	}
}
