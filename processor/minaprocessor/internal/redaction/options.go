package redaction

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/spelling"
)

// Action is what happens to a hit.
type Action string

// The actions.
const (
	// Mask replaces a hit by [REDACTED:rule].
	Mask Action = "mask"
	// Partial is Mask that keeps the last four characters, [REDACTED:rule:1111], of
	// a value that has at least twelve.
	Partial Action = "partial"
	// Hash replaces a hit by [HASHED:rule:…] with the first 16 hexadecimal digits
	// of its HMAC-SHA-256, so that equal values stay equal.
	Hash Action = "hash"
	// Drop removes the attribute that has a hit, and from a body the hit itself.
	Drop Action = "drop"
	// Audit changes nothing and only counts.
	Audit Action = "audit"
)

// Actions returns all actions.
func Actions() []Action { return []Action{Mask, Partial, Hash, Drop, Audit} }

// MinHashKey is the length in bytes of the shortest key for Hash.
const MinHashKey = 32

// Options say what to remove and how.
type Options struct {
	// Action is that of all rules and keys that have no other one.
	Action Action
	// HashKey is the key for Hash.
	HashKey []byte
	// Sets and Rules name the rules to apply: those of any of them. If both are
	// empty, they are those of the set default.
	Sets, Rules []string
	// DisabledRules names rules that are not applied all the same.
	DisabledRules []string
	// RuleActions are other actions by rule, and KeyActions by the words of keys,
	// which are sensitive by that.
	RuleActions, KeyActions map[string]Action
	// SensitiveKeys are words and phrases besides the default ones.
	SensitiveKeys []string
	// Allowed exempts keys and values.
	Allowed Allowed
	// CustomRules are applied besides the chosen ones.
	CustomRules []CustomRule
	// ReportAttribute is the attribute that names the rules that hit and the places.
	// Empty is none.
	ReportAttribute string
}

// Allowed exempts what would be redacted. A value is compared with a whole hit,
// and exempts nothing else of the text around it.
type Allowed struct {
	// Keys are not sensitive, as they are written.
	Keys []string
	// Values are hits that stay, and Patterns are regular expressions that match
	// the whole of such a hit.
	Values, Patterns []string
	// Rules has values and patterns that are exempt from one rule.
	Rules map[string]AllowedValues
}

// AllowedValues are hits that stay.
type AllowedValues struct{ Values, Patterns []string }

// CustomRule is a rule that a user defines.
type CustomRule struct {
	// Name is what stands in the placeholder: lower case letters, digits and _.
	Name string
	// Pattern is a regular expression (RE2), and Group the number of the group
	// whose match is replaced; 0 is the whole match.
	Pattern string
	Group   int
	// Keywords are texts of three bytes or more of which one, in any case, is in
	// every text or key with a hit: only there the pattern is tried. Without them
	// they are taken from the pattern, and if it has no such text, every text is
	// tried.
	Keywords []string
	// Validator names a check of what the pattern has found; see Validators.
	Validator string
}

// Validate reports everything that is wrong with the options.
func (o *Options) Validate() error {
	var errs []error
	report := func(key string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", key, err))
		}
	}
	report("action", checkName("action", string(o.Action), actionNames()))
	for _, name := range o.Sets {
		report("sets", checkName("set", name, Sets()))
	}
	errs = append(errs, o.validateCustomRules()...)
	known := o.ruleNames()
	for _, list := range []struct {
		key   string
		names []string
	}{
		{"rules", o.Rules},
		{"disabled_rules", o.DisabledRules},
		{"actions::rules", slices.Sorted(maps.Keys(o.RuleActions))},
		{"allow::rules", slices.Sorted(maps.Keys(o.Allowed.Rules))},
	} {
		for _, name := range list.names {
			report(list.key, checkName("rule", name, known))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.RuleActions)) {
		report("actions::rules::"+name, checkName("action", string(o.RuleActions[name]), actionNames()))
	}
	for _, key := range slices.Sorted(maps.Keys(o.KeyActions)) {
		report("actions::keys::"+key, checkName("action", string(o.KeyActions[key]), actionNames()))
		report("actions::keys", checkPhrase(key))
	}
	for _, key := range o.SensitiveKeys {
		report("sensitive_keys", checkPhrase(key))
	}
	report("allow::patterns", checkPatterns(o.Allowed.Patterns))
	for _, name := range slices.Sorted(maps.Keys(o.Allowed.Rules)) {
		report("allow::rules::"+name+"::patterns", checkPatterns(o.Allowed.Rules[name].Patterns))
	}
	if (o.uses(Hash) || len(o.HashKey) > 0) && len(o.HashKey) < MinHashKey {
		errs = append(errs, fmt.Errorf("hash_key must have at least %d bytes for action hash (got %d); take it from the environment, ${env:MINA_HASH_KEY}", MinHashKey, len(o.HashKey)))
	}
	return errors.Join(errs...)
}

func actionNames() []string {
	var list []string
	for _, action := range Actions() {
		list = append(list, string(action))
	}
	return list
}

// ruleNames returns the names that an option may give: those of all rules, of the
// custom ones, and that of sensitive keys.
func (o *Options) ruleNames() []string {
	list := append(RuleNames(), sensitiveKey)
	for _, custom := range o.CustomRules {
		list = append(list, custom.Name)
	}
	return list
}

// uses reports whether anything has the action.
func (o *Options) uses(action Action) bool {
	return o.Action == action || slices.Contains(slices.Collect(maps.Values(o.RuleActions)), action) ||
		slices.Contains(slices.Collect(maps.Values(o.KeyActions)), action)
}

// checkName reports a name that does not exist, with the nearest that does.
func checkName(what, name string, known []string) error {
	if slices.Contains(known, name) {
		return nil
	}
	if nearest, ok := spelling.Nearest(name, known); ok {
		return fmt.Errorf("there is no %s %q; did you mean %q?", what, name, nearest)
	}
	return fmt.Errorf("there is no %s %q; there are %s", what, name, strings.Join(known, ", "))
}

// checkPhrase reports a phrase that no key can match.
func checkPhrase(phrase string) error {
	if len(longestWord(phrase)) < minAnchor {
		return fmt.Errorf("%q must have a word of %d letters or more", phrase, minAnchor)
	}
	return nil
}

func checkPatterns(patterns []string) error {
	for _, pattern := range patterns {
		if _, err := compilePattern(pattern); err != nil {
			return err
		}
	}
	return nil
}

// compilePattern compiles a pattern that matches something.
func compilePattern(pattern string) (*regexp.Regexp, error) {
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("%q does not compile: %w", pattern, err)
	}
	if compiled.MatchString("") {
		return nil, fmt.Errorf("%q matches the empty text, and would everywhere", pattern)
	}
	return compiled, nil
}
