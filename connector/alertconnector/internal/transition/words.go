package transition

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"
	"unicode"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

// lastingWords are what a template can say of an alert as long as it lasts.
type lastingWords struct {
	Name, Severity string
	Threshold      number
	Window         span
	Group          string
}

// words are what it can say of the moment at which it begins.
type words struct {
	lastingWords
	Value       number
	First, Last instant
	Example     exampleWords
}

type exampleWords struct {
	Body, Severity, Scope string
	Time                  instant
}

// words returns what a text can say of a moment.
func (w *Writer) words(t text, m Moment) any {
	lasting := lastingWords{
		Name: w.rule, Severity: w.severityName, Threshold: number(w.facts.Threshold), Window: span(w.facts.Window), Group: groupText(m.Group),
	}
	if t.lasting {
		return lasting
	}
	all := words{lastingWords: lasting, Value: number(m.Value), First: instant{m.First}, Last: instant{m.Last}}
	if m.Example != nil {
		all.Example = exampleWords{
			Body:     m.Example.Record.Body().AsString(),
			Severity: m.Example.Record.SeverityText(),
			Scope:    m.Example.Scope.Scope().Name(),
			Time:     instant{timeOf(m.Example.Record)},
		}
	}
	return all
}

// functions returns what a text can ask. Those that Go's templates have of their own are
// given anew where they could make much of little.
func (w *Writer) functions(t text, m Moment) template.FuncMap {
	functions := template.FuncMap{
		"group":    func(name string) (string, error) { return w.groupValue(name, m.Group) },
		"print":    short(fmt.Sprint),
		"println":  short(fmt.Sprintln),
		"html":     short(template.HTMLEscaper),
		"js":       short(template.JSEscaper),
		"urlquery": short(template.URLQueryEscaper),
		"printf":   printf,
	}
	if !t.lasting {
		functions["example"] = func(name string) string { return exampleValue(name, m.Example) }
	}
	return functions
}

func (w *Writer) groupValue(name string, group []Label) (string, error) {
	if err := knownGroup(name, w.facts.GroupBy); err != nil {
		return "", err
	}
	for _, label := range group {
		if label.Name == name {
			return label.Value, nil
		}
	}
	return "", nil
}

func knownGroup(name string, groupBy []string) error {
	if slices.Contains(groupBy, name) {
		return nil
	}
	return fmt.Errorf("group %q: group_by has [%s]", name, strings.Join(groupBy, ", "))
}

func exampleValue(name string, example *field.Source) string {
	if example == nil {
		return ""
	}
	value, _ := field.Parse(name).Of(*example)
	return value
}

// short bounds what a function makes of its arguments.
func short(function func(...any) string) func(...any) string {
	return func(arguments ...any) string { return truncate.Text(function(arguments...), longestText) }
}

// wide is a width or a precision that makes a text longer than any may be.
var wide = regexp.MustCompile(`\d{4,}|\*`)

func printf(format string, arguments ...any) (string, error) {
	if wide.MatchString(format) {
		return "", fmt.Errorf("printf %q: widths and precisions may have 3 digits at most", format)
	}
	return truncate.Text(fmt.Sprintf(format, arguments...), longestText), nil
}

// groupText returns for people the values that a group has.
func groupText(group []Label) string {
	parts := make([]string, 0, len(group))
	for _, label := range group {
		value := label.Value
		if value == "" {
			continue
		}
		if strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsPrint(r) }) {
			value = strconv.Quote(value)
		}
		parts = append(parts, label.Name+"="+value)
	}
	return strings.Join(parts, ", ")
}

// number is written without a fraction if it has none, and never with an exponent.
type number float64

func (n number) String() string { return strconv.FormatFloat(float64(n), 'f', -1, 64) }

// span is written without the units of which there are none: 1m, not 1m0s.
type span time.Duration

func (s span) String() string {
	written := time.Duration(s).String()
	if short, ok := strings.CutSuffix(written, "m0s"); ok {
		written = short + "m"
	}
	if short, ok := strings.CutSuffix(written, "h0m"); ok {
		written = short + "h"
	}
	return written
}

// instant is written in RFC 3339, or as never.
type instant struct{ at time.Time }

func (i instant) String() string {
	if i.at.Unix() <= 0 {
		return "never"
	}
	return i.at.UTC().Format(time.RFC3339)
}

// longestLayout keeps what Format writes short.
const longestLayout = 64

// Format writes the instant in UTC by a layout of Go's package time.
func (i instant) Format(layout string) (string, error) {
	if len(layout) > longestLayout {
		return "", fmt.Errorf("a layout may have %d characters at most (got %d)", longestLayout, len(layout))
	}
	return i.at.UTC().Format(layout), nil
}

// phrase says what was counted.
func (w *Writer) phrase(value float64) string {
	switch w.facts.Kind {
	case "consecutive":
		return number(value).String() + " in a row"
	case "distinct":
		return fmt.Sprintf("%s different %s in %s", number(value), w.facts.Attribute, span(w.facts.Window))
	case "absence":
		return "none for " + span(time.Duration(value*float64(time.Second)).Round(time.Second)).String()
	default:
		return fmt.Sprintf("%s in %s", number(value), span(w.facts.Window))
	}
}

// sampleRecord returns a record to try templates on.
func sampleRecord() *field.Source {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	scope := resource.ScopeLogs().AppendEmpty()
	scope.Scope().SetName("example")
	record := scope.LogRecords().AppendEmpty()
	record.SetTimestamp(pcommon.NewTimestampFromTime(time.Unix(1_700_000_000, 0)))
	record.SetSeverityText("INFO")
	record.Body().SetStr("example of a record")
	return &field.Source{Resource: resource, Scope: scope, Record: record}
}

// timeOf returns when a record happened.
func timeOf(record plog.LogRecord) time.Time {
	if record.Timestamp() != 0 {
		return record.Timestamp().AsTime()
	}
	return record.ObservedTimestamp().AsTime()
}
