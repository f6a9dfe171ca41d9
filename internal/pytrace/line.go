package pytrace

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// kind is what a line is, told by itself.
type kind uint8

const (
	other kind = iota
	blank
	// indented is a line of source, markers below it, or a value.
	indented
	// header stands above the frames of an exception, and groupHeader above those of a
	// group. Of a group that has none, groupLine is the first line.
	header
	groupHeader
	groupLine
	// causeLine and contextLine stand between exceptions that led to one another.
	causeLine
	contextLine
	// stackHeader stands above calls that are of no exception.
	stackHeader
	// frame is a call. place is where a syntax error is, and above its line.
	frame
	place
	repeated
	// reportLine begins a report that the interpreter prints by itself, fatalLine the last
	// one, and originalLine the second part of one.
	reportLine
	fatalLine
	originalLine
	// remoteLine names an exception whose message is another process's traceback.
	remoteLine
	// warningLine is what the warnings module prints above the line of source.
	warningLine
)

var (
	headerText   = []byte("Traceback (most recent call last):")
	groupTitle   = []byte("Exception Group Traceback (most recent call last):")
	causeText    = []byte("The above exception was the direct cause of the following exception:")
	contextText  = []byte("During handling of the above exception, another exception occurred:")
	stackText    = []byte("Stack (most recent call last)")
	originalText = []byte("Original exception was:")
	loggingText  = []byte("--- Logging error ---")
	callText     = []byte("Call stack:")
	quoteText    = []byte(`"""`)
)

// kindOf tells what a line is.
func kindOf(line []byte) kind {
	line = bytes.TrimRight(line, " \t\r\n")
	if len(line) == 0 {
		return blank
	}
	switch line[0] {
	case ' ', '\t':
		return kindOfIndented(line)
	case 'T':
		switch {
		case bytes.Equal(line, headerText):
			return header
		case bytes.Equal(line, causeText):
			return causeLine
		case isStackHeader(line):
			return stackHeader
		}
	case 'D':
		if bytes.Equal(line, contextText) {
			return contextLine
		}
	case 'S', 'C', 'O':
		if isStackHeader(line) {
			return stackHeader
		}
	case 'F', '>', '+':
		return kindOfIndented(line)
	}
	return kindOfReport(line)
}

// isStackHeader tells the line above the calls of a logger or, by faulthandler, of a
// thread, and those that led to an object which the warnings module or asyncio tells of.
func isStackHeader(line []byte) bool {
	line = bytes.TrimSuffix(line, []byte(":"))
	return bytes.HasSuffix(line, []byte(" (most recent call first)")) || bytes.HasSuffix(line, []byte(" at (most recent call last)")) || bytes.Equal(line, stackText)
}

// kindOfIndented tells lines that Python indents, though something may have taken that
// off.
func kindOfIndented(line []byte) kind {
	text := bytes.TrimLeft(line, " \t")
	switch text[0] {
	case 'F', '>':
		if _, hasFunction, ok := parseFrame(text); ok && hasFunction {
			return frame
		} else if ok {
			return place
		}
	case '[':
		if _, ok := parseRepeated(text); ok {
			return repeated
		}
	case '+':
		if rest, ok := bytes.CutPrefix(text, []byte("+ ")); ok && bytes.Equal(rest, groupTitle) {
			return groupHeader
		}
	case '|':
		if bytes.HasPrefix(line, []byte("  | ")) && isGroup(line) {
			return groupLine
		}
	}
	if len(text) == len(line) {
		return kindOfReport(line)
	}
	return indented
}

// isGroup tells the message of a group by its end.
func isGroup(line []byte) bool {
	return bytes.HasSuffix(line, []byte(" sub-exceptions)")) || bytes.HasSuffix(line, []byte(" sub-exception)"))
}

// kindOfReport tells the first line of what the interpreter reports by itself.
func kindOfReport(line []byte) kind {
	ended := line[len(line)-1] == ':'
	switch line[0] {
	case '-':
		if bytes.Equal(line, loggingText) {
			return reportLine
		}
	case 'E':
		switch {
		case bytes.Equal(line, groupTitle):
			return header
		case bytes.HasPrefix(line, []byte("Exception ignored ")):
			return reportLine
		case ended && (bytes.HasPrefix(line, []byte("Exception in thread")) || bytes.HasPrefix(line, []byte("Error in sys.")) || bytes.HasPrefix(line, []byte("Error in atexit."))):
			return reportLine
		}
	case 'F':
		if bytes.HasPrefix(line, []byte("Fatal Python error: ")) {
			return fatalLine
		}
	case 'O':
		if bytes.Equal(line, originalText) {
			return originalLine
		}
	case 'P':
		if ended && isProcess(line) {
			return reportLine
		}
	}
	if ended && bytes.HasSuffix(line, []byte("RemoteTraceback:")) {
		if _, _, ok := cutClass(line); ok {
			return remoteLine
		}
	}
	if isWarning(line) {
		return warningLine
	}
	return other
}

// isWarning tells a line of the warnings module, without the line of source below it:
// /srv/mina/app.py:12: DeprecationWarning: utcnow() is deprecated.
func isWarning(line []byte) bool {
	at := bytes.Index(line, []byte("Warning: "))
	if at < 0 {
		return false
	}
	place, category, found := bytes.Cut(line[:at], []byte(": "))
	colon := bytes.LastIndexByte(place, ':')
	if !found || colon < 1 || !isPath(place[:colon]) || identifierEnd(category) != len(category) {
		return false
	}
	_, rest := cutNumber(place[colon+1:])
	return rest != nil && len(rest) == 0
}

