package alertconnector

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"
	"go.opentelemetry.io/collector/component"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/condition"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/rule"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/transition"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/window"
)

// RuleConfig is one rule.
type RuleConfig struct {
	// Kind says how records are judged. count: more than threshold of them within the
	// window. distinct: more than threshold different values of the attribute within the
	// window. consecutive: so many records in a row. absence: none for the window, also
	// when none ever came. Required.
	Kind string `mapstructure:"kind"`
	// Condition is what a record must satisfy: OTTL in the context of a log record.
	// Required.
	Condition string `mapstructure:"condition"`
	// Among tells, of kind consecutive, which records of a group are in the row at all,
	// also in OTTL. Default: all.
	Among string `mapstructure:"among"`
	// Window is how long a record counts. Required but for kind consecutive, which has none.
	Window time.Duration `mapstructure:"window"`
	// Threshold is how many records, or values, are not too many. Default: 0.
	Threshold int `mapstructure:"threshold"`
	// Records is how many in a row are too many, of kind consecutive. Required there.
	Records int `mapstructure:"records"`
	// Within is how long a row goes on without another record that satisfies the
	// condition, of kind consecutive. Default: 10m.
	Within time.Duration `mapstructure:"within"`
	// Attribute is the one whose values are told apart, of kind distinct. Required there.
	Attribute string `mapstructure:"attribute"`
	// GroupBy are the attributes of record, scope or resource, or scope.name,
	// severity_text and event_name, whose values make a group, which is judged for itself.
	// A record without any of them is not judged; the last three every record has, if only
	// as an empty text. Default: none, and for kind consecutive scope.name and process.pid,
	// the logger and the process.
	GroupBy []string `mapstructure:"group_by"`
	// For is how long the condition must hold before the alert fires. Default: 0s.
	For time.Duration `mapstructure:"for"`
	// KeepFiringFor is how long it must not hold before the alert ends. Default: 0s.
	KeepFiringFor time.Duration `mapstructure:"keep_firing_for"`
	// MaxGroups is how many groups there may be. The least recent without an alert has to
	// go for a new one. Default: 10000.
	MaxGroups int `mapstructure:"max_groups"`
	// Words are what the alert says.
	transition.Config `mapstructure:",squash"`
	_                 struct{}
}

const (
	defaultMaxGroups = 10_000
	mostGroups       = 1_000_000
	mostRecords      = 1000
	mostThreshold    = 1_000_000_000
	defaultWithin    = 10 * time.Minute
	// shortestWindow is the resolution of record times, a millisecond; of sub-windows
	// there are sixty.
	shortestWindow = time.Millisecond
	longestWindow  = 31 * 24 * time.Hour
)

var kinds = map[string]window.Kind{
	"count": window.Count, "consecutive": window.Consecutive, "absence": window.Absence, "distinct": window.Distinct,
}

// definition compiles the rule. Its errors begin with the key.
func (c *RuleConfig) definition(name string, of *Config, set component.TelemetrySettings) (rule.Definition, error) {
	d := rule.Definition{
		Name: name, For: c.For, KeepFiringFor: c.KeepFiringFor, MaxGroups: c.MaxGroups,
		Seed: seedOf(name, of.ExternalLabels), Version: c.version(),
	}
	if d.MaxGroups == 0 {
		d.MaxGroups = defaultMaxGroups
	}
	var err error
	if d.Window, err = c.spec(of.AllowedLateness); err != nil {
		return d, err
	}
	if err := c.validateTimes(); err != nil {
		return d, err
	}
	if d.Condition, err = parseCondition("condition", c.Condition, set); err != nil {
		return d, err
	}
	if c.Among != "" {
		if d.Among, err = parseCondition("among", c.Among, set); err != nil {
			return d, err
		}
	}
	for i, by := range c.groupBy() {
		if by == "" {
			return d, fmt.Errorf("group_by[%d] must name an attribute", i)
		}
		d.GroupBy = append(d.GroupBy, field.Parse(by))
	}
	d.Anonymous = slices.ContainsFunc(d.GroupBy, field.Field.OfEveryRecord)
	d.Attribute = field.Parse(c.Attribute)
	d.Writer, err = transition.Parse(name, c.Config, of.ExternalLabels, c.facts(d.Window))
	return d, err
}

// facts returns what the alert can say of the rule.
func (c *RuleConfig) facts(spec window.Spec) transition.Facts {
	facts := transition.Facts{Kind: c.Kind, GroupBy: c.groupBy(), Attribute: c.Attribute, Window: spec.Window, Threshold: spec.Threshold}
	if spec.Kind == window.Consecutive {
		facts.Window, facts.Threshold = spec.Within, spec.Records
	}
	return facts
}

