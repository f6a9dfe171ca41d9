package pytrace

import "bytes"

// Raised returns the class and the message of the exception that a traceback ends in.
// It is false where the traceback is cut off before its last line. Python prints the
// cause before the effect, so it is the exception below the last head.
func Raised(text []byte) (class, message []byte, ok bool) {
	group := bytes.HasPrefix(text, groupTracebackHead)
	head := bytes.LastIndex(text, append([]byte("\n"), tracebackHead...)) + 1
	if group {
		head = 0
	}
	for line := range bytes.Lines(text[head:]) {
		start := head
		head += len(line)
		if group {
			if !bytes.HasPrefix(line, groupMargin) {
				continue
			}
			start += len(groupMargin)
			line = line[len(groupMargin):]
		}
		if Begins(line) || len(line) == 0 || line[0] == ' ' || line[0] == '\n' {
			continue
		}
		rest := text[start:]
		if group {
			rest = line
		}
		class, message, _ = bytes.Cut(bytes.TrimRight(rest, "\n"), []byte(":"))
		if first, _, several := bytes.Cut(class, []byte("\n")); several {
			class, message = first, rest[len(first)+1:]
		}
		return class, bytes.TrimSpace(message), isDottedName(class)
	}
	return nil, nil, false
}

func isDottedName(text []byte) bool {
	for _, c := range text {
		if c != '.' && c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') && c < 0x80 {
			return false
		}
	}
	return len(text) > 0
}
