package text

import "strings"

// stringAt returns what is in the string that begins at a place, with what may be in
// front of its quotes: b'…', N'…', $@"…", """…""", string(5) "…".
func stringAt(text string, at int) (start, end int, found bool) {
	for _, quotes := range typographicQuotes {
		if hasPrefixAt(text, at, quotes[0]) {
			start = at + len(quotes[0])
			return start, closingQuote(text, start, quotes[1]), true
		}
	}
	prefix := stringPrefixEnd(text, at)
	quote := quoteAt(text, prefix)
	if quote == "" || prefix > at && !stringPrefixes[strings.ToLower(text[at:prefix])] && !isLengthOfString(text[at:prefix]) {
		return at, at, false
	}
	start = prefix + len(quote)
	if triple := strings.Repeat(quote, 3); quote != "`" && hasPrefixAt(text, prefix, triple) {
		start, end = trimmed(text, prefix+len(triple), closingQuote(text, prefix+len(triple), triple))
		return start, end, true
	}
	if quote == "`" {
		line := text[:min(len(text), start+maxInside)]
		end = closingQuote(line, start, quote)
		return start, end, end < len(line)
	}
	end = closingQuote(text, start, quote)
	if end == start && isOpening(text, end) { // a quote in a string of CSV is two
		return start + 1, closingQuote(text, start+1, quote+quote), true
	}
	if len(quote) == 1 {
		end = pastDoubled(text, start, end)
	}
	return start, end, true
}

// pastDoubled returns where a string ends in which quotes are doubled, as in SQL and CSV:
// 'it”s'. Behind one that is, each pair is; before, what follows must go on with it.
func pastDoubled(text string, start, end int) int {
	const maxDoubled = 64
	for n := 0; n < maxDoubled && start < end && end+1 < len(text) && text[end+1] == text[end]; n++ {
		behind := end + 2
		if n == 0 && (behind == len(text) || !IsAlnum(text[behind]) && text[behind] != text[end]) {
			return end
		}
		next := closingQuote(text, behind, text[end:end+1])
		if next == len(text) {
			return end
		}
		end = next
	}
	return end
}

// typographicQuotes are what begins and ends a string in prose.
var typographicQuotes = [][2]string{{"“", "”"}, {"„", "“"}, {"‘", "’"}, {"«", "»"}}

// typographic returns the quote that a text ends in, or nothing.
func typographic(text string) string {
	if text == "" || text[len(text)-1] < 0x80 {
		return ""
	}
	for _, quotes := range typographicQuotes {
		if strings.HasSuffix(text, quotes[1]) {
			return quotes[1]
		}
	}
	return ""
}

// stringPrefixes are what languages write in front of quotes: Python, SQL, C and C#, and
// MySQL the character set.
var stringPrefixes = map[string]bool{
	"b": true, "r": true, "u": true, "f": true, "br": true, "rb": true, "fr": true, "rf": true, "ur": true, "n": true, "e": true, "x": true, "u&": true,
	"l": true, "u8": true, "@": true, "$": true, "$@": true, "@$": true, "_utf8": true, "_utf8mb4": true, "_latin1": true, "_binary": true, "s": true, "c": true,
}

var prefixChars = NewCharset("A-Za-z0-9_@$&")

func stringPrefixEnd(text string, at int) int {
	const maxPrefix = 9
	if isLength := hasPrefixAt(text, at, "string("); isLength {
		end := Digits.EndWithin(text, at+len("string("), maxPrefix)
		return blanksEnd(text, min(len(text), end+1))
	}
	return prefixChars.EndWithin(text, at, maxPrefix)
}

// isLengthOfString reports whether it is what PHP prints before a string: string(5).
func isLengthOfString(prefix string) bool {
	return strings.HasPrefix(prefix, "string(") && strings.HasSuffix(prefix, ") ")
}

// trimmed returns a part of a text without the blanks around it.
func trimmed(text string, start, end int) (int, int) {
	for start < end && IsSpace(text[start]) {
		start++
	}
	for end > start && IsSpace(text[end-1]) {
		end--
	}
	return start, end
}

// unwrap returns the string that is all that a call or brackets have in them:
// SecretStr('…'), Some(Secret("…")), ["…"]. Else it is the whole.
func unwrap(text string, start, end int) (int, int) {
	const maxCalls = 4
	inner, last := start, end
	for range maxCalls {
		open := inner
		for open < last && (typeChars[text[open]] || text[open] == ':') {
			open++
		}
		if isEnvironment := strings.Contains(strings.ToLower(text[inner:open]), "env"); isEnvironment {
			return start, end // that says where the value comes from
		}
		if open >= last || strings.IndexByte("([", text[open]) < 0 || !closes(text[open], text[last-1]) {
			return start, end
		}
		inner, last = trimmed(text, open+1, last-1)
		if name := typeChars.End(text[:last], inner); name > inner && name < last && text[name] == '=' { // Secret(value='…')
			inner = name + 1
		}
		if from, to, found := stringAt(text[:last], inner); found {
			if to == last-1 {
				return from, to
			}
			return start, end
		}
	}
	return start, end
}

func closes(open, last byte) bool { return open == '(' && last == ')' || open == '[' && last == ']' }

// closingQuote returns where a string ends, or the end of the text.
func closingQuote(text string, at int, quote string) int {
	for i := at; i < len(text); i++ {
		if strings.HasPrefix(text[i:], quote) {
			return i
		}
		if text[i] == '\\' && quote[0] != '\\' {
			i++
		}
	}
	return len(text)
}

// closingBracket returns the end of a container, or of the text.
func closingBracket(text string, at int) int {
	depth := 0
	for i := at; i < len(text); i++ {
		switch c := text[i]; c {
		case '"', '\'':
			i = closingQuote(text, i+1, string(c))
		case '{', '[', '(':
			depth++
		case '}', ']', ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}
