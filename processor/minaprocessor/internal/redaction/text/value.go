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

// ValueOf returns the value of an assignment, without what encloses it.
func (c *Cursor) ValueOf(a Assignment, form ValueForm) (start, end int) {
	text, at := c.Text, a.Value
	if at >= len(text) {
		return at, at
	}
	if a.end > 0 {
		if start, end, found := stringAt(text[:a.end], at); found && end+1 == a.end {
			return start, end
		}
		return at, a.end
	}
	if start, end, found := stringAt(text, at); found {
		if last := stringsEnd(text, end+1); last > end+1 {
			return at, last
		}
		return start, end
	}
	switch first := text[at]; {
	case first == '{' || first == '[' || first == '(':
		end = closingBracket(text, at)
		if more := c.goesOn(at, end); more > end && strings.Trim(text[end:more], ".") != "" {
			return at, more
		}
		return at, end
	case form == Header:
		return at, headerEnd(c, at)
	case a.isField:
		return at, c.fieldEnd(at)
	case form == SeveralWords:
		return at, c.wordsEnd(at)
	}
	end = c.plainEnd(at)
	if isSourceLine(text, at) && isExpression(text[at:end]) {
		return at, at
	}
	return unwrap(text, at, end)
}

var (
	valueEnds = NewCharset(" \t\r\n,;&)]}<>\"'`|\\\x1b")
	closers   = NewCharset(")]}")
)

// plainEnd returns the end of a value without quotes.
func (c *Cursor) plainEnd(at int) int { return c.goesOn(at, at) }

// goesOn returns the end of a value of which some is known. It goes on over what belongs
// to it: the brackets of a call, and a string that begins in it.
func (c *Cursor) goesOn(at, from int) int {
	const maxParts = 8
	end := c.runOfValue(from)
	for range maxParts {
		if end == at || end == len(c.Text) {
			break
		}
		next := insideEnd(c.Text, end)
		if next == end {
			break
		}
		wasOpen := next == end+1
		if end = c.runOfValue(next); wasOpen {
			break // nor are those in it closed
		}
	}
	return sentenceEnd(c.Text, at, end)
}

// maxInside is the length in bytes of the longest call or string inside of a value.
const maxInside = 4096

// insideEnd returns the end of a string or of the brackets of a call that begin inside
// of a value, or the place.
func insideEnd(text string, at int) int {
	window := text[:min(len(text), at+maxInside)]
	switch {
	case isCall(text, at):
		if end := closingBracket(window, at); closers[window[end-1]] || len(window) == len(text) && beginsString(text, at+1) {
			return end
		}
		return at + 1
	case isOpening(text, at):
		if end := stringsEnd(window, at); end > at && !strings.ContainsAny(window[at:end], " \t\r\n") {
			return end
		}
		return at + 1
	}
	return at
}

// stringsEnd returns the end of the strings that begin at a place and follow each other
// without a blank, or the place.
func stringsEnd(text string, at int) int {
	end := at
	for end < len(text) && isOpening(text, end) {
		closing := closingQuote(text, end+1, text[end:end+1])
		if closing == len(text) {
			return end
		}
		end = closing + 1
	}
	return end
}

func beginsString(text string, at int) bool {
	_, _, found := stringAt(text, at)
	return found
}

// isOpening reports whether a quote at a place begins a string, as in granite'42'fox,
// where it could also end one that the value stands in.
func isOpening(text string, at int) bool {
	return at+1 < len(text) && isQuote(text[at]) && IsAlnum(text[at+1])
}

// isCall reports whether a bracket at a place, in a value, is that of a call or an index:
// Secret('…'), row[1].
func isCall(text string, at int) bool {
	return (text[at] == '(' || text[at] == '[') && at > 0 && (nameChars[text[at-1]] || closers[text[at-1]])
}

// runOfValue returns the end of the bytes that a value without quotes has, from a place
// in it on. It is searched once, however many names are in it.
func (c *Cursor) runOfValue(at int) int {
	if at < c.plain.start || at >= c.plain.end {
		c.plain.start, c.plain.end = at, runOfValue(c.Text, at)
	}
	return c.plain.end
}

func runOfValue(text string, at int) int {
	end := at
	for end < len(text) {
		c := text[end]
		switch {
		case (c == '(' || c == '[') && isCall(text, end):
			return end
		case c == '\\' && hasPrefixAt(text, end, `\ `): // a blank in a shell's word
			end++
		case !valueEnds[c]:
		case c == '\\' && !endsAtBackslash(text, end):
		case closers[c] && end > at && end+1 < len(text) && IsAlnum(text[end+1]): // it is inside: ab)cd
		case c == '|' && end > at && Digits.End(text, at) == end && isLongToken(text, end+1):
		default:
			return end
		}
		end++
	}
	return end
}

// isLongToken reports whether a token begins at a place, behind the id and the bar that are
// the rest of it: 7|9fk2…, as Flask-Login's cookie has it and Laravel's tokens.
func isLongToken(text string, at int) bool {
	const shortest = 40 // and longer than the id of a trace
	end := WordChars.EndWithin(text, at, maxInside)
	return end-at >= shortest && isMixed(text[at:end])
}

// endsAtBackslash reports whether a value ends at a backslash: that of a newline or of a
// quote.
func endsAtBackslash(text string, at int) bool {
	if at+1 == len(text) {
		return false
	}
	return EscapeAt(text, at) || isQuote(text[at+1]) || text[at+1] == '\\'
}

// sentenceEnd leaves out a full stop that ends the sentence, and not the value.
func sentenceEnd(text string, at, end int) int {
	for end > at+1 && text[end-1] == '.' && (end == len(text) || IsSpace(text[end])) {
		end--
	}
	return end
}

// wordsEnd returns the end of a value that has several words, up to the next option of a
// command line.
func (c *Cursor) wordsEnd(at int) int {
	text, end := c.Text, c.plainEnd(at)
	for end+1 < len(text) && text[end] == ' ' && !valueEnds[text[end+1]] && text[end-1] != '.' && !isOptionAt(text, end+1) {
		end = c.plainEnd(end + 1)
	}
	return end
}

func isOptionAt(text string, at int) bool {
	return text[at] == '-' && at+1 < len(text) && (IsLetter(text[at+1]) || text[at+1] == '-')
}

// fieldEnd returns the end of a value in a list with semicolons, as in the
// connection strings of ODBC, where blanks belong to it.
func (c *Cursor) fieldEnd(at int) int {
	const maxField = 256
	text, end := c.Text, c.plainEnd(at)
	if i := strings.IndexAny(text[end:min(len(text), at+max(maxField, end-at))], ";\"'\r\n\\"); i >= 0 && text[end+i] == ';' {
		return end + i
	}
	return end
}