func (c *RuleConfig) groupBy() []string {
	if len(c.GroupBy) == 0 && c.Kind == "consecutive" {
		return []string{"scope.name", "process.pid"}
	}
	return c.GroupBy
}

func parseCondition(key, text string, set component.TelemetrySettings) (*condition.Condition, error) {
	if text == "" {
		return nil, fmt.Errorf(`%s must say in OTTL what a record must satisfy, such as severity_text == "CRITICAL"`, key)
	}
	parsed, err := condition.Parse(text, set)
	if err != nil {
		return nil, fmt.Errorf("%s %q is no condition in OTTL: %w", key, text, err)
	}
	return parsed, nil
}

// spec returns what the windows of the rule are, and says which keys its kind has not.
func (c *RuleConfig) spec(lateness time.Duration) (window.Spec, error) {
	kind, ok := kinds[c.Kind]
	if !ok {
		return window.Spec{}, fmt.Errorf("kind must be one of count, consecutive, absence, distinct (got %q)", c.Kind)
	}
	spec := window.Spec{Kind: kind, Window: c.Window, Threshold: c.Threshold, Records: c.Records, Lateness: lateness}
	foreign := map[string]bool{
		"window": kind == window.Consecutive && c.Window != 0, "threshold": kind != window.Count && kind != window.Distinct && c.Threshold != 0,
		"records": kind != window.Consecutive && c.Records != 0, "within": kind != window.Consecutive && c.Within != 0,
		"among": kind != window.Consecutive && c.Among != "", "attribute": kind != window.Distinct && c.Attribute != "",
	}
	for _, key := range slices.Sorted(maps.Keys(foreign)) {
		if foreign[key] {
			return spec, fmt.Errorf("%s is not of kind %s; remove it", key, c.Kind)
		}
	}
	if kind != window.Consecutive {
		if err := validWindow(c.Window, c.Threshold); err != nil {
			return spec, err
		}
	}
	switch kind {
	case window.Consecutive:
		if spec.Within = c.Within; spec.Within == 0 {
			spec.Within = defaultWithin
		}
		if c.Records < 1 || c.Records > mostRecords {
			return spec, fmt.Errorf("records must be how many in a row are too many, 1 to %d (got %d)", mostRecords, c.Records)
		}
		if spec.Within < shortestWindow {
			return spec, fmt.Errorf("within must be at least %s (got %s)", shortestWindow, c.Within)
		}
	case window.Distinct:
		if c.Attribute == "" {
			return spec, errors.New("attribute must name the attribute whose values are counted")
		}
		if c.Threshold >= window.MaxExact {
			return spec, fmt.Errorf("threshold must be less than %d for kind distinct (got %d)", window.MaxExact, c.Threshold)
		}
	}
	return spec, nil
}

func validWindow(of time.Duration, threshold int) error {
	shortest := shortestWindow
	if threshold > window.MaxExact {
		shortest *= window.SubWindows
	}
	if of < shortest || of > longestWindow {
		return fmt.Errorf("window must be from %s, its resolution, to %s (got %s)", shortest, longestWindow, of)
	}
	if threshold < 0 || threshold > mostThreshold {
		return fmt.Errorf("threshold must be from 0 to %d (got %d)", mostThreshold, threshold)
	}
	return nil
}

func (c *RuleConfig) validateTimes() error {
	switch {
	case c.For < 0:
		return fmt.Errorf("for must not be negative (got %s)", c.For)
	case c.KeepFiringFor < 0:
		return fmt.Errorf("keep_firing_for must not be negative (got %s)", c.KeepFiringFor)
	case c.MaxGroups < 0 || c.MaxGroups > mostGroups:
		return fmt.Errorf("max_groups must be from 1 to %d (got %d)", mostGroups, c.MaxGroups)
	}
	return nil
}

// seedOf returns what the fingerprints of a rule's alerts have in common.
func seedOf(name string, external map[string]string) uint64 {
	digest := xxhash.New()
	_, _ = digest.WriteString(name)
	for _, label := range slices.Sorted(maps.Keys(external)) {
		_, _ = digest.WriteString("\x00" + label + "\x00" + external[label])
	}
	return digest.Sum64()
}

// version returns a hash of what the stored windows of a rule depend on.
func (c *RuleConfig) version() uint64 {
	text, _ := json.Marshal([]any{c.Kind, c.Condition, c.Among, c.Window, c.Threshold, c.Records, c.Within, c.Attribute, c.groupBy()})
	return xxhash.Sum64(text)
}
