package text

import "strings"

// name is a word in a text that may be the name of a value, and what encloses it.
type name struct {
	start, end int
	// after is behind what encloses the name, and quote the sign that does, if any.
	after int
	quote byte
	// words is how many words are between start and end, less one.
	words int
}

// maxNameLen is the length in bytes of the longest name that is looked for in a text.
const maxNameLen = 64

// nameAt returns the name that has a word at a place.
func nameAt(text string, at int) name {
	n := name{end: nameChars.EndWithin(text, at, maxNameLen)}
	if dots := strings.Index(text[at:n.end], leader); dots > 0 {
		n.end = at + dots
	}
	n.end -= len(typographic(text[at:n.end]))
	n.start = nameStart(text, n.end)
	n.leave(text)
	return n
}

// nextWord goes on to the next word, as in "card number:", and reports whether there is one.
func (n *name) nextWord(text string) bool {
	end := n.end
	if end+1 >= len(text) || text[end] != ' ' || !nameChars[text[end+1]] {
		return false
	}
	n.end = nameChars.EndWithin(text, end+1, maxNameLen)
	n.words++
	n.leave(text)
	return true
}

// leave passes what ends a name: quotes, brackets and emphasis.
func (n *name) leave(text string) {
	const maxSigns = 6
	n.after, n.quote = n.end, 0
	for range maxSigns {
		end := n.signEnd(text, n.after)
		if end == n.after {
			return
		}
		n.after = end
	}
}

// signEnd returns the end of a sign behind the name, or the place.
func (n *name) signEnd(text string, at int) int {
	if at >= len(text) {
		return at
	}
	switch c := text[at]; {
	case isQuote(c):
		n.quote = c
		return at + 1
	case c == '\\':
		if quote := backslashesEnd(text, at); quote < len(text) && isQuote(text[quote]) {
			n.quote = text[quote]
			return quote + 1
		}
	case c >= 0x80:
		for _, quotes := range typographicQuotes {
			if hasPrefixAt(text, at, quotes[1]) {
				n.quote = '"'
				return at + len(quotes[1])
			}
		}
	case c == ']' || c == '*':
		return at + 1
	case c == '[': // user[token][eq]=…, password[]=…
		if index := Alnum.EndWithin(text, at+1, maxNameLen); index < len(text) && text[index] == ']' {
			return index + 1
		}
	}
	return at
}

// typeEnd returns where the operator behind a name must be: behind blanks, and a type as
// in Go: var token string = …
func (n *name) typeEnd(text string) int {
	at := blanksEnd(text, n.after)
	if at == n.after || at >= len(text) || !typeStarts[text[at]] {
		return at
	}
	if end := typeNameEnd(text, at); isTypeName(text[at:end]) {
		if behind := blanksEnd(text, end); hasPrefixAt(text, behind, "=") || hasPrefixAt(text, behind, ":=") {
			return behind
		}
	}
	return at
}

// isNamespace reports whether a name is one in a tag: <auth:user>.
func (n *name) isNamespace(text string) bool {
	return n.start > 0 && (text[n.start-1] == '<' || text[n.start-1] == '/' && n.start > 1 && text[n.start-2] == '<') &&
		n.after < len(text) && n.after+1 < len(text) && text[n.after] == ':' && IsLetter(text[n.after+1])
}

// isField reports whether a name is in a list whose members end in a semicolon.
func (n *name) isField(text string) bool {
	const maxBlanks = 64
	return strings.HasSuffix(strings.TrimRight(text[max(0, n.start-maxBlanks):n.start], " "), ";")
}

// isOption reports whether a name is an option of a command line: --token, -token.
func (n *name) isOption(text string) bool {
	if n.words > 0 || !strings.HasPrefix(text[n.start:n.end], "-") || n.end-n.start < len("-p") {
		return false
	}
	return n.start == 0 || IsSpace(text[n.start-1]) || isQuote(text[n.start-1]) || text[n.start+1] == '-'
}

// endsString reports whether a quote at a place only ends the string that the name
// stands in: 'Password: '.
func (n *name) endsString(text string, at int) bool {
	if n.quote != 0 || !isQuote(text[at]) || isOpening(text, at) {
		return false
	}
	before, found := nameBefore(text, n.end)
	start := n.end - len(before)
	return found && start > 0 && text[start-1] == text[at]
}

// describe says what the value is called: the name, with up to two words before it.
func (n *name) describe(text string, a *Assignment) {
	a.Name, _ = nameBefore(text, n.end)
	if first := n.end - len(a.Name); first > 0 && a.Name != "" && escaped(text, first+1) {
		a.Unescaped = a.Name[1:]
	}
}

func nameStart(text string, end int) int {
	start := end
	for start > 0 && end-start < maxNameLen && nameChars[text[start-1]] {
		start--
	}
	return start
}

// nameBefore returns the name that ends at a place: a name, with up to two words in
// front of it.
func nameBefore(text string, end int) (string, bool) {
	start, blanks := end, 0
	for start > 0 && end-start < maxNameLen {
		c := text[start-1]
		if c == ' ' && start < end && text[start] != ' ' && blanks < 2 {
			blanks++
		} else if !nameChars[c] {
			break
		}
		start--
	}
	name := strings.TrimLeft(text[start:end], " .-")
	return name, name != ""
}
