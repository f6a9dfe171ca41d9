package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// statementRules find passwords in statements of SQL that have no operator in front of them.
var statementRules = []*Rule{{
	Name: "sql_password", Sets: secrets,
	Finds:   "`IDENTIFIED BY '…'`, `IDENTIFIED WITH … AS '…'`, also what that replaces, and `SET PASSWORD FOR ana = '…'`",
	Anchors: []string{"identified ", "password for "},
	Match:   matchStatement,
}}

// matchStatement finds the value behind the words of a clause.
func matchStatement(c *text.Cursor, at int) (start, end int, found bool) {
	const longest = 256
	in := c.Text
	clause := in[at:min(len(in), at+longest)]
	if !text.StartsHere(in, at) {
		return 0, 0, false
	}
	if _, isUser := cutFold(clause, "password for "); isUser {
		operator := strings.Index(clause, " = ")
		if operator < 0 {
			return 0, 0, false
		}
		return c.StatedAt(at + operator + len(" = "))
	}
	rest, isIdentified := cutFold(clause, "identified ")
	if !isIdentified || !followsUser(in[max(0, at-longest):at]) {
		return 0, 0, false
	}
	if plugin, isWith := cutFold(rest, "with "); isWith {
		_, rest, _ = strings.Cut(plugin, " ")
	}
	for _, word := range []string{"by ", "as "} {
		if value, isBehind := cutFold(rest, word); isBehind {
			value, _ = cutFold(value, "password ")
			start, end, found = c.StatedAt(at + len(clause) - len(value))
			replaced(c, end)
			return start, end, found && !strings.EqualFold(in[start:end], "random")
		}
	}
	return 0, 0, false
}

// followsUser reports whether a text ends in the name of a user in a statement, and not in
// prose: the user is identified by …
func followsUser(before string) bool {
	before = strings.ToLower(before)
	words := strings.Fields(before)
	if len(words) == 0 {
		return false
	}
	switch words[len(words)-1] {
	case "is", "are", "was", "were", "be", "been", "not", "uniquely":
		return false
	}
	return strings.Contains(before, "user ") || strings.Contains(before, "grant ") || strings.Contains(before, "role ")
}

// replaced finds the password that the one before replaces: … REPLACE '…'
func replaced(c *text.Cursor, at int) {
	const word = "replace "
	rest := strings.TrimLeft(c.Text[min(len(c.Text), at):], "'\" ")
	if value, isReplace := cutFold(rest, word); isReplace {
		if start, end, found := c.StatedAt(len(c.Text) - len(value)); found {
			c.Also(start, end)
		}
	}
}

// cutFold is strings.CutPrefix whatever the case.
func cutFold(in, prefix string) (rest string, found bool) {
	if len(in) < len(prefix) || !strings.EqualFold(in[:len(prefix)], prefix) {
		return in, false
	}
	return in[len(prefix):], true
}
