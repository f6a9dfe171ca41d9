package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// match finds the value of a name that the word at a place is in, and that the rule is
// for: password=…, "token": "…", 'secret' => '…', Authorization: Bearer …
func (n *Names) match(r *Rule, c *text.Cursor, at int) (start, end int, found bool) {
	a, ok := c.AssignmentAt(at)
	if !ok || c.Covered(a.Value) {
		return 0, 0, false // it is part of a value that goes anyway
	}
	verdict := n.inText(a.Name)
	if verdict == nil && a.Unescaped != "" {
		verdict = n.inText(a.Unescaped)
	}
	if verdict != r {
		return 0, 0, false
	}
	start, end = c.ValueOf(a, formOf(a.Name))
	if end <= start || c.IsPlaceholder(start, end) || saysNothing(c.Text[start:end], a.Prose && c.Text[start-1] == ' ') {
		return 0, 0, false
	}
	c.Cover(end)
	return start, end, true
}

// formOf returns how far a value without quotes goes that has the name.
func formOf(name string) text.ValueForm {
	name = name[strings.LastIndexByte(name, ' ')+1:]
	switch {
	case text.HasSuffixFold(name, "cookie") || text.HasSuffixFold(name, "authorization"):
		return text.Header
	case text.HasSuffixFold(name, "diagnosis") || text.HasSuffixFold(name, "passphrase"):
		return text.SeveralWords
	}
	return text.OneWord
}

// inText judges a name in a text, where the words before the name may or may not
// belong to it: those must only make up a phrase that reaches to its end.
func (n *Names) inText(name string) *Rule {
	last := name[strings.LastIndexByte(name, ' ')+1:]
	var list [maxWords]string
	if r := n.Find(last); r != nil {
		if words := text.SplitWords(list[:0], name); last != name && n.excepted(words, len(words)-1) {
			return nil
		}
		return r
	}
	for last != name {
		before := strings.LastIndexByte(name[:len(name)-len(last)-1], ' ') + 1
		last = name[before:]
		words := text.SplitWords(list[:0], last)
		if len(words) == 0 {
			continue
		}
		for _, p := range n.phrases[text.Word(words[0])] {
			if len(p.words) == len(words) && p.at(words, 0) {
				return p.rule
			}
		}
	}
	return nil
}

// wordRules find what only the word in front of it gives away; see Names.Bind.
var wordRules = []*Rule{{
	Name: Generic, Sets: secrets,
	Finds: "in texts, a value of 8 characters or more with enough entropy behind a name that ends in a sensitive word without being a sensitive key: " +
		"`dbpass=…`, `signing_key: …`, `hmacsecret => …`",
	Anchors: []string{"pass", "pswd", "secret", "token", "key", "cred", "signature"},
}}

// Generic names what looks like a secret behind a name that ends like one of a secret.
const Generic = "generic_secret"

// matchGeneric finds the value of a key that only looks as if it were sensitive.
func (n *Names) matchGeneric(c *text.Cursor, at int) (start, end int, found bool) {
	a, ok := c.AssignmentAt(at)
	if !ok || c.Covered(a.Value) || !isSecretName(a.Name) || n.allowed[a.Name] {
		return 0, 0, false
	}
	start, end = c.ValueOf(a, formOf(a.Name))
	if a.Prose && strings.EqualFold(a.Name[strings.LastIndexByte(a.Name, ' ')+1:], "pass") && c.Text[start-1] == ' ' {
		return 0, 0, false // PASS: TestLogin/ipv6
	}
	if !isSecretValue(judged(c.Text[start:end])) || c.IsPlaceholder(start, end) {
		return 0, 0, false
	}
	c.Cover(end)
	return start, end, true
}
