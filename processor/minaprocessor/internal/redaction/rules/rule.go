package rules

import (
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// Rule finds one kind of secret. It is data: what makes a place a candidate, and what
// decides about it.
type Rule struct {
	// Name stands in the placeholder.
	Name string
	// Sets are those that the rule is in, besides all.
	Sets []string
	// Finds describes the rule in the table of the README.
	Finds string
	// Anchors, Match, Keywords, Near, Except and All are as in text.Rule. In an example of
	// testdata/rules, all of what Match finds is to go, and of what Near finds the value.
	Anchors  []string
	Match    func(c *text.Cursor, at int) (start, end int, found bool)
	Keywords []string
	Near     func(in string, at int, gap string) (end int)
	Except   func(name string) bool
	All      func(in string, hit func(start, end int))
	// Tokens are what it finds by a beginning or a mark, besides.
	Tokens []token
	// Separators are bytes that a value is the same without, so that its hash is.
	Separators string
}

// InText returns the rule as a pass over a text has it.
func (r *Rule) InText() text.Rule {
	in := text.Rule{Anchors: r.Anchors, Match: r.Match, Keywords: r.Keywords, Near: r.Near, Except: r.Except, All: r.All}
	if len(r.Tokens) > 0 {
		in.Anchors, in.Match = slices.Concat(tokenAnchors(r.Tokens), r.Anchors), r.matchToken
	}
	return in
}

// matchToken finds one of the tokens, or what Match finds.
func (r *Rule) matchToken(c *text.Cursor, at int) (start, end int, found bool) {
	for i := range r.Tokens {
		if start, end, found = r.Tokens[i].match(c, at); found {
			return start, end, true
		}
	}
	if r.Match == nil {
		return 0, 0, false
	}
	return r.Match(c, at)
}

// The sets of rules.
const (
	SetDefault     = "default"
	SetSecrets     = "secrets"
	SetPCI         = "pci"
	SetPHI         = "phi"
	SetPII         = "pii"
	SetNationalIDs = "national_ids"
	SetAll         = "all"
)

// Sets returns the names of the sets.
func Sets() []string {
	return []string{SetDefault, SetSecrets, SetPCI, SetPHI, SetPII, SetNationalIDs, SetAll}
}

var (
	secrets = []string{SetDefault, SetSecrets}
	pci     = []string{SetDefault, SetPCI}
	phi     = []string{SetDefault, SetPHI}
)

// IsIn reports whether the rule is in a set.
func (r *Rule) IsIn(set string) bool { return set == SetAll || slices.Contains(r.Sets, set) }

// Without returns a value without the bytes that make no difference to it.
func Without(value, separators string) string {
	if !strings.ContainsAny(value, separators) {
		return value
	}
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(separators, c) {
			return -1
		}
		return c
	}, value)
}
