package text

import "strings"

// ValueForm says how far a value without quotes goes.
type ValueForm int

// The forms of values.
const (
	// OneWord ends at a blank or at what separates members of a list.
	OneWord ValueForm = iota
	// SeveralWords goes on behind blanks.
	SeveralWords
	// Header is the value of an HTTP header such as Cookie or Authorization.
	Header
)

// ValueOf returns the value of an assignment, without its quotes.
func (c *Cursor) ValueOf(a Assignment, form ValueForm) (start, end int) {
	text, at := c.Text, a.Value
	if at >= len(text) {
		return at, at
	}
	if a.isTag {
		if i := strings.IndexByte(text[at:], '<'); i >= 0 {
			return at, at + i
		}
		return at, plainEnd(text, at)
	}
	switch first := text[at]; {
	case first == '"' || first == '\'':
		return at + 1, closingQuote(text, at+1, text[at:at+1])
	case first == '\\':
		quote := at
		for quote < len(text) && text[quote] == '\\' {
			quote++
		}
		if quote < len(text) && (text[quote] == '"' || text[quote] == '\'') {
			return quote + 1, closingQuote(text, quote+1, text[at:quote+1])
		}
	case (first == 'b' || first == 'r' || first == 'u' || first == 'f') && at+1 < len(text) && (text[at+1] == '"' || text[at+1] == '\''):
		return at + 2, closingQuote(text, at+2, text[at+1:at+2])
	case first == '{' || first == '[' || first == '(':
		end = closingBracket(text, at)
		if more := plainEnd(text, end); strings.Trim(text[end:more], ".") != "" {
			end = more
		}
		return at, end
	}
	switch {
	case form == Header:
		return at, headerEnd(text, at)
	case a.isField:
		return at, fieldEnd(text, at)
	case form == SeveralWords:
		return at, wordsEnd(text, at)
	}
	if at < c.plain.start || at >= c.plain.end {
		c.plain.start, c.plain.end = at, plainEnd(text, at)
	}
	end = c.plain.end
	if isSourceLine(text, at) && isExpression(text, at, end) {
		return at, at
	}
	return at, end
}

var (
	valueEnds = NewCharset(" \t\r\n,;&)]}<>\"'`|\\")
	closers   = NewCharset(")]}")
)

// plainEnd returns the end of a value without quotes.
func plainEnd(text string, at int) int {
	end := at
	for end < len(text) {
		c := text[end]
		switch {
		case !valueEnds[c]:
		case c == '\\' && !EscapeAt(text, end) && (end+1 == len(text) || text[end+1] != '"' && text[end+1] != '\'' && text[end+1] != '\\'):
		case closers[c] && end > at && end+1 < len(text) && IsAlnum(text[end+1]): // it is inside: ab)cd
		default:
			return sentenceEnd(text, at, end)
		}
		end++
	}
	return sentenceEnd(text, at, end)
}

// sentenceEnd leaves out a full stop that ends the sentence, and not the value.
func sentenceEnd(text string, at, end int) int {
	for end > at+1 && text[end-1] == '.' && (end == len(text) || IsSpace(text[end])) {
		end--
	}
	return end
}

// wordsEnd returns the end of a value that has several words.
func wordsEnd(text string, at int) int {
	end := plainEnd(text, at)
	for end+1 < len(text) && text[end] == ' ' && !valueEnds[text[end+1]] && text[end-1] != '.' {
		end = plainEnd(text, end+1)
	}
	return end
}

// fieldEnd returns the end of a value in a list with semicolons, as in the
// connection strings of ODBC, where blanks belong to it.
func fieldEnd(text string, at int) int {
	const maxField = 256
	end := plainEnd(text, at)
	if i := strings.IndexAny(text[end:min(len(text), at+max(maxField, end-at))], ";\"'\r\n\\"); i >= 0 && text[end+i] == ';' {
		return end + i
	}
	return end
}

// isSourceLine reports whether a place is in a line of source that a traceback
// shows: it is indented by four, and a line with the name of the file is above it.
func isSourceLine(text string, at int) bool {
	const maxLine, maxLines = 512, 6
	end := at
	for range maxLines {
		window := max(0, end-maxLine)
		start := window + strings.LastIndexByte(text[window:end], '\n') + 1
		if start == window && window > 0 {
			return false
		}
		line := text[start:end]
		if strings.HasPrefix(line, "  File ") {
			return true
		}
		if !strings.HasPrefix(line, "    ") || start == 0 {
			return false
		}
		end = start - 1
	}
	return false
}

// isExpression reports whether what stands for a value in a line of source only
// names it: get_token(…), self.token, os.environ[…].
func isExpression(text string, at, end int) bool {
	if end < len(text) && (text[end] == '(' || text[end] == '[') {
		return true
	}
	value := text[at:end]
	if i := strings.IndexAny(value, "(["); i > 0 {
		value = value[:i]
	}
	for i := range len(value) {
		if c := value[i]; !IsLetter(c) && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// headerEnd returns the end of a header's value: that of the line, or of the
// string that the header stands in.
func headerEnd(text string, at int) int {
	scheme := plainEnd(text, at)
	if strings.EqualFold(text[at:scheme], "digest") { // RFC 7616: name="value", …
		return lineEnd(text, at)
	}
	end := scheme
	for end < len(text) && strings.IndexByte("\r\n\"'`", text[end]) < 0 && !EscapeAt(text, end) && !strings.HasPrefix(text[end:], `\"`) {
		if text[end] == ',' || text[end] == ')' || text[end] == '}' || text[end] == ']' {
			break
		}
		if text[end] == ' ' && end > scheme && !isCookieOrScheme(text[at:end]) {
			break
		}
		end++
	}
	return max(end, scheme)
}

func lineEnd(text string, at int) int {
	for at < len(text) && text[at] != '\r' && text[at] != '\n' && !EscapeAt(text, at) {
		at++
	}
	return at
}

// isCookieOrScheme reports whether a header's value goes on behind a blank: behind
// a cookie, or behind the scheme of an Authorization header.
func isCookieOrScheme(value string) bool {
	return strings.HasSuffix(value, ";") || strings.IndexByte(value, ' ') < 0
}
