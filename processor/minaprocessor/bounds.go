package minaprocessor

import (
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

// A resource, with which every record is sent, may have an eighth of max_record_size on
// top of it, and a scope as well.
const (
	sharedPart = 8
	minShared  = 32 << 10
)

// bounds cuts what is too long, and counts the records.
type bounds struct {
	most int
	cut  int64
}

func (b *bounds) record(record plog.LogRecord) {
	if truncate.Record(record, b.most) {
		b.cut++
	}
}

// shared cuts resources and scopes. A cut one counts once.
func (b *bounds) shared(logs plog.Logs) {
	most := max(b.most/sharedPart, minShared)
	for _, rl := range logs.ResourceLogs().All() {
		if truncate.Resource(rl, most) {
			b.cut++
		}
		for _, sl := range rl.ScopeLogs().All() {
			if truncate.Scope(sl, most) {
				b.cut++
			}
		}
	}
}
