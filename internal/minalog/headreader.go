package minalog

import (
	"bytes"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/pyformat"
	"github.com/mina-observability/otelcol-mina/internal/timestamp"
)

// The kinds of levels: which words are one at a place.
const (
	// upperLevels are those that are known, in upper case: all that tells one from a
	// sentence's first word.
	upperLevels pyformat.Levels = iota
	// anyCase are those that are known, where their place tells a level.
	anyCase
	// lowerLevels are those that are known, in lower case.
	lowerLevels
	// customLevels are all upper-case words, and "Level 35".
	customLevels
	// initials are single letters.
	initials
	// configured are all of these.
	configured
)

// headReader reads times and levels for the layouts, each once at a place. A place is
// how much of the line is left there.
type headReader struct {
	location *time.Location

	timePlace, timeLength int
	nanos                 int64

	levelPlace, levelLength int
	// known, upper and numbered are what can be said of the level.
	known, upper, numbered bool
}

// start begins with another line.
func (r *headReader) start() { r.timePlace, r.levelPlace = -1, -1 }

// Time reads a date and time at the head of a text.
func (r *headReader) Time(text []byte) (nanos int64, length int) {
	if r.timePlace != len(text) {
		r.timePlace, r.timeLength = len(text), 0
		if at, rest, ok := timestamp.Cut(text, r.location); ok {
			r.nanos, r.timeLength = int64(at), len(text)-len(rest)
		}
	}
	return r.nanos, r.timeLength
}

// Level reads the name of a level at the head of a text.
func (r *headReader) Level(text []byte, kind pyformat.Levels) (length int) {
	if r.levelPlace != len(text) {
		r.levelPlace, r.levelLength = len(text), levelLength(text)
		if r.levelLength > 0 {
			name := text[:r.levelLength]
			number, known := levelOfWord(name)
			r.numbered = bytes.HasPrefix(name, []byte(numbered))
			r.known, r.upper = r.numbered || known && number != plog.SeverityNumberUnspecified, isUpper(name)
		}
	}
	if r.levelLength > 0 && r.isLevel(text[0], kind) {
		return r.levelLength
	}
	return 0
}

func (r *headReader) isLevel(first byte, kind pyformat.Levels) bool {
	if r.levelLength == 1 {
		return (kind == initials || kind == configured) && strings.IndexByte("TDIWECF", first) >= 0
	}
	switch isLong := r.levelLength > 2; kind {
	case upperLevels:
		return isLong && r.known && r.upper
	case lowerLevels:
		return isLong && r.known && first >= 'a'
	case anyCase:
		return isLong && r.known
	case customLevels:
		return isLong && (r.upper || r.numbered)
	case configured:
		return r.known || r.upper || r.numbered
	}
	return false
}

const (
	// longestLevelName is how long in bytes the name of a level may be.
	longestLevelName = 32
	// numbered is what logging.getLevelName calls a level that has no name, in front of
	// its number.
	numbered = "Level "
)

// levelLength returns how many bytes the word at the head of a text is long, if it may
// be a level.
func levelLength(text []byte) (n int) {
	if bytes.HasPrefix(text, []byte(numbered)) {
		n = len(numbered)
		for n < len(text) && isDigit(text[n]) {
			n++
		}
		if n > len(numbered) {
			return n
		}
		n = 0
	}
	for n < min(len(text), longestLevelName) && (isLetter(text[n]) || text[n] == '_' || n > 0 && isDigit(text[n])) {
		n++
	}
	return n
}

// isUpper reports whether a name has no letters in lower case.
func isUpper(name []byte) bool {
	for _, c := range name {
		if 'a' <= c && c <= 'z' {
			return false
		}
	}
	return true
}
