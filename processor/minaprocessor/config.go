package minaprocessor

import (
	"errors"
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/semconv"
)

// Config of the processor. At least one section is required.
type Config struct {
	// Semconv gives attributes the names of the semantic conventions.
	Semconv configoptional.Optional[SemconvConfig] `mapstructure:"semconv"`
	// Redaction removes secrets, after Semconv.
	Redaction configoptional.Optional[RedactionConfig] `mapstructure:"redaction"`
	// MaxRecordSize is the length in bytes of the longest record, as it is in OTLP. Of a
	// longer one the longest texts are cut, after Redaction. Its resource and its scope
	// may have an eighth of it each, or 32KiB, on top. Default: 512KiB.
	MaxRecordSize helper.ByteSize `mapstructure:"max_record_size"`
	_             struct{}
}

const (
	defaultMaxRecordSize = 512 << 10
	minMaxRecordSize     = 16 << 10
)

// SemconvConfig is the section semconv.
type SemconvConfig struct {
	// ServiceName is service.name where the records do not tell it. Default: mina.
	ServiceName string `mapstructure:"service_name"`
	// ServiceVersion is service.version. Default: none.
	ServiceVersion string `mapstructure:"service_version"`
	// ServiceNamespace is service.namespace. Default: none.
	ServiceNamespace string `mapstructure:"service_namespace"`
	// DeploymentEnvironment is deployment.environment.name. Default: none.
	DeploymentEnvironment string `mapstructure:"deployment_environment"`
	// SeverityText is original (default: as it came, WARNING) or otel (WARN).
	SeverityText string `mapstructure:"severity_text"`
	// RequestID says what request_id is: attribute (default: mina.request.id) or
	// header (http.request.header.x-request-id).
	RequestID string `mapstructure:"request_id"`
	// CustomPrefix goes in front of attributes that the conventions do not know and
	// that have no dot in their name, such as "mina.". Default: none.
	CustomPrefix string `mapstructure:"custom_prefix"`
	_            struct{}
}

// RedactionConfig is the section redaction.
type RedactionConfig struct {
	// Action is mask (default), partial, hash, drop or audit.
	Action redaction.Action `mapstructure:"action"`
	// Actions are other actions for some rules and keys. Default: none.
	Actions ActionsConfig `mapstructure:"actions"`
	// HashKey is the key for action hash, of at least 32 bytes. Default: none.
	HashKey configopaque.String `mapstructure:"hash_key"`
	// Sets names sets of rules: default, secrets, pci, phi, pii, all.
	// Default: default, if Rules is empty too.
	Sets []string `mapstructure:"sets"`
	// Rules names rules besides those of Sets. Default: none.
	Rules []string `mapstructure:"rules"`
	// DisabledRules names rules that are not applied, of whatever set. Default: none.
	DisabledRules []string `mapstructure:"disabled_rules"`
	// SensitiveKeys are words or phrases that make a key sensitive, besides the
	// built-in ones: "badge number" matches badgeNumber, badge_number and so on.
	SensitiveKeys []string `mapstructure:"sensitive_keys"`
	// Allow exempts keys and values. Default: none.
	Allow AllowConfig `mapstructure:"allow"`
	// CustomRules are rules of the user's own. Default: none.
	CustomRules []CustomRuleConfig `mapstructure:"custom_rules"`
	// Report adds an attribute to what had hits. Default: off.
	Report configoptional.Optional[ReportConfig] `mapstructure:"report"`
	_      struct{}
}

// ActionsConfig are actions that differ from RedactionConfig.Action.
type ActionsConfig struct {
	// Rules has actions by the name of a rule.
	Rules map[string]redaction.Action `mapstructure:"rules"`
	// Keys has actions by a word or phrase as in SensitiveKeys; it makes keys
	// sensitive by that.
	Keys map[string]redaction.Action `mapstructure:"keys"`
	_    struct{}
}

// AllowConfig exempts what would be redacted.
type AllowConfig struct {
	// Keys are not sensitive, written as they come.
	Keys []string `mapstructure:"keys"`
	// Values stay wherever one of them is the whole of a hit.
	Values []string `mapstructure:"values"`
	// Patterns are regular expressions (RE2) for such values, which match them whole.
	Patterns []string `mapstructure:"patterns"`
	// Rules has values and patterns that are exempt from one rule, by its name.
	Rules map[string]AllowedValuesConfig `mapstructure:"rules"`
	_     struct{}
}

// AllowedValuesConfig are values that one rule leaves.
type AllowedValuesConfig struct {
	// Values and Patterns are as in AllowConfig.
	Values   []string `mapstructure:"values"`
	Patterns []string `mapstructure:"patterns"`
	_        struct{}
}

