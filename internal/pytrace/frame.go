package pytrace

import "bytes"

// call is a frame as it stands in a line.
type call struct {
	path, function []byte
	number         int
}

// parseFrame reads File "a.py", line 7, in f. The place of a syntax error has no
// function; loguru puts > before the frame in which the exception was caught.
func parseFrame(line []byte) (c call, hasFunction, ok bool) {
	line = trimEnd(bytes.TrimPrefix(line, []byte("> ")))
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
