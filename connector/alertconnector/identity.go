package alertconnector

import (
	"github.com/cespare/xxhash/v2"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatautil"
	conventions "go.opentelemetry.io/otel/semconv/v1.40.0"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
)

// identifier tells records apart. It is of one batch.
type identifier struct {
	// equal is how many records of the batch have had the same content.
	equal map[uint64]uint64
}

// uid is the attribute that says so itself.
const uid = string(conventions.LogRecordUIDKey)

// of returns the identity of a record, by which it is known when it comes again: what it
// says itself, or what is in it, and which it is of those in its batch that are equal.
func (i *identifier) of(source field.Source) uint64 {
	if id, ok := source.Record.Attributes().Get(uid); ok {
		return xxhash.Sum64String(id.AsString())
	}
	content := contentOf(source)
	if i.equal == nil {
		i.equal = map[uint64]uint64{}
	}
	before := i.equal[content]
	i.equal[content]++
	return content + before*0x9e3779b97f4a7c15 // which keeps the sums apart
}

// contentOf returns a hash of a record's content. Without a time of its own, when it was
// read is what tells it from others.
func contentOf(source field.Source) uint64 {
	digest := xxhash.New()
	sums := [...][16]byte{
		pdatautil.MapHash(source.Resource.Resource().Attributes()),
		pdatautil.MapHash(source.Record.Attributes()),
		pdatautil.ValueHash(source.Record.Body()),
	}
	for i := range sums {
		_, _ = digest.Write(sums[i][:])
	}
	at := source.Record.Timestamp()
	if at == 0 {
		at = source.Record.ObservedTimestamp()
	}
	trace, span := source.Record.TraceID(), source.Record.SpanID()
	_, _ = digest.Write(trace[:])
	_, _ = digest.Write(span[:])
	_, _ = digest.WriteString(source.Scope.Scope().Name())
	return digest.Sum64() ^ uint64(at)*0x9e3779b97f4a7c15 ^ uint64(source.Record.SeverityNumber())
}
