package text

import (
	"slices"
	"strings"
)

// maxTag is the length in bytes of the longest tag that is looked into.
const maxTag = 512

// tagged is the form of markup: <name attribute="…">value</name>.
func tagged(c *Cursor, n name) (a Assignment, found bool) {
	text := c.Text
	if n.after != n.end || !n.isTag(text) {
		return a, false
	}
	tag := tagEnd(text, n.end)
	if tag < 0 {
		return a, false
	}
	if value := blanksEnd(text, n.end); quoteAt(text, value) != "" { // <Token 'value'>
		a.Value = value
		return a, true
	}
	a.Value, a.end = contentOf(text, tag)
	return a, a.Value < a.end
}

// isTag reports whether a name is that of a start tag.
func (n *name) isTag(text string) bool {
	start := n.start
	if start > 1 && text[start-1] == ':' {
		start = nameStart(text, start-1)
	}
	return start > 0 && text[start-1] == '<'
}

// tagEnd returns the end of a start tag that has something in it, or -1.
func tagEnd(text string, at int) int {
	text = text[:min(len(text), at+maxTag)]
	for i := at; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\'':
			i = closingQuote(text, i+1, text[i:i+1])
		case c == '>' && text[i-1] == '/' || c == '<':
			return -1
		case c == '>':
			return i + 1
		case i == at && !IsSpace(c):
			return -1
		}
	}
	return -1
}

// contentOf returns what an element has in it, behind its start tag: a text, or a
// CDATA section.
func contentOf(text string, at int) (start, end int) {
	const cdata, maxCDATA = "<![CDATA[", 64 << 10
	start = spacesEnd(text, at)
	if hasPrefixAt(text, start, cdata) {
		start += len(cdata)
		rest := text[start:min(len(text), start+maxCDATA)]
		if i := strings.Index(rest, "]]>"); i >= 0 {
			return start, start + i
		}
		return start, start + len(rest)
	}
	if end = strings.IndexByte(text[start:], '<'); end < 0 {
		if start > at {
			return at, at // <token> is only a word to fill in
		}
		return start, runOfValue(text, start)
	}
	return trimmed(text, start, start+end)
}

// childOf is contentOf, also of the first element in it, if that is for values:
// <value>…</value>.
func childOf(text string, at int) (start, end int) {
	first := spacesEnd(text, at)
	if !hasPrefixAt(text, first, "<") {
		return contentOf(text, at)
	}
	name := nameChars.EndWithin(text, first+1, maxNameLen)
	if tag := tagEnd(text, name); tag >= 0 && isAnyOf(valueElements, text[first+1:name]) {
		return contentOf(text, tag)
	}
	return contentOf(text, at)
}

var valueElements = strings.Fields("value val string text content data")

// isAnyOf reports whether a word is one of several, whatever the case.
func isAnyOf(words []string, word string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, word) })
}
