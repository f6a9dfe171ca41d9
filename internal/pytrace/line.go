package pytrace

import "bytes"

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
	// stackHeader stands above calls that are of no exception, and threadHeader above
	// those of a thread, which faulthandler prints.
	stackHeader
	threadHeader
	// frame is a call. place is where a syntax error is, and above its line.
	frame
	place
	repeated
	// reportLine begins a report that the interpreter prints by itself, fatalLine one that
	// tells of no exception, and originalLine the second part of one.
	reportLine
	fatalLine
	originalLine
	// remoteLine names an exception whose message is another process's traceback.
	remoteLine
	// warningLine is what the warnings module prints above the line of source.
	warningLine
)

// What Python prints around the exceptions of a traceback.
const (
	// Header stands above the frames of an exception, and GroupHeader, behind a margin,
	// above those of a group.
	Header      = "Traceback (most recent call last):"
	GroupHeader = "Exception Group " + Header
	// CauseLine and ContextLine stand between exceptions that led to one another: as it was
	// told, or as it happened.
	CauseLine   = "The above exception was the direct cause of the following exception:"
	ContextLine = "During handling of the above exception, another exception occurred:"
)

var (
	headerText   = []byte(Header)
	groupTitle   = []byte(GroupHeader)
	causeText    = []byte(CauseLine)
	contextText  = []byte(ContextLine)
	stackText    = []byte("Stack (most recent call last)")
	originalText = []byte("Original exception was:")
	loggingText  = []byte("--- Logging error ---")
	callText     = []byte("Call stack:")
	quoteText    = []byte(`"""`)
)

// firstLine returns the first line of a text, without the newline.
func firstLine(text []byte) []byte {
	if end := bytes.IndexByte(text, '\n'); end >= 0 {
		return text[:end]
	}
	return text
}

// trimEnd leaves out what a program, or what has carried the line, may have added to it.
func trimEnd(line []byte) []byte {
	end := len(line)
	for end > 0 && (line[end-1] == ' ' || line[end-1] == '\t' || line[end-1] == '\r' || line[end-1] == '\n') {
		end--
	}
	return line[:end]
}

// kindOf tells what a line is.
func kindOf(line []byte) kind {
	line = trimEnd(line)
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
		case isThreadHeader(line):
			return threadHeader
		case bytes.HasPrefix(line, []byte("Timeout (")) && bytes.HasSuffix(line, []byte(")!")):
			return fatalLine
		}
	case 'D':
		if bytes.Equal(line, contextText) {
			return contextLine
		}
	case 'S', 'C', 'O':
		switch {
		case isStackHeader(line):
			return stackHeader
		case isThreadHeader(line):
			return threadHeader
		}
	case 'F', '>', '+':
		return kindOfIndented(line)
	}
	return kindOfReport(line)
}

// isStackHeader tells the line above the calls that led to a record, or to an object
// which the warnings module or asyncio tells of.
func isStackHeader(line []byte) bool {
	line = bytes.TrimSuffix(line, []byte(":"))
	return bytes.HasSuffix(line, []byte(" at (most recent call last)")) || bytes.Equal(line, stackText)
}

// isThreadHeader tells Current thread 0x00007f2c1c7fe700 (most recent call first):.
func isThreadHeader(line []byte) bool {
	return bytes.HasSuffix(line, []byte(" (most recent call first):"))
}

// kindOfIndented tells lines that Python indents, though something may have taken that
// off.
func kindOfIndented(line []byte) kind {
	text := line
	for text[0] == ' ' || text[0] == '\t' {
		text = text[1:]
	}
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
