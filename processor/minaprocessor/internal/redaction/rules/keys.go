package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// match finds the value of a name that the word at a place is in, and that the rule is
// for: password=…, "token": "…", 'secret' => '…', Authorization: Bearer …
func (n *Names) match(r *Rule, c *text.Cursor, at int) (start, end int, found bool) {
	a, ok := c.AssignmentAt(at)
	if !ok {
		return n.inProse(r, c, at)
	}
	if c.Covered(a.Value) {
		return 0, 0, false // it is part of a value that goes anyway
	}
	verdict := n.InText(a.Name)
	if verdict.Rule == nil && a.Unescaped != "" {
		verdict = n.InText(a.Unescaped)
	}
	if verdict.Rule == nil {
		return n.inProse(r, c, at)
	}
	if verdict.Rule != r {
		return 0, 0, false
	}
	if verdict.looksInto(c.Text, a) {
		start, end = verdict.tokensIn(c, a.Value)
		return start, end, start < end
	}
	for ok := true; ok; a, ok = c.NextRow(a) {
		from, to := c.ValueOf(a, formOf(c.Text, a))
		to = verdict.endIn(c.Text, from, to)
		if to <= from || c.IsPlaceholder(from, from+len(firstWord(c.Text[from:to]))) || !verdict.hidesIn(c.Text, a, from, to) {
			continue
		}
		if c.Cover(to); found {
			c.Also(from, to)
			continue
		}
		start, end, found = from, to, true
	}
	return start, end, found
}

// formOf returns how far a value without quotes goes that has the name.
func formOf(in string, a text.Assignment) text.ValueForm {
	name := lastWord(a.Name)
	switch {
	case text.HasSuffixFold(name, "cookie") || text.HasSuffixFold(name, "authorization"):
		if in[a.Value-1] == '=' && !beginsHeader(in[a.Value:]) {
			return text.OneWord
		}
		return text.Header
	case text.HasSuffixFold(name, "diagnosis") || text.HasSuffixFold(name, "passphrase"):
		return text.SeveralWords
	}
	return text.OneWord
}

// beginsHeader reports whether a value begins as that of a header does that has several
// words: with a cookie, or with a scheme.
func beginsHeader(value string) bool {
	const longest = 512
	word := firstWord(value[:min(len(value), longest)])
	return strings.HasSuffix(word, ";") || schemes[strings.ToLower(word)]
}

// schemes are those of the header Authorization.
var schemes = wordSet("basic bearer digest negotiate ntlm token hawk dpop apikey aws4-hmac-sha256")

// wordRules find what only the word in front of it gives away; see Names.Bind.
var wordRules = []*Rule{{
	Name: Generic, Sets: secrets,
	Finds: "a value of 8 characters or more with enough entropy behind a name that ends in a sensitive word without being a sensitive key: " +
		"`dbpass=…`, `signing_key: …`, `hmacsecret => …`",
	Anchors: []string{"pass", "pswd", "secret", "token", "key", "cred", "signature", "pat\x04"},
}}

// Generic names what looks like a secret behind a name that ends like one of a secret.
const Generic = "generic_secret"
