package rules

import (
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/spelling"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// Custom is a rule that a user defines.
type Custom struct {
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

// validators are the checks that a custom rule can ask for.
var validators = map[string]func(value string) bool{
	"luhn":    func(value string) bool { number := digitsOf(value); return len(number) > 1 && luhn(number, 0) },
	"iban":    func(value string) bool { value = Without(value, " -"); return len(value) > 4 && ibanChecks(value) },
	"entropy": func(value string) bool { return text.Entropy(value) >= minSecretEntropy },
	"ssn": func(value string) bool {
		value = Without(value, " -")
		return len(value) == 9 && text.Digits.End(value, 0) == 9 && isSSN(value[:3], value[3:5], value[5:])
	},
}

// Validators returns the names of the checks that a custom rule can ask for: luhn
// (a check digit as of cards), iban (modulo 97), ssn (what can be assigned) and
// entropy (at least 3 bits a character).
func Validators() []string { return slices.Sorted(maps.Keys(validators)) }

func digitsOf(value string) []byte {
	var number []byte
	for i := range len(value) {
		if text.IsDigit(value[i]) {
			number = append(number, value[i]-'0')
		}
	}
	return number
}

// CheckCustom reports everything that is wrong with custom rules, by the key of the
// configuration.
func CheckCustom(list []Custom) []error {
	var errs []error
	taken := map[string]bool{SensitiveKey: true}
	for _, name := range CatalogueNames() {
		taken[name] = true
	}
	for i, custom := range list {
		report := func(key string, err error) {
			if err != nil {
				errs = append(errs, fmt.Errorf("custom_rules::%d (%s): %s: %w", i, custom.Name, key, err))
			}
		}
		report("name", checkName(custom.Name, taken))
		taken[custom.Name] = true
		compiled, err := Compile(custom.Pattern)
		report("pattern", err)
		if err == nil && (custom.Group < 0 || custom.Group > compiled.NumSubexp()) {
			report("group", fmt.Errorf("the pattern has groups 0 to %d (got %d)", compiled.NumSubexp(), custom.Group))
		}
		for _, keyword := range custom.Keywords {
			if len(keyword) < text.MinAnchor {
				report("keywords", fmt.Errorf("%q must have at least %d characters", keyword, text.MinAnchor))
			}
		}
		if custom.Validator != "" {
			report("validator", spelling.Check("validator", custom.Validator, Validators()))
		}
	}
	return errs
}

// MaxName is the length in bytes of the longest name of a rule.
const MaxName = 64

// NameChars are what the names of rules are written in.
var NameChars = text.NewCharset("a-z0-9_")

func checkName(name string, taken map[string]bool) error {
	if name == "" || len(name) > MaxName || NameChars.End(name, 0) < len(name) || text.IsDigit(name[0]) {
		return fmt.Errorf("must be 1 to %d lower case letters, digits and underscores (got %q)", MaxName, name)
	}
	if taken[name] {
		return fmt.Errorf("there is a rule %q already", name)
	}
	return nil
}

// Compile compiles a pattern that matches something.
func Compile(pattern string) (*regexp.Regexp, error) {
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("%q does not compile: %w", pattern, err)
	}
	if compiled.MatchString("") {
		return nil, fmt.Errorf("%q matches the empty text, and would everywhere", pattern)
	}
	return compiled, nil
}

// NewCustom returns the rule that a user has defined. It must be valid.
func NewCustom(custom Custom) *Rule {
	pattern, _ := Compile(custom.Pattern)
	valid := validators[custom.Validator]
	r := &Rule{Name: custom.Name, Keywords: custom.Keywords}
	if len(r.Keywords) == 0 {
		r.Keywords = literalsOf(custom.Pattern)
	}
	r.All = func(in string, hit func(start, end int)) {
		for _, match := range pattern.FindAllStringSubmatchIndex(in, -1) {
			start, end := match[2*custom.Group], match[2*custom.Group+1]
			if start < end && (valid == nil || valid(in[start:end])) {
				hit(start, end)
			}
		}
	}
	return r
}

// literalsOf returns texts of which one is in whatever a pattern matches, or none.
func literalsOf(pattern string) []string {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	return requiredLiterals(parsed.Simplify())
}

func requiredLiterals(expression *syntax.Regexp) []string {
	switch expression.Op {
	case syntax.OpLiteral:
		literal := string(expression.Rune)
		// Case folding beyond ASCII would have to fold the text as well.
		if len(literal) >= text.MinAnchor && strings.IndexFunc(literal, func(c rune) bool { return c < 0x20 || c >= 0x7f }) < 0 {
			return []string{literal}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return requiredLiterals(expression.Sub[0])
	case syntax.OpRepeat:
		if expression.Min > 0 {
			return requiredLiterals(expression.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, part := range expression.Sub {
			if list := requiredLiterals(part); list != nil && (best == nil || shortest(list) > shortest(best)) {
				best = list
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, part := range expression.Sub {
			list := requiredLiterals(part)
			if list == nil {
				return nil
			}
			all = append(all, list...)
		}
		return all
	default:
	}
	return nil
}

func shortest(list []string) int {
	n := len(list[0])
	for _, literal := range list {
		n = min(n, len(literal))
	}
	return n
}
