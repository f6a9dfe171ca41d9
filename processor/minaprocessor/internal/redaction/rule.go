package redaction

import (
	"regexp"
	"slices"
)

// span is a part of a text that a rule has found.
type span struct {
	start, end int
	rule       *rule
}

// rule finds one kind of secret. It is data: what makes a place a candidate, what
// decides about it, and texts that show both.
type rule struct {
	name string
	// sets are those that the rule is in, besides all.
	sets []string
	// finds describes the rule in the table of the README.
	finds string
	// anchors make a place a candidate: every hit has one of these texts, of three
	// bytes at least, whatever their case. See anyDigit and its like.
	anchors []string
	// keywords are anchors of rules that find something only near such a word. They
	// also count where they are in the key that a text stands under.
	keywords []string
	// match decides about the place at which an anchor begins, and returns the span
	// to replace.
	match func(s *scanner, at int) (start, end int, found bool)
	// near decides about a value that begins at the place, near a keyword, and returns
	// its end, or the place. The gap is what stands between the keyword and the value.
	near func(text string, at int, gap string) (end int)
	// valid decides about the span, where its shape is not enough.
	valid func(span string) bool
	// separators are bytes that a value is the same without, so that its hash is.
	separators string
	// examples are hits: the whole of each must go. In those of rules with
	// keywords, and of rules that leave a part, what must go is in ⟨⟩.
	examples []string
	// nearMisses are texts that must stay.
	nearMisses []string

	// action, allowed and number belong to one Redactor.
	action  Action
	allowed *allowed
	number  int
	// pattern, with the group that is replaced, makes a custom rule.
	pattern *regexp.Regexp
	group   int
}

// The sets of rules.
const (
	setDefault = "default"
	setSecrets = "secrets"
	setPCI     = "pci"
	setPHI     = "phi"
	setPII     = "pii"
	setAll     = "all"
)

// Sets returns the names of the sets.
func Sets() []string {
	return []string{setDefault, setSecrets, setPCI, setPHI, setPII, setAll}
}

var (
	secrets = []string{setDefault, setSecrets}
	pci     = []string{setDefault, setPCI}
	phi     = []string{setDefault, setPHI}
)

func (r *rule) in(set string) bool { return set == setAll || slices.Contains(r.sets, set) }

// catalogue has all rules. Of two that find the same span, the first wins: the
// more specific ones come first.
var catalogue = slices.Concat(keyRules, vendorRules, tokenRules, urlRules, cardRules, healthRules, personRules, wordRules)

// RuleNames returns the names of the rules, the more specific first.
func RuleNames() []string {
	names := make([]string, len(catalogue))
	for i, r := range catalogue {
		names[i] = r.name
	}
	return names
}
