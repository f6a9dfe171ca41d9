package truncate

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

const (
	// overhead is no less than what OTLP adds to a value: tags and lengths of the
	// entry, its key, the value and what is in it, or a number.
	overhead = 32
	// markBound is no less than the mark of what was cut.
	markBound = overhead + len(minaattr.Truncated) + longestMark
	// fixed is no less than the times, ids, flags and the mark of a record.
	fixed = 192 + markBound
)

// recordBound returns no less than the length of a record in OTLP. It is what every
// record is asked, and costs a fraction of its true size.
func recordBound(record plog.LogRecord) int {
	return fixed + len(record.SeverityText()) + len(record.EventName()) + valueBound(record.Body()) + mapBound(record.Attributes())
}

func mapBound(values pcommon.Map) int {
	n := overhead * (1 + values.Len())
	for key, value := range values.All() {
		n += len(key)
		if text := value.Str(); text != "" { // most are texts
			n += len(text)
			continue
		}
		switch value.Type() {
		case pcommon.ValueTypeMap, pcommon.ValueTypeSlice, pcommon.ValueTypeBytes:
			n += valueBound(value)
		default:
		}
	}
	return n
}

func valueBound(value pcommon.Value) int {
	switch value.Type() {
	case pcommon.ValueTypeStr:
		return overhead + len(value.Str())
	case pcommon.ValueTypeBytes:
		return overhead + value.Bytes().Len()
	case pcommon.ValueTypeMap:
		return overhead + mapBound(value.Map())
	case pcommon.ValueTypeSlice:
		n := overhead
		for _, inner := range value.Slice().All() {
			n += valueBound(inner)
		}
		return n
	default:
		return overhead
	}
}
