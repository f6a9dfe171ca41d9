package destination

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// The reasons of dead letters: an answer, or what the destination is known to take.
const (
	refused = "refused"
	tooLong = "too_long"
	tooOld  = "too_old"
	tooNew  = "too_new"
)

// Cause is why records are dead letters.
type Cause struct {
	// Reason says it in a word, such as refused or too_old.
	Reason string
	// Status is the HTTP status of the answer, if there was one, and Answer its text,
	// without secrets.
	Status int
	Answer string
}

// letterTime is RFC 3339, to the millisecond.
const letterTime = "2006-01-02T15:04:05.000Z07:00"

// inscription is what is written on letters.
type inscription struct {
	cause    Cause
	time     time.Time
	exporter string
}

// on replaces what is written on a record.
func (i inscription) on(attributes pcommon.Map) {
	attributes.RemoveIf(func(name string, _ pcommon.Value) bool { return strings.HasPrefix(name, minaattr.DeadLetter) })
	attributes.PutStr(minaattr.DeadLetterReason, i.cause.Reason)
	if i.cause.Status != 0 {
		attributes.PutInt(minaattr.DeadLetterStatus, int64(i.cause.Status))
	}
	if i.cause.Answer != "" {
		attributes.PutStr(minaattr.DeadLetterAnswer, i.cause.Answer)
	}
	attributes.PutStr(minaattr.DeadLetterTime, i.time.UTC().Format(letterTime))
	attributes.PutStr(minaattr.DeadLetterExporter, i.exporter)
}

// encode returns records as lines of OTLP JSON, each with its resource and scope.
func (i inscription) encode(records plog.Logs) (lines []byte, err error) {
	i.cause.Answer = secrets{}.scrub(i.cause.Answer)
	letter := plog.NewLogs()
	ownResource := letter.ResourceLogs().AppendEmpty()
	ownScope := ownResource.ScopeLogs().AppendEmpty()
	own := ownScope.LogRecords().AppendEmpty()
	for _, rl := range records.ResourceLogs().All() {
		rl.Resource().CopyTo(ownResource.Resource())
		ownResource.SetSchemaUrl(rl.SchemaUrl())
		for _, sl := range rl.ScopeLogs().All() {
			sl.Scope().CopyTo(ownScope.Scope())
			ownScope.SetSchemaUrl(sl.SchemaUrl())
			for _, record := range sl.LogRecords().All() {
				record.CopyTo(own)
				i.on(own.Attributes())
				line, err := (&plog.JSONMarshaler{}).MarshalLogs(letter)
				if err != nil {
					return nil, err
				}
				lines = append(append(lines, line...), '\n')
			}
		}
	}
	return lines, nil
}
