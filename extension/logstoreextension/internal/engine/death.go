package engine

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// Death is how an engine has ended.
type Death struct {
	// Clean says that it has written everything before.
	Clean bool
	// Reason is the last that it said of itself, or else how it has ended.
	Reason string
	// Killed says that the end came from outside: by somebody, or for want of memory.
	Killed bool
}

// numbers are what differs between two deaths by the same cause: sizes, offsets,
// addresses, the names of parts.
var numbers = regexp.MustCompile(`0x[0-9a-fA-F]+|\b[0-9A-F]{16}\b|\d+`)

// Cause is the same for deaths by the same cause.
func (d Death) Cause() string { return numbers.ReplaceAllString(d.Reason, "#") }

// deathOf returns how a process has ended that has printed a text.
func deathOf(state *os.ProcessState, printed []byte) Death {
	if state.Success() {
		return Death{Clean: true, Reason: "it was asked to end"}
	}
	last, complaint := lastWords(printed)
	switch {
	case last != "":
		return Death{Reason: last}
	case state.ExitCode() < 0:
		return Death{Reason: state.String(), Killed: true}
	case complaint != "":
		return Death{Reason: fmt.Sprintf("%s: %s", state, complaint)}
	}
	return Death{Reason: state.String()}
}

// longestReason is how much is told of what an engine said, in bytes.
const longestReason = 300

// lastWords returns why a program says that it cannot go on: its last line of that kind,
// or else the first line of the runtime's. The complaint is the first line that is of no
// log, such as one of a program that is not for this machine, or does not know a flag.
func lastWords(printed []byte) (said, complaint string) {
	for line := range bytes.Lines(printed) {
		text := strings.TrimSpace(string(line))
		// 2026-11-26T17:01:36.951Z	panic	lib/mergeset/table.go:1619	FATAL: cannot parse "…"
		fields := strings.SplitN(text, "\t", 4)
		switch {
		case len(fields) == 4 && (fields[1] == "panic" || fields[1] == "fatal"):
			said = fields[3]
		case said == "" && (strings.HasPrefix(text, "panic: ") || strings.HasPrefix(text, "fatal error: ")):
			said = text
		case complaint == "" && len(fields) == 1:
			complaint = text
		}
	}
	return shown(said), shown(complaint)
}

// quoted is what a message quotes.
var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// shown leaves out what a message quotes that is no path, which may be of a record.
func shown(message string) string {
	message = quoted.ReplaceAllStringFunc(message, func(text string) string {
		if strings.HasPrefix(text, `"/`) && !strings.ContainsAny(text, "\\\n") {
			return text
		}
		return `"…"`
	})
	if len(message) > longestReason {
		message = strings.ToValidUTF8(message[:longestReason], "") + "…"
	}
	return message
}

func (d Death) String() string { return fmt.Sprintf("the engine has ended: %s", d.Reason) }
