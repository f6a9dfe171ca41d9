package transition

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

// Label is a name and a value.
type Label struct{ Name, Value string }

// Moment is when an alert begins, and what is known of it then.
type Moment struct {
	Fingerprint uint64
	At          time.Time
	// Value is what was counted: records, records in a row, different values, or seconds
	// without a record.
	Value float64
	// Group are the values of the group, in the order of group_by.
	Group []Label
	// First and Last are the times of the first and the last record that count.
	First, Last time.Time
	// Example is the last of them, if there is one. It is copied.
	Example *field.Source
}

const (
	firing   = "FIRING"
	resolved = "RESOLVED"
)

// Firing returns the record of an alert that begins.
func (w *Writer) Firing(m Moment) plog.Logs {
	if m.Example != nil {
		m.Example = Keep(m.Example)
	}
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	scope := resource.ScopeLogs().AppendEmpty()
	scope.Scope().SetName(metadata.ScopeName)
	record := scope.LogRecords().AppendEmpty()
	record.SetEventName(minaattr.EventAlert)
	record.SetTimestamp(pcommon.NewTimestampFromTime(m.At))
	record.SetObservedTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	record.SetSeverityNumber(w.severity.number)
	record.SetSeverityText(w.severity.text)

	attributes := record.Attributes()
	attributes.PutStr(minaattr.AlertName, w.rule)
	attributes.PutStr(minaattr.AlertState, minaattr.AlertFiring)
	attributes.PutStr(minaattr.AlertFingerprint, fingerprintText(m.Fingerprint))
	attributes.PutStr(minaattr.AlertStartsAt, timeText(m.At))
	attributes.PutDouble(minaattr.AlertValue, m.Value)
	w.putLabels(attributes, m)
	said := w.phrase(m.Value)
	for _, annotation := range w.annotations {
		written := w.write(annotation, m)
		if annotation.name == summary && written != "" {
			said = written
		}
		attributes.PutStr(minaattr.AlertAnnotations+annotation.name, written)
	}
	if search := w.search.of(m.Group); search != "" {
		attributes.PutStr(minaattr.AlertSearch, search)
	}
	if m.Example != nil {
		m.Example.Resource.Resource().CopyTo(resource.Resource())
		resource.SetSchemaUrl(m.Example.Resource.SchemaUrl())
		putExample(attributes.PutEmptyMap(minaattr.AlertExample), m.Example)
	}
	record.Body().SetStr(w.line(m.Group, said))
	return logs
}

// putLabels puts those of the collector, which give way to the rule's, and of the group.
func (w *Writer) putLabels(attributes pcommon.Map, m Moment) {
	labels := maps.Clone(w.external)
	if labels == nil {
		labels = map[string]string{}
	}
	for _, label := range w.labels {
		labels[label.name] = w.write(label, m)
	}
	labels[severityLabel] = w.severityName
	for _, label := range m.Group {
		labels[label.Name] = label.Value
	}
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		if labels[name] != "" { // which is the same as none
			attributes.PutStr(minaattr.AlertLabels+name, labels[name])
		}
	}
}

// line returns the record's body.
func (w *Writer) line(group []Label, said string) string {
	who := w.rule
	if text := groupText(group); text != "" {
		who += " (" + text + ")"
	}
	line := strings.Map(blankControl, firing+" "+who+": "+said)
	return truncate.Text(strings.Join(strings.Fields(line), " "), longestText)
}

// blankControl keeps a terminal that shows the line as it is.
func blankControl(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

// Resolved returns the record of an alert that ends, from that of its beginning.
func Resolved(begun plog.Logs, at time.Time, value float64) plog.Logs {
	logs := plog.NewLogs()
	begun.CopyTo(logs)
	s, ok := field.First(logs)
	if !ok {
		return logs
	}
	record, attributes := s.Record, s.Record.Attributes()
	if record.Timestamp().AsTime().After(at) { // by a clock that has been set back since
		attributes.PutStr(minaattr.AlertStartsAt, timeText(at))
	}
	record.SetTimestamp(pcommon.NewTimestampFromTime(at))
	record.SetObservedTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	record.SetSeverityNumber(severities["info"].number)
	record.SetSeverityText(severities["info"].text)
	attributes.PutStr(minaattr.AlertState, minaattr.AlertResolved)
	attributes.PutStr(minaattr.AlertEndsAt, timeText(at))
	attributes.PutDouble(minaattr.AlertValue, value)
	line := resolved + strings.TrimPrefix(record.Body().Str(), firing)
	record.Body().SetStr(truncate.Text(line, longestText))
	return logs
}

// fingerprintText writes a fingerprint as 16 hexadecimal digits. Where the last 14 are
// decimal, as those of a card or a Belgian bank account may be, the last becomes a letter,
// or redaction would take it for one.
func fingerprintText(fingerprint uint64) string {
	text := []byte(fmt.Sprintf("%016x", fingerprint))
	if strings.Trim(string(text[2:]), "0123456789") == "" {
		last := &text[len(text)-1]
		*last = 'a' + (*last-'0')%6
	}
	return string(text)
}

func timeText(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }
