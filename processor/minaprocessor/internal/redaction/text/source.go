package text

import "strings"

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
func isExpression(value string) bool {
	name, _, isCall := strings.Cut(value, "(")
	if isCall && strings.ContainsAny(value, `"'`) {
		return false
	}
	if i := strings.IndexByte(name, '['); i > 0 {
		name = name[:i]
	}
	for i := range len(name) {
		if c := name[i]; !IsLetter(c) && c != '_' && c != '.' {
			return false
		}
	}
	return true
}