// CustomRuleConfig is a rule of the user's own.
type CustomRuleConfig struct {
	// Name stands in the placeholder: lower case letters, digits and underscores.
	Name string `mapstructure:"name"`
	// Pattern is a regular expression (RE2).
	Pattern string `mapstructure:"pattern"`
	// Group is the number of the group whose match is replaced. Default: 0, all.
	Group int `mapstructure:"group"`
	// Keywords are texts of three characters or more; only where one of them is in
	// a text, or in its key, in any case, is the pattern tried. Default: what every
	// match of the pattern has, and if there is nothing, it is tried everywhere.
	Keywords []string `mapstructure:"keywords"`
	// Validator is luhn, iban, ssn, entropy or none (default).
	Validator string `mapstructure:"validator"`
	_         struct{}
}

// ReportConfig is the attribute that names the rules that hit and the locations,
// and never a value.
type ReportConfig struct {
	// Attribute is its name. Default: mina.redaction.
	Attribute string `mapstructure:"attribute"`
	_         struct{}
}

func createDefaultConfig() component.Config {
	return &Config{
		Semconv: configoptional.Default(SemconvConfig{ServiceName: "mina", SeverityText: "original", RequestID: "attribute"}),
		Redaction: configoptional.Default(RedactionConfig{
			Action: redaction.Mask,
			Report: configoptional.Default(ReportConfig{Attribute: minaattr.Redaction}),
		}),
		MaxRecordSize: defaultMaxRecordSize,
	}
}

// Unmarshal says of a key that does not exist which one was meant.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return configkeys.Unmarshal(conf, c) }

// Validate reports a processor without a task, and a bound that no record could keep.
func (c *Config) Validate() error {
	var errs []error
	if !c.Semconv.HasValue() && !c.Redaction.HasValue() {
		errs = append(errs, errors.New("at least one of semconv and redaction is required"))
	}
	if c.MaxRecordSize < minMaxRecordSize {
		errs = append(errs, fmt.Errorf("max_record_size must be at least 16KiB (got %d)", c.MaxRecordSize))
	}
	return errors.Join(errs...)
}

// Validate reports unknown choices.
func (c *SemconvConfig) Validate() error {
	var errs []error
	if c.SeverityText != "original" && c.SeverityText != "otel" {
		errs = append(errs, fmt.Errorf("severity_text must be original or otel (got %q)", c.SeverityText))
	}
	if c.RequestID != "attribute" && c.RequestID != "header" {
		errs = append(errs, fmt.Errorf("request_id must be attribute or header (got %q)", c.RequestID))
	}
	return errors.Join(errs...)
}

func (c *SemconvConfig) options() semconv.Options {
	return semconv.Options{
		ServiceName:           c.ServiceName,
		ServiceVersion:        c.ServiceVersion,
		ServiceNamespace:      c.ServiceNamespace,
		DeploymentEnvironment: c.DeploymentEnvironment,
		OTelSeverityText:      c.SeverityText == "otel",
		RequestIDHeader:       c.RequestID == "header",
		CustomPrefix:          c.CustomPrefix,
	}
}

// Validate reports an attribute without a name.
func (c *ReportConfig) Validate() error {
	if c.Attribute == "" {
		return errors.New("attribute must not be empty")
	}
	return nil
}

// Validate reports what does not exist, what does not compile, and a hash without a
// proper key.
func (c *RedactionConfig) Validate() error {
	options := c.options()
	return options.Validate()
}

func (c *RedactionConfig) options() redaction.Options {
	o := redaction.Options{
		Action:        c.Action,
		RuleActions:   c.Actions.Rules,
		KeyActions:    c.Actions.Keys,
		HashKey:       []byte(c.HashKey),
		Sets:          c.Sets,
		Rules:         c.Rules,
		DisabledRules: c.DisabledRules,
		SensitiveKeys: c.SensitiveKeys,
		Allowed: redaction.Allowed{
			Keys: c.Allow.Keys, Values: c.Allow.Values, Patterns: c.Allow.Patterns,
			Rules: map[string]redaction.AllowedValues{},
		},
	}
	for name, allowed := range c.Allow.Rules {
		o.Allowed.Rules[name] = redaction.AllowedValues{Values: allowed.Values, Patterns: allowed.Patterns}
	}
	for _, custom := range c.CustomRules {
		o.CustomRules = append(o.CustomRules, redaction.CustomRule{
			Name: custom.Name, Pattern: custom.Pattern, Group: custom.Group, Keywords: custom.Keywords, Validator: custom.Validator,
		})
	}
	if c.Report.HasValue() {
		o.ReportAttribute = c.Report.Get().Attribute
	}
	return o
}
