package text

import (
	"strings"
)

// Assignment is a name in a text and where its value begins.
type Assignment struct {
	Name string
	// Unescaped is the name without its first letter, where that may belong to an
	// escape: \npassword=…, but C:\token=…
	Unescaped string
	// Value is where the value begins.
	Value int
	// Prose says that the operator is one that prose has too.
	Prose bool
	// isField says that the name is in a list whose members end in a semicolon, and
	// isTag that the value is in an element of XML.
	isField, isTag bool
}

// maxNameLen is the length in bytes of the longest name that is looked for in a text.
const maxNameLen = 64

// AssignmentAt returns the name that the word at a place belongs to, with what
// stands between it and its value: = : => := and the like, the comma of a pair
// ('key', 'value'), the blank behind an option --key, the end of a tag <key>.
func (c *Cursor) AssignmentAt(at int) (a Assignment, found bool) {
	const maxWords, maxBlanks = 2, 3
	text := c.Text
	end := nameChars.End(text[:min(len(text), at+maxNameLen)], at)
	for words := 0; ; words++ {
		i := end
		for i < len(text) && text[i] == '\\' {
			i++
		}
		quoted := i < len(text) && (text[i] == '"' || text[i] == '\'')
		if quoted {
			i++
		} else {
			i = end
		}
		for i < len(text) && text[i] == ' ' && i-end < maxBlanks {
			i++
		}
		if i >= len(text) {
			return a, false
		}
		place := i
		switch operator := text[i]; {
		case operator == '=' || operator == ':':
			a.Value = i + 1
		case operator == ',' && quoted && isPair(text, end, i):
			a.Value = i + 1
		case operator == '>' && i == end && isTag(text, end):
			a.Value = i + 1
			a.isTag = true
		case !quoted && text[end] == ' ' && words == 0 && isOption(text, end):
			place, a.Value = end, end+1
		default:
			// "card number:" goes on with another word.
			if words == maxWords || text[end] != ' ' || end+1 >= len(text) || !nameChars[text[end+1]] || end-at > maxNameLen {
				return a, false
			}
			end = nameChars.End(text[:min(len(text), end+maxNameLen)], end+1)
			continue
		}
		a.Name, found = nameBefore(text, end)
		if first := end - len(a.Name); found && first > 0 && escaped(text, first+1) {
			a.Unescaped = a.Name[1:]
		}
		a.Prose = text[place] == ':' || text[place] == '='
		a.isField = strings.HasSuffix(strings.TrimRight(text[:nameStart(text, end)], " "), ";")
		for a.Value < len(text) && (text[a.Value] == '=' || text[a.Value] == '>' || text[a.Value] == ' ' || text[a.Value] == '\t') && !a.isTag {
			a.Value++
		}
		return a, found
	}
}

// isPair reports whether a quoted key and the comma behind it begin a pair:
// ('key', 'value').
func isPair(text string, end, comma int) bool {
	start := nameStart(text, end)
	if start < 2 || text[start-1] != text[end] || text[start-2] != '(' {
		return false
	}
	value := strings.TrimLeft(text[comma+1:min(len(text), comma+4)], " b")
	return value != "" && (value[0] == '"' || value[0] == '\'')
}

// isTag reports whether a name is that of a start tag.
func isTag(text string, end int) bool {
	start := nameStart(text, end)
	return start > 0 && (text[start-1] == '<' || text[start-1] == ':' && start > 1)
}

// isOption reports whether a name is an option of a command line.
func isOption(text string, end int) bool {
	start := nameStart(text, end)
	return strings.HasPrefix(text[start:end], "--") && end+1 < len(text) && text[end+1] != '-' && text[end+1] != ' '
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
