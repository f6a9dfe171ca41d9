package redaction

import (
	"fmt"
	"maps"
	"regexp/syntax"
	"slices"
	"strings"
)

// validators are the checks that a custom rule can ask for.
var validators = map[string]func(value string) bool{
	"luhn":    func(value string) bool { number := digitsOf(value); return len(number) > 1 && luhn(number, 0) },
	"iban":    func(value string) bool { value = plain(value, " -"); return len(value) > 4 && ibanChecks(value) },
	"entropy": func(value string) bool { return entropy(value) >= minSecretEntropy },
	"ssn": func(value string) bool {
		value = plain(value, " -")
		return len(value) == 9 && digits.end(value, 0) == 9 && isSSN(value[:3], value[3:5], value[5:])
	},
}

// Validators returns the names of the checks that a custom rule can ask for: luhn
// (a check digit as of cards), iban (modulo 97), ssn (what can be assigned) and
// entropy (at least 3 bits a character).
func Validators() []string { return slices.Sorted(maps.Keys(validators)) }

func digitsOf(value string) []byte {
	var number []byte
	for i := range len(value) {
		if isDigit(value[i]) {
			number = append(number, value[i]-'0')
		}
	}
	return number
}

func (o *Options) validateCustomRules() []error {
	var errs []error
	taken := map[string]bool{sensitiveKey: true, placeholder.name: true}
	for _, name := range RuleNames() {
		taken[name] = true
	}
	for i, custom := range o.CustomRules {
		report := func(key string, err error) {
			if err != nil {
				errs = append(errs, fmt.Errorf("custom_rules::%d (%s): %s: %w", i, custom.Name, key, err))
			}
		}
		report("name", checkRuleName(custom.Name, taken))
		taken[custom.Name] = true
		compiled, err := compilePattern(custom.Pattern)
		report("pattern", err)
		if err == nil && (custom.Group < 0 || custom.Group > compiled.NumSubexp()) {
			report("group", fmt.Errorf("the pattern has groups 0 to %d (got %d)", compiled.NumSubexp(), custom.Group))
		}
		for _, keyword := range custom.Keywords {
			if len(keyword) < minAnchor {
				report("keywords", fmt.Errorf("%q must have at least %d characters", keyword, minAnchor))
			}
		}
		if custom.Validator != "" {
			report("validator", checkName("validator", custom.Validator, Validators()))
		}
	}
	return errs
}

func checkRuleName(name string, taken map[string]bool) error {
	if name == "" || len(name) > maxRuleName || nameOfRule.end(name, 0) < len(name) || isDigit(name[0]) {
		return fmt.Errorf("must be 1 to %d lower case letters, digits and underscores (got %q)", maxRuleName, name)
	}
	if taken[name] {
		return fmt.Errorf("there is a rule %q already", name)
	}
	return nil
}

// newCustomRule returns the rule that a user has defined. It must be valid.
func newCustomRule(custom CustomRule) *rule {
	pattern, _ := compilePattern(custom.Pattern)
	r := &rule{name: custom.Name, pattern: pattern, group: custom.Group, keywords: custom.Keywords, valid: validators[custom.Validator]}
	if len(r.keywords) == 0 {
		r.keywords = literalsOf(custom.Pattern)
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
		if len(literal) >= minAnchor && strings.IndexFunc(literal, func(c rune) bool { return c < 0x20 || c >= 0x7f }) < 0 {
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
	for _, text := range list {
		n = min(n, len(text))
	}
	return n
}

// matchPattern tries a custom rule on the whole text, once.
func (s *scanner) matchPattern(r *rule) {
	if slices.Contains(s.matched, r) {
		return
	}
	s.matched = append(s.matched, r)
	for _, match := range r.pattern.FindAllStringSubmatchIndex(s.text, -1) {
		s.hit(r, match[2*r.group], match[2*r.group+1])
	}
}
