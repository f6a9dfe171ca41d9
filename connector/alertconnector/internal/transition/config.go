package transition

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
)

// Config is what a rule says of its alerts. Labels, Annotations and RunbookURL are
// templates in Go's text/template, with
//
//	{{ .Name }} {{ .Severity }} {{ .Threshold }} {{ .Window }}  of the rule
//	{{ .Group }} {{ group "client.address" }}                   the group, and one value of it
//
// and, but for labels, which may not change while an alert lasts, with
//
//	{{ .Value }} {{ .First }} {{ .Last }}                       what was counted, and since when
//	{{ .Example.Body }} {{ .Example.Severity }} {{ .Example.Scope }} {{ .Example.Time }}
//	{{ example "processing_time_ms" }}                          the last record that matched
type Config struct {
	// Severity is how urgent an alert is: critical, error, warning or info. It becomes a
	// label and the severity of the record. Default: warning.
	Severity string `mapstructure:"severity"`
	// Labels are what alerts are routed by, beside the rule's name, its severity and the
	// values of the group. Default: none.
	Labels map[string]string `mapstructure:"labels"`
	// Annotations are what is said to people. Of a longer one 1024 bytes are kept. The one
	// named summary is also in the body of the record. Default: none.
	Annotations map[string]string `mapstructure:"annotations"`
	// RunbookURL is where it is written what to do, and becomes an annotation.
	RunbookURL string `mapstructure:"runbook_url"`
	// Search finds the records of an alert, for links to them: a filter in LogsQL without
	// pipes, such as "Login failed". The values of the group are added to it. Default: none,
	// and alerts have no link.
	Search string `mapstructure:"search"`
}

// Facts are what else of a rule is told.
type Facts struct {
	// Kind is count, consecutive, absence or distinct.
	Kind string
	// GroupBy are the names of the values that make a group.
	GroupBy []string
	// Attribute is the one whose values are counted.
	Attribute string
	// Window is how long a record counts, and Threshold what must not be exceeded; of kind
	// consecutive, how long a row goes on, and how long it has to be.
	Window    time.Duration
	Threshold int
}

// severity is what a rule's severity makes of a record's.
type severity struct {
	number plog.SeverityNumber
	text   string
}

const (
	defaultSeverity = "warning"
	severityLabel   = "severity"
	summary         = "summary"
	runbookURL      = "runbook_url"
)

var severities = map[string]severity{
	"critical": {plog.SeverityNumberFatal, "CRITICAL"},
	"error":    {plog.SeverityNumberError, "ERROR"},
	"warning":  {plog.SeverityNumberWarn, "WARN"},
	"info":     {plog.SeverityNumberInfo, "INFO"},
}

// reserved are labels that have another source, and why they cannot be given.
var reserved = map[string]string{
	"alertname":   "it is the name of the rule",
	severityLabel: "use the key severity of the rule",
}

// Writer writes the records of a rule's alerts.
type Writer struct {
	rule                string
	facts               Facts
	severityName        string
	severity            severity
	external            map[string]string
	labels, annotations []text
	search              search
}

// Parse reads what a rule says of its alerts. Its errors begin with the key.
func Parse(rule string, cfg Config, external map[string]string, facts Facts) (*Writer, error) {
	w := &Writer{rule: rule, facts: facts, external: external, severityName: cfg.Severity}
	if w.severityName == "" {
		w.severityName = defaultSeverity
	}
	var ok bool
	if w.severity, ok = severities[w.severityName]; !ok {
		return nil, fmt.Errorf("severity must be critical, error, warning or info (got %q)", cfg.Severity)
	}
	var err error
	if w.search, err = parseSearch(cfg.Search); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	if w.labels, err = w.parseLabels(cfg.Labels); err != nil {
		return nil, err
	}
	if w.annotations, err = w.parseAnnotations(cfg); err != nil {
		return nil, err
	}
	return w, nil
}

func (w *Writer) parseLabels(labels map[string]string) (texts []text, err error) {
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		key := "labels::" + name
		if why := reserved[name]; why != "" {
			return nil, fmt.Errorf("%s cannot be given: %s", key, why)
		}
		if slices.Contains(w.facts.GroupBy, name) {
			return nil, fmt.Errorf("%s cannot be given: group_by makes a label of that name", key)
		}
		parsed, err := w.parse(text{name: name, lasting: true}, labels[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		texts = append(texts, parsed)
	}
	return texts, nil
}

func (w *Writer) parseAnnotations(cfg Config) (texts []text, err error) {
	if _, given := cfg.Annotations[runbookURL]; given && cfg.RunbookURL != "" {
		return nil, fmt.Errorf("annotations::%s cannot be given beside the key %s of the rule", runbookURL, runbookURL)
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Annotations)) {
		parsed, err := w.parse(text{name: name}, cfg.Annotations[name])
		if err != nil {
			return nil, fmt.Errorf("annotations::%s: %w", name, err)
		}
		texts = append(texts, parsed)
	}
	if cfg.RunbookURL != "" {
		parsed, err := w.parse(text{name: runbookURL}, cfg.RunbookURL)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", runbookURL, err)
		}
		texts = append(texts, parsed)
	}
	return texts, nil
}
