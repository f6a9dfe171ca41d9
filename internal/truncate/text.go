package truncate

import "strings"

// Mark is where a text was cut: its end, or the first line of a traceback.
const Mark = "… [truncated]"

const firstLine = Mark + "\n"

// longestPlaceholder is the length of the longest text in brackets that a cut does not
// divide: what redaction has put in the place of a secret.
const longestPlaceholder = 128

// Text cuts a text that is longer than so many bytes, and says so at its end. A text
// that is cut again says so once.
func Text(text string, most int) string {
	if len(text) <= most {
		return text
	}
	kept := strings.TrimSuffix(text, Mark)
	kept = kept[:min(len(kept), max(most-len(Mark), 0))]
	return strings.ToValidUTF8(beforeOpenBracket(kept), "") + Mark
}

// beforeOpenBracket leaves out a placeholder that has lost its end.
func beforeOpenBracket(text string) string {
	tail := text[max(0, len(text)-longestPlaceholder):]
	open := strings.LastIndexByte(tail, '[')
	if open < 0 || strings.IndexByte(tail[open:], ']') >= 0 {
		return text
	}
	return text[:len(text)-len(tail)+open]
}

// Tail does as Text does, but keeps the end: whole lines, if they are not too long.
func Tail(text string, most int) string {
	if len(text) <= most {
		return text
	}
	whole := strings.TrimPrefix(text, firstLine)
	kept := whole[max(0, len(whole)-max(most-len(firstLine), 0)):]
	if before := len(whole) - len(kept); before > 0 && whole[before-1] != '\n' {
		kept = fromNextLine(kept)
	}
	return firstLine + kept
}

// fromNextLine leaves out a line that has lost its beginning, or of a very long one what
// cannot begin a text.
func fromNextLine(text string) string {
	if _, lines, ok := strings.Cut(text, "\n"); ok && len(lines) >= len(text)/2 {
		return lines
	}
	return strings.ToValidUTF8(afterCloseBracket(text), "")
}

// afterCloseBracket leaves out a placeholder that has lost its beginning.
func afterCloseBracket(text string) string {
	head := text[:min(len(text), longestPlaceholder)]
	end := strings.IndexByte(head, ']')
	if end < 0 || strings.IndexByte(head[:end], '[') >= 0 {
		return text
	}
	return text[end+1:]
}

// endsMatter reports whether a text says most at its end, as tracebacks do.
func endsMatter(key, text string) bool {
	switch key[strings.LastIndexByte(key, '.')+1:] {
	case "stacktrace", "stack_trace", "traceback", "stack", "exc_info", "exc_text", "stack_info":
		return true
	}
	return strings.HasPrefix(text, "Traceback (most recent call last):")
}