// isPath reports whether a text is a file's path and not the head of a record, which
// has blanks or colons.
func isPath(text []byte) bool {
	isDrive := len(text) > 2 && text[1] == ':'
	return (isDrive || text[0] == '/' || bytes.IndexByte(text, ' ') < 0) && bytes.LastIndexByte(text, ':') < 2
}

// isProcess tells the name of a process that multiprocessing has given it:
// Process ForkPoolWorker-1:, Process Process-1:2:.
func isProcess(line []byte) bool {
	name, ok := bytes.CutPrefix(line, []byte("Process "))
	if !ok {
		return false
	}
	name, number, ok := bytes.Cut(name, []byte("-"))
	return ok && len(number) > 1 && len(bytes.Trim(number, "0123456789:")) == 0 &&
		(bytes.HasSuffix(name, []byte("Process")) || bytes.HasSuffix(name, []byte("PoolWorker")))
}

// call is a frame as it stands in a line.
type call struct {
	path, function []byte
	number         int
}

// parseFrame reads File "a.py", line 7, in f. The place of a syntax error has no
// function; loguru puts > before the frame in which the exception was caught.
func parseFrame(line []byte) (c call, hasFunction, ok bool) {
	line = bytes.TrimRight(bytes.TrimPrefix(line, []byte("> ")), " \t")
	line, ok = bytes.CutPrefix(line, []byte(`File "`))
	if !ok {
		return c, false, false
	}
	const between = `", line `
	at := bytes.LastIndex(line, []byte(between))
	if at < 0 {
		return c, false, false
	}
	c.path = line[:at]
	number, rest := cutNumber(line[at+len(between):])
	if rest == nil {
		return c, false, false
	}
	c.number = number
	if len(rest) == 0 {
		return c, false, true
	}
	c.function, hasFunction = bytes.CutPrefix(rest, []byte(", in "))
	return c, hasFunction, hasFunction
}

// parseRepeated reads how often the frame above was left out.
func parseRepeated(line []byte) (times int, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte("[Previous line repeated "))
	if !ok {
		return 0, false
	}
	times, rest = cutNumber(rest)
	return times, string(rest) == " more times]" || string(rest) == " more time]"
}

// cutNumber reads a number of few digits. Without one there is no rest.
func cutNumber(text []byte) (n int, rest []byte) {
	for i, c := range text {
		if c < '0' || c > '9' {
			if i == 0 {
				return 0, nil
			}
			return n, text[i:]
		}
		if i < 9 {
			n = 10*n + int(c-'0')
		}
	}
	if len(text) == 0 {
		return 0, nil
	}
	return n, text[len(text):]
}

// isMarkers tells the line below source that shows which part of it is meant.
func isMarkers(line []byte) bool { return len(bytes.Trim(line, " \t~^")) == 0 }

// cutClass cuts a line behind the class that it begins with, if there it ends, or a colon
// stands.
func cutClass(line []byte) (class, message []byte, ok bool) {
	end := classEnd(line)
	if end == 0 {
		return nil, nil, false
	}
	rest := line[end:]
	if len(bytes.TrimRight(rest, " \t")) == 0 {
		return line[:end], rest, true
	}
	if rest[0] != ':' || len(rest) > 1 && rest[1] != ' ' {
		return nil, nil, false
	}
	return line[:end], rest[1:], true
}

// classEnd returns where a dotted name ends: app.errors.load.<locals>.Missing. A module
// that is loaded by its path may have a dash.
func classEnd(line []byte) int {
	for at := 0; ; at++ {
		size := nameEnd(line[at:])
		end := at + size
		switch {
		case size == 0:
			return 0
		case end == len(line) || line[end] != '.':
			if bytes.IndexByte(line[at:end], '-') >= 0 {
				return 0
			}
			return end
		}
		at = end
	}
}

// nameEnd returns where an identifier ends, or one in angle brackets.
func nameEnd(text []byte) int {
	if bytes.HasPrefix(text, []byte("<")) {
		if end := 1 + identifierEnd(text[1:]); end > 1 && end < len(text) && text[end] == '>' {
			return end + 1
		}
		return 0
	}
	return identifierEnd(text)
}

func identifierEnd(text []byte) int {
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		if !isOfName(r, i == 0) {
			return i
		}
		i += size
	}
	return len(text)
}

func isOfName(r rune, isFirst bool) bool {
	switch {
	case r == '_' || unicode.IsLetter(r):
		return true
	case isFirst:
		return false
	}
	return r == '-' || unicode.In(r, unicode.Nd, unicode.Mn, unicode.Mc, unicode.Pc)
}

// exceptionNames are what the names of exceptions end in.
var exceptionNames = []string{"Error", "Exception", "Warning", "Interrupt", "Exit", "Iteration", "Timeout", "Group"}

// couldBeException tells what might be the class of an exception from other words.
func couldBeException(class []byte) bool {
	return looksLikeException(class) || bytes.IndexByte(class, '.') >= 0
}

func looksLikeException(class []byte) bool {
	for _, name := range exceptionNames {
		if bytes.HasSuffix(class, []byte(name)) {
			return true
		}
	}
	return false
}
