package redaction

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/internal/spelling"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/rules"
)

// Config is the section redaction: what to remove and how.
type Config struct {
	// Action is mask (default), partial, hash, drop or audit.
	Action Action `mapstructure:"action"`
	// Actions are other actions for some rules and keys. Default: none.
	Actions ActionsConfig `mapstructure:"actions"`
	// HashKey is the key for action hash, of at least 32 bytes. Default: none.
	HashKey configopaque.String `mapstructure:"hash_key"`
	// Sets names sets of rules: default, secrets, pci, phi, pii, national_ids, all.
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
	CustomRules []rules.Custom `mapstructure:"custom_rules"`
	// Report adds an attribute to what had hits. Default: off.
	Report configoptional.Optional[ReportConfig] `mapstructure:"report"`
	_      struct{}
}

// ActionsConfig are actions that differ from Config.Action.
type ActionsConfig struct {
	// Rules has actions by the name of a rule.
	Rules map[string]Action `mapstructure:"rules"`
	// Keys has actions by a word or phrase as in SensitiveKeys; it makes keys
	// sensitive by that.
	Keys map[string]Action `mapstructure:"keys"`
	_    struct{}
}

// AllowConfig exempts what would be redacted. A value is compared with a whole hit,
// and exempts nothing else of the text around it.
type AllowConfig struct {
	// Keys are not sensitive, written as they come.
	Keys []string `mapstructure:"keys"`
	// Values stay wherever one of them is the whole of a hit.
	Values []string `mapstructure:"values"`
	// Patterns are regular expressions (RE2) for such values, which match them whole.
	Patterns []string `mapstructure:"patterns"`
	// Rules has values and patterns that are exempt from one rule, by its name.
	Rules map[string]AllowedValues `mapstructure:"rules"`
	_     struct{}
}

// AllowedValues are hits of one rule that stay.
type AllowedValues struct {
	// Values and Patterns are as in AllowConfig.
	Values   []string `mapstructure:"values"`
	Patterns []string `mapstructure:"patterns"`
	_        struct{}
}

// ReportConfig is the attribute that names the rules that hit and the locations,
// and never a value.
type ReportConfig struct {
	// Attribute is its name. Default: mina.redaction.
	Attribute string `mapstructure:"attribute"`
	_         struct{}
}

// DefaultConfig returns the configuration that masks what the default set finds.
func DefaultConfig() Config {
	return Config{Action: Mask, Report: configoptional.Default(ReportConfig{Attribute: minaattr.Redaction})}
}

// MinHashKey is the length in bytes of the shortest key for Hash.
const MinHashKey = 32

// Validate reports an attribute without a name.
func (c *ReportConfig) Validate() error {
	if c.Attribute == "" {
		return errors.New("attribute must not be empty")
	}
	return nil
}

// Validate reports everything that is wrong with the configuration.
func (c *Config) Validate() error {
	var errs []error
	report := func(key string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", key, err))
		}
	}
	report("action", spelling.Check("action", string(c.Action), actionNames()))
	for _, name := range c.Sets {
		report("sets", spelling.Check("set", name, rules.Sets()))
	}
	errs = append(errs, rules.CheckCustom(c.CustomRules)...)
	known := c.ruleNames()
	for _, list := range []struct {
		key   string
		names []string
	}{
		{"rules", c.Rules},
		{"disabled_rules", c.DisabledRules},
		{"actions::rules", slices.Sorted(maps.Keys(c.Actions.Rules))},
		{"allow::rules", slices.Sorted(maps.Keys(c.Allow.Rules))},
	} {
		for _, name := range list.names {
			report(list.key, spelling.Check("rule", name, known))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Actions.Rules)) {
		report("actions::rules::"+name, spelling.Check("action", string(c.Actions.Rules[name]), actionNames()))
	}
	for _, key := range slices.Sorted(maps.Keys(c.Actions.Keys)) {
		report("actions::keys::"+key, spelling.Check("action", string(c.Actions.Keys[key]), actionNames()))
		report("actions::keys", rules.CheckPhrase(key))
	}
	for _, key := range c.SensitiveKeys {
		report("sensitive_keys", rules.CheckPhrase(key))
	}
	report("allow::patterns", checkPatterns(c.Allow.Patterns))
	for _, name := range slices.Sorted(maps.Keys(c.Allow.Rules)) {
		report("allow::rules::"+name+"::patterns", checkPatterns(c.Allow.Rules[name].Patterns))
	}
	if (c.uses(Hash) || len(c.HashKey) > 0) && len(c.HashKey) < MinHashKey {
		errs = append(errs, fmt.Errorf("hash_key must have at least %d bytes for action hash (got %d); take it from the environment, ${env:MINA_HASH_KEY}", MinHashKey, len(c.HashKey)))
	}
	return errors.Join(errs...)
}

// ruleNames returns the names that an option may give: those of all rules, of the
// custom ones, and that of sensitive keys.
func (c *Config) ruleNames() []string {
	list := append(rules.CatalogueNames(), rules.SensitiveKey)
	for _, custom := range c.CustomRules {
		list = append(list, custom.Name)
	}
	return list
}

// uses reports whether anything has the action.
func (c *Config) uses(action Action) bool {
	return c.Action == action || slices.Contains(slices.Collect(maps.Values(c.Actions.Rules)), action) ||
		slices.Contains(slices.Collect(maps.Values(c.Actions.Keys)), action)
}

// chooses reports whether a rule of the catalogue is applied.
func (c *Config) chooses(r *rules.Rule) bool {
	if slices.Contains(c.DisabledRules, r.Name) {
		return false
	}
	sets := c.Sets
	if len(sets) == 0 && len(c.Rules) == 0 {
		sets = []string{rules.SetDefault}
	}
	return slices.Contains(c.Rules, r.Name) || slices.ContainsFunc(sets, r.IsIn)
}

func checkPatterns(patterns []string) error {
	for _, pattern := range patterns {
		if _, err := rules.Compile(pattern); err != nil {
			return err
		}
	}
	return nil
}
