package text

import "strings"

// Words under which there are a name and its value, beside each other.
var (
	namingWords = strings.Fields("name key k id header field variable param parameter property setting ParameterKey loc")
	valueWords  = strings.Fields("value val v content ParameterValue")
)

// maxObject is how far in bytes the members of an object are looked at.
const maxObject = 512

// beside is the form of two members of an object, or attributes of a tag, of which one
// has the name and the other the value: {"name": "token", "value": "…"}
func beside(c *Cursor, n name) (a Assignment, found bool) {
	text := c.Text
	word, start := n.naming(text)
	if word == "" || n.isAssigned(text) {
		return a, false
	}
	if isForm := n.inForm(text, start); isForm {
		return inPart(text, n.after)
	}
	from, isTag := start, false
	window := max(0, start-maxObject)
	if i := strings.LastIndexAny(text[window:start], "{}<>\n"); i >= 0 && strings.IndexByte("{<", text[window+i]) >= 0 {
		from, isTag = window+i+1, text[window+i] == '<'
	}
	if text[start] == '<' { // <key>name</key><string>value</string>
		if tag := strings.IndexByte(text[n.after:min(len(text), n.after+maxTag)], '>'); tag >= 0 {
			a.Value, a.end = childOf(text, n.after+tag+1)
		}
		return a, a.Value < a.end
	}
	if value := memberNamed(text, from, &n, word == "loc"); value >= 0 {
		a.Value = value
		return a, true
	}
	if tag := tagEnd(text, n.after); isTag && tag >= 0 {
		a.Value, a.end = childOf(text, tag)
	}
	return a, a.Value < a.end
}

// isAssigned reports whether an operator is behind the name.
func (n *name) isAssigned(text string) bool {
	at := blanksEnd(text, n.after)
	return operatorEnd(text, at) > at
}

// naming returns the word that a name stands under, and where that begins.
func (n *name) naming(text string) (word string, start int) {
	at := n.stringStart(text)
	if n.quote != 0 && at > 0 && strings.IndexByte("( ,", text[at-1]) >= 0 {
		if start := locStart(text, at); start >= 0 {
			return "loc", start
		}
	}
	for at > 0 && IsBlank(text[at-1]) {
		at--
	}
	if at == 0 || strings.IndexByte("=:>", text[at-1]) < 0 {
		return "", 0
	}
	end := at - 1
	isElement := text[end] == '>'
	for end > 0 && strings.IndexByte(" \"'\\", text[end-1]) >= 0 && !isElement {
		end--
	}
	start = end
	for start > 0 && IsLetter(text[start-1]) && end-start < maxNameLen {
		start--
	}
	if !isAnyOf(namingWords, text[start:end]) {
		return "", 0
	}
	if isElement {
		if start == 0 || text[start-1] != '<' {
			return "", 0
		}
		start--
	}
	return strings.ToLower(text[start:end]), start
}

// locStart returns where the path begins of which a name is an element, or -1: 'loc': ('body', 'name')
func locStart(text string, at int) int {
	const maxPath = 96
	window := max(0, at-maxPath)
	i := strings.LastIndex(text[window:at], "loc")
	if i < 0 || strings.ContainsAny(text[window+i:at], ")]}=") || !strings.ContainsAny(text[window+i:at], "([") {
		return -1
	}
	return window + i
}

// memberNamed returns where the value of a member begins that has a name's value, or -1.
func memberNamed(text string, from int, n *name, isInput bool) int {
	text = text[:min(len(text), n.end+maxObject)]
	for i := from; i < len(text); {
		end, isWord := memberWordEnd(text, i)
		if !isWord {
			if i >= n.end && strings.IndexByte("})]>;", text[i]) >= 0 && (text[i] != ']' && text[i] != ')' || !isInput) || endsItem(text, i) {
				return -1
			}
			i++
			continue
		}
		word := text[i:end]
		i = end
		at := blanksEnd(text, signsEnd(text, end))
		value := operatorEnd(text, at)
		if value == at {
			continue
		}
		value = blanksEnd(text, value)
		i = pastValue(text, value, n)
		hasName := value <= n.start && n.start < i
		if isValueWord(word, isInput) && value < len(text) && !hasName {
			return value
		}
	}
	return -1
}

func isValueWord(word string, isInput bool) bool {
	if isInput {
		return strings.EqualFold(word, "input")
	}
	return isAnyOf(valueWords, word)
}

func memberWordEnd(text string, at int) (end int, isWord bool) {
	if !IsLetter(text[at]) || at > 0 && WordChars[text[at-1]] {
		return at, false
	}
	return WordChars.End(text, at), true
}

// signsEnd returns the end of what closes the word of a member.
func signsEnd(text string, at int) int {
	at = backslashesEnd(text, at)
	if at < len(text) && isQuote(text[at]) {
		at++
	}
	return at
}

// pastValue returns the end of a member's value: where it has the name, that of the name.
func pastValue(text string, at int, n *name) int {
	if at >= len(text) {
		return at
	}
	var end int
	if _, last, found := stringAt(text, at); found {
		end = last + 1
	} else if strings.IndexByte("{[(", text[at]) >= 0 {
		end = closingBracket(text, at)
	} else {
		end = runOfValue(text, at)
	}
	if at <= n.start && n.start < end {
		return n.end
	}
	return min(end, len(text))
}

// endsItem reports whether a line ends at a place, and behind it there is an empty one,
// or the next of a list in YAML.
func endsItem(text string, at int) bool {
	next := blanksEnd(text, newlineEnd(text, at))
	return next > at && isLineEnd(text, at) && (isLineEnd(text, next) || hasPrefixAt(text, next, "- "))
}

// inForm reports whether the name is that of a part of a form (RFC 7578).
func (n *name) inForm(text string, start int) bool {
	const disposition, word = "form-data; ", "name="
	first := newlineEnd(text, n.after)
	return strings.HasSuffix(text[:start], disposition) || first > n.after && newlineEnd(text, first) > first && hasPrefixFold(text, start, word)
}

// inPart is the value of a part of a form: what is behind its headers, up to the boundary.
func inPart(text string, at int) (a Assignment, found bool) {
	line := at
	for range 4 {
		end := lineEnd(text[:min(len(text), line+maxObject)], line)
		next := newlineEnd(text, end)
		if next == end {
			return a, false
		}
		if value := newlineEnd(text, next); value > next {
			a.Value, a.end = value, partEnd(text, value)
			return a, a.Value < a.end
		}
		line = next
	}
	return a, false
}

// partEnd returns the end of a part of a form: the newline before its boundary.
func partEnd(text string, at int) int {
	const maxPart = 4096
	part := text[at:min(len(text), at+maxPart)]
	for _, boundary := range []string{"\r\n--", "\n--", `\r\n--`, `\n--`} {
		if i := strings.Index(part, boundary); i >= 0 {
			return at + i
		}
	}
	return at + len(part)
}
