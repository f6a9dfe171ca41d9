package pytrace

import (
	"bytes"
	"math"
)

// Begins reports whether a line begins what the interpreter prints of an exception.
func Begins(line []byte) bool { return begins(kindOf(line)) }

func begins(k kind) bool {
	switch k {
	case header, groupHeader, groupLine, place, reportLine, fatalLine, threadHeader, remoteLine, warningLine:
		return true
	}
	return false
}

// IsReport reports whether a line begins what the interpreter reports by itself, which
// is no part of a record: an exception of a thread, a destructor or the logging module,
// a warning, what its threads do, or its own end.
func IsReport(line []byte) bool {
	k := kindOf(line)
	return k == reportLine || tellsOfNone(k)
}

// tellsOfNone reports whether a line begins a report that tells of no exception.
func tellsOfNone(k kind) bool { return k == fatalLine || k == threadHeader || k == warningLine }

// IsWarning reports whether a line is one that the warnings module prints.
func IsWarning(line []byte) bool { return kindOf(line) == warningLine }

// Lines follows the lines of a bare traceback, to find where it ends. The zero value
// follows none.
type Lines struct {
	stage stage
	// behind counts the lines behind the exception's.
	behind uint8
	// quotes, isRemote and endsInColon are as in message.
	quotes                uint8
	isRemote, endsInColon bool
}

// stage is what a bare traceback goes on with.
type stage uint8

const (
	nothing stage = iota
	// another exception comes behind the first line of a report, or another exception.
	another
	calls
	tree
	// rest is what stands behind the exception's line: its message, and anything else;
	// stack is calls that are of no exception, and source that of a warning.
	rest
	stack
	source
)

// maxBehind is how many lines a bare traceback may have behind its exception's line.
const maxBehind = 64

// Begin follows the traceback that a line begins.
func Begin(line []byte) (l Lines) {
	l.begin(kindOf(line))
	return l
}

func (l *Lines) begin(k kind) {
	switch *l = (Lines{}); k {
	case header, place:
		l.stage = calls
	case groupHeader, groupLine:
		l.stage = tree
	case reportLine:
		l.stage = another
	case fatalLine:
		l.stage = rest
	case threadHeader:
		l.stage = stack
	case remoteLine:
		l.stage, l.isRemote = rest, true
	case warningLine:
		l.stage = source
	}
}

// Continues reports whether the line behind those belongs to the traceback too. It goes
// on with any line that does not plainly begin something else.
func (l *Lines) Continues(line []byte) bool {
	line = trimEnd(line)
	k := kindOf(line)
	switch {
	case l.stage == nothing:
		return false
	case k == blank:
		return true
	case l.isQuoted(line, k):
		return true
	case k == causeLine, k == contextLine, k == originalLine:
		*l = Lines{stage: another}
		return true
	case k == stackHeader, k == threadHeader:
		l.beginStack()
		return true
	case l.stage == stack && (k == frame || k == indented):
		return true
	case l.stage == source:
		l.stage = nothing
		return k == indented
	case l.stage == tree && isOfTree(line):
		return true
	case begins(k):
		return l.goesOnWith(k)
	case l.stage == calls:
		return l.readCall(line, k)
	}
	return l.readRest(line, k)
}

// beginStack reads the line above calls, behind which a warning has only its source.
func (l *Lines) beginStack() {
	isWarning := l.stage == source
	if *l = (Lines{stage: stack}); isWarning {
		l.behind = maxBehind
	}
}

// isQuoted follows the quotes of remote tracebacks, in which anything may stand.
func (l *Lines) isQuoted(line []byte, k kind) bool {
	wasRemote, wasQuoted := l.isRemote, l.quotes > 0
	l.isRemote = k == remoteLine && (wasQuoted || l.stage == another)
	if !bytes.Equal(line, quoteText) {
		return wasQuoted
	}
	switch {
	case wasRemote && l.quotes < math.MaxUint8:
		l.quotes++
	case wasQuoted:
		l.quotes--
	}
	return wasRemote || wasQuoted
}

// goesOnWith reports whether a line that could begin a traceback is part of this one.
func (l *Lines) goesOnWith(k kind) bool {
	switch {
	case l.stage == another && k != reportLine && !tellsOfNone(k):
		l.begin(k)
		return true
	case k == place, k == warningLine && l.stage == calls: // another program's, in the middle
		return true
	case k == header && l.stage == rest && l.endsInColon:
		l.endsInColon = false
		return true
	}
	return false
}

// readCall reads a line above the exception's, or that line.
func (l *Lines) readCall(line []byte, k kind) bool {
	if k == other {
		l.stage, l.endsInColon = rest, endsInColon(line)
	}
	return true
}

// readRest reads a line below the exception's.
func (l *Lines) readRest(line []byte, k kind) bool {
	switch {
	case k == frame:
		l.behind = 0
	case l.behind == maxBehind:
		return false
	}
	if _, _, isNamed := cutClass(line); l.stage != another || isNamed {
		l.stage = rest
	}
	l.behind++
	l.endsInColon = endsInColon(line)
	return true
}

// isOfTree reports whether a line is one of an exception group.
func isOfTree(line []byte) bool {
	_, _, isText := cutMargin(line)
	_, _, isRule := cutRule(line)
	return isText || isRule
}
