package text

import "strings"

// paired is the form of a pair: ('name', 'value'), ["name", "value"], also of an
// option in a list of arguments: '--name', 'value'.
func paired(c *Cursor, n name) (a Assignment, found bool) {
	text := c.Text
	if n.quote == 0 || n.after >= len(text) || text[n.after] != ',' {
		return a, false
	}
	a.Value = blanksEnd(text, n.after+1)
	if isLineEnd(text, a.Value) {
		a.Value = blanksEnd(text, newlineEnd(text, a.Value))
	}
	start, end, isString := stringAt(text, a.Value)
	if !isString {
		return a, false
	}
	if n.words == 0 && strings.HasPrefix(text[n.start:n.end], "-") {
		return a, start < end && text[start] != '-'
	}
	return a, n.isFirstOfTwo(text, start, end)
}

// isFirstOfTwo reports whether a name is the first of two in brackets. A list of two
// words that is in no other list may also be one of names.
func (n *name) isFirstOfTwo(text string, start, end int) bool {
	bracket := n.openerBefore(text)
	if bracket < 0 {
		return false
	}
	if isHeaders := text[bracket] == '[' && strings.HasSuffix(text[:bracketNameEnd(text, bracket)], "eaders"); isHeaders {
		return true
	}
	if text[bracket] == '(' && isSetter(text[:bracket]) {
		return true
	}
	behind := backslashesEnd(text, end)
	for behind++; behind < len(text) && IsSpace(text[behind]) && behind-end < maxBlanks; {
		behind++
	}
	switch {
	case behind < len(text) && strings.IndexByte(")]}", text[behind]) < 0:
		return false
	case text[bracket] == '(' || text[bracket] == '{' && n.quote == '"': // { "name", "value" } of C
		return true
	}
	outer := bracket - 1
	for outer >= 0 && IsSpace(text[outer]) && bracket-outer < maxBlanks {
		outer--
	}
	return outer >= 0 && strings.IndexByte("[({,", text[outer]) >= 0 || !isName(text[start:end])
}

// isSetter reports whether a call is one that gives something a value: setenv("…", "…", 1)
func isSetter(before string) bool {
	function := strings.ToLower(before[nameStart(before, len(before)):])
	return strings.Contains(function, "set") || strings.Contains(function, "put") || strings.Contains(function, "add")
}

// openerBefore returns the place of the bracket in front of a quoted name, or -1. In a
// flat list of headers others may be between.
func (n *name) openerBefore(text string) int {
	const maxHeaders = 512
	at := n.stringStart(text) - 1
	for at >= 0 && IsSpace(text[at]) && n.start-at < maxBlanks {
		at--
	}
	switch {
	case at < 0:
		return -1
	case text[at] == '(' || text[at] == '[' || text[at] == '{':
		return at
	case text[at] != ',':
		return -1
	}
	window := max(0, at-maxHeaders)
	if i := strings.LastIndexAny(text[window:at], "[](){}"); i >= 0 && text[window+i] == '[' && strings.HasSuffix(text[:bracketNameEnd(text, window+i)], "eaders") {
		return window + i
	}
	return -1
}

// bracketNameEnd returns the end of the name that a list is under: rawHeaders: [
func bracketNameEnd(text string, bracket int) int {
	const maxSigns = 4
	end := bracket
	for end > 0 && bracket-end < maxSigns && strings.IndexByte(" :=\"'", text[end-1]) >= 0 {
		end--
	}
	return end
}

// stringStart returns where the string begins that the name is in.
func (n *name) stringStart(text string) int {
	at := n.start
	if at > 0 && isQuote(text[at-1]) {
		for at--; at > 0 && text[at-1] == '\\'; {
			at--
		}
		if at > 0 && strings.IndexByte("bu", text[at-1]) >= 0 && (at == 1 || !IsAlnum(text[at-2])) {
			at--
		}
	}
	return at
}

// isName reports whether a text may be a name itself, as that of a field.
func isName(text string) bool {
	for i := range len(text) {
		if c := text[i]; !IsLetter(c) && c != '_' && c != '.' {
			return false
		}
	}
	return true
}
