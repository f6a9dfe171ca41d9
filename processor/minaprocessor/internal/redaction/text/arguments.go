package text

import "strings"

// Argument is a part of a command line, without quotes around it.
type Argument struct{ Start, End int }

// In returns the argument in its text.
func (a Argument) In(text string) string { return text[a.Start:a.End] }

// The bounds of a command line: how many arguments, and bytes.
const (
	maxArguments = 32
	maxCommand   = 2 << 10
)

// ArgumentsAt returns the arguments of the command line that a program's name at a place
// begins: as a shell has it (POSIX.1-2017, XCU 2.2), up to what ends a command, or as a list
// of strings, as Python and JSON print it.
func ArgumentsAt(text string, at int) []Argument {
	name := at
	for name > 0 && at-name < maxNameLen && (WordChars[text[name-1]] || strings.IndexByte("/.-", text[name-1]) >= 0) {
		name--
	}
	end := min(len(text), at+maxCommand)
	if name > 0 && (text[name-1] == '"' || text[name-1] == '\'') && isListed(text, at) {
		return listed(text[:end], at, text[name-1])
	}
	return shellArguments(text[:end], at)
}

// isListed reports whether a comma follows the string that goes on at a place.
func isListed(text string, at int) bool {
	end := TokenDots.End(text, at)
	rest := strings.TrimLeft(text[min(len(text), end+1):min(len(text), end+4)], " ")
	return end < len(text) && (text[end] == '"' || text[end] == '\'') && strings.HasPrefix(rest, ",")
}

// listed returns the strings of a list from a place in the first of them on.
func listed(text string, at int, quote byte) (args []Argument) {
	for len(args) < maxArguments {
		end := closingQuote(text, at, string(quote))
		args = append(args, Argument{at, end})
		if at = end + 1; at >= len(text) {
			return args
		}
		next := at
		for next < len(text) && (IsSpace(text[next]) || text[next] == ',') {
			next++
		}
		if next == at || next >= len(text) || text[next] != '"' && text[next] != '\'' {
			return args
		}
		quote, at = text[next], next+1
	}
	return args
}

// shellArguments returns the arguments from a place on.
func shellArguments(text string, at int) (args []Argument) {
	for len(args) < maxArguments {
		for at < len(text) && (text[at] == ' ' || text[at] == '\t') {
			at++
		}
		if at >= len(text) || strings.IndexByte("\r\n|;&)`", text[at]) >= 0 {
			return args
		}
		if quote := text[at]; quote == '"' || quote == '\'' {
			end := closingQuote(text, at+1, string(quote))
			args = append(args, Argument{at + 1, end})
			at = end + 1
			continue
		}
		end := at
		for end < len(text) && strings.IndexByte(" \t\r\n|;&)`", text[end]) < 0 && !EscapeAt(text, end) {
			if quote := text[end]; (quote == '"' || quote == '\'') && end > at {
				closing := closingQuote(text, end+1, string(quote))
				if closing == len(text) {
					break // it closes what the command stands in
				}
				end = closing
			}
			end++
		}
		end = min(end, len(text))
		if end == at {
			return args
		}
		args = append(args, Argument{at, end})
		at = end
	}
	return args
}
