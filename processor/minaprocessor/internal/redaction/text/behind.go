package text

import "strings"

// quotedBehind is the form of a string that stands behind a name without an operator, as
// configurations, SQL and the preprocessor have it: db_password '…';
func quotedBehind(c *Cursor, n name) (a Assignment, found bool) {
	text := c.Text
	if n.quote != 0 && (n.start > 0 && isQuote(text[n.start-1]) || n.after != n.end+1) {
		return a, false // it is a string itself
	}
	a.Value = blanksEnd(text, n.end)
	start, end, isString := stringAt(text, a.Value)
	if !isString {
		return a, a.Value > n.end && n.isDefined(text, a.Value)
	}
	if end >= len(text) || start == end {
		return a, false
	}
	closes := end+1 < len(text) && text[end+1] == ';'
	return a, closes || n.quote == 0 && (n.isSetting(text) || n.isKeyword(text) || isQuote(text[a.Value]) && isSingle(text[start:end]))
}

// isKeyword reports whether a name is written as a keyword of SQL is.
func (n *name) isKeyword(text string) bool { return text[n.start:n.end] == "PASSWORD" }

// isSetting reports whether a name is that of a setting, and no word of prose: it has
// several words, or is defined.
func (n *name) isSetting(text string) bool {
	return n.words == 0 && strings.ContainsAny(text[n.start:n.end], "_-") || isAnyOf(definers, n.wordBefore(text))
}

var definers = strings.Fields("#define setenv export env set")

// isDefined reports whether a value without quotes is given to a name: ENV name value,
// set name value; and aws configure set name value, where name and value are no words of prose.
func (n *name) isDefined(text string, value int) bool {
	if value >= len(text) || isLineEnd(text, value) {
		return false
	}
	switch n.wordBefore(text) {
	case "ENV", "setenv", "setx":
		return true
	case "set":
		end := runOfValue(text, value)
		return hasPrefixAt(text, end, ";") || strings.ContainsAny(text[n.start:n.end], "_-") && isSingle(text[value:end])
	}
	return false
}

// wordBefore returns the word in front of a name.
func (n *name) wordBefore(text string) string {
	const longest = 8
	end := n.start
	if end == 0 || !IsBlank(text[end-1]) {
		return ""
	}
	end--
	start := end
	for start > 0 && end-start < longest && !IsSpace(text[start-1]) {
		start--
	}
	return text[start:end]
}

// isSingle reports whether a string is one word of letters and digits, as names in prose,
// which have dashes, are not.
func isSingle(value string) bool { return isMixed(value) && Alnum.End(value, 0) == len(value) }

// StatedAt returns what a statement has as a value at a place: a string, with what encloses
// it, or a word with letters and digits.
func (c *Cursor) StatedAt(at int) (start, end int, found bool) {
	text := c.Text
	a := Assignment{Value: blanksEnd(text, at)}
	start, end = c.ValueOf(a, OneWord)
	isString := start > a.Value || beginsString(text, a.Value)
	return start, end, start < end && (isString || isMixed(text[start:end]))
}
