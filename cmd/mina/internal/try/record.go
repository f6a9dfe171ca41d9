package try

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/otlp"
)

// field is a part of a record, by where it is: body, service.name.
type field struct{ name, value string }

// record is a log record, with its resource and scope.
type record struct {
	observed string
	fields   []field
	// original and offset are what it was read from, and where that began.
	original string
	offset   int64
	// redacted has what a processor has redacted, as it reports that: body sensitive_key.
	redacted []string
}

// parseRecords reads a line of OTLP JSON. report is the attribute that says what was
// redacted; it and what the receiver was asked to add are taken out of the fields.
func parseRecords(line []byte, report string, keep map[string]bool) ([]*record, error) {
	var batch otlp.Logs
	if err := json.Unmarshal(line, &batch); err != nil {
		return nil, err
	}
	var records []*record
	for _, rl := range batch.ResourceLogs {
		for _, sl := range rl.ScopeLogs {
			for i := range sl.LogRecords {
				b := builder{record: &record{observed: sl.LogRecords[i].ObservedTimeUnixNano, offset: -1}, report: report, keep: keep}
				b.own(&sl.LogRecords[i])
				b.add("scope", sl.Scope.Name)
				b.add("scope.version", sl.Scope.Version)
				b.attributes("", sl.LogRecords[i].Attributes)
				b.attributes("scope.", sl.Scope.Attributes)
				b.attributes("resource.", rl.Resource.Attributes)
				records = append(records, b.record)
			}
		}
	}
	return records, nil
}

// builder collects the fields of a record.
type builder struct {
	record *record
	report string
	keep   map[string]bool
}

func (b *builder) add(name, value string) {
	if value != "" {
		b.record.fields = append(b.record.fields, field{name, value})
	}
}

// own adds what is no attribute.
func (b *builder) own(r *otlp.LogRecord) {
	if nanos, err := strconv.ParseInt(r.TimeUnixNano, 10, 64); err == nil && nanos > 0 {
		b.add("time", time.Unix(0, nanos).UTC().Format(time.RFC3339Nano))
	}
	severity := r.SeverityText
	if r.SeverityNumber > 0 {
		severity = strings.TrimSpace(severity + " (" + strconv.Itoa(r.SeverityNumber) + ")")
	}
	b.add("severity", severity)
	b.add("event_name", r.EventName)
	if r.Body != (otlp.Value{}) {
		b.value("body", r.Body)
	}
	b.add("trace_id", r.TraceID)
	b.add("span_id", r.SpanID)
}

func (b *builder) attributes(prefix string, attributes []otlp.KeyValue) {
	for _, attribute := range attributes {
		switch {
		case attribute.Key == b.report:
			b.redactions(attribute.Value)
		case prefix == "" && attribute.Key == originalAttribute && attribute.Value.StringValue != nil:
			b.record.original = *attribute.Value.StringValue
		case prefix == "" && attribute.Key == uidAttribute:
			b.record.offset = offsetOf(attribute.Value.Text())
		}
		if !b.added(attribute.Key) || b.keep[attribute.Key] {
			b.value(prefix+attribute.Key, attribute.Value)
		}
	}
}

// added reports whether an attribute is there because something is tried.
func (b *builder) added(key string) bool {
	return key == b.report || key == originalAttribute || key == uidAttribute
}

func (b *builder) redactions(list otlp.Value) {
	if list.ArrayValue != nil {
		for _, entry := range list.ArrayValue.Values {
			b.record.redacted = append(b.record.redacted, entry.Text())
		}
	}
}

// value adds a value, and what is in a map under names of its own.
func (b *builder) value(name string, v otlp.Value) {
	if v.KvlistValue != nil && len(v.KvlistValue.Values) > 0 {
		for _, inner := range v.KvlistValue.Values {
			b.value(name+"."+inner.Key, inner.Value)
		}
		return
	}
	b.add(name, v.Text())
}

// offsetOf returns where in the input the record with a log.record.uid begins.
func offsetOf(uid string) int64 {
	const digits = 12
	if len(uid) >= digits {
		if offset, err := strconv.ParseInt(uid[:digits], 16, 64); err == nil {
			return offset
		}
	}
	return -1
}
