package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// keyFileRules find keys as files.
var keyFileRules = []*Rule{{
	Name: "private_key", Sets: secrets,
	Finds:   "private keys of PEM (RFC 7468), PGP, SSH2 (RFC 4716) and PuTTY, also with escaped newlines or as strings in a row, also cut off before their end or behind their beginning",
	Anchors: []string{pemBegin, pemEnd, ssh2Begin, puttyBegin},
	Match:   matchPrivateKey,
}}

const (
	pemBegin   = "-----BEGIN "
	pemEnd     = "-----END "
	ssh2Begin  = "---- BEGIN "
	puttyBegin = "PuTTY-User-Key-File-"
)

func matchPrivateKey(c *text.Cursor, at int) (start, end int, found bool) {
	switch in := c.Text[at:]; {
	case strings.HasPrefix(in, puttyBegin):
		end = puttyEnd(c, at)
		return at, end, end > at
	case strings.HasPrefix(in, pemEnd):
		return matchKeyBefore(c.Text, at)
	case strings.HasPrefix(in, pemBegin):
		return matchKeyBehind(c, at, pemBegin, "-----", pemEnd)
	case strings.HasPrefix(in, ssh2Begin) && (at == 0 || c.Text[at-1] != '-'):
		return matchKeyBehind(c, at, ssh2Begin, "----", "---- END ")
	}
	return 0, 0, false
}

// maxLabel is the length in bytes of the longest label between the dashes.
const maxLabel = 64

// labelEnd returns the end of the dashes behind the label of a private key that begins at a
// place, or of what there is of it, or -1 if it is that of something else.
func labelEnd(in string, at int, dashes string) int {
	label := in[at:min(len(in), at+maxLabel)]
	end := strings.Index(label, dashes)
	if end < 0 {
		end = len(label)
	}
	if !strings.Contains(label[:end], "PRIVATE KEY") {
		return -1
	}
	return min(len(in), at+end+len(dashes))
}

// matchKeyBehind finds the key that a line begins, also without its end.
func matchKeyBehind(c *text.Cursor, at int, begin, dashes, mark string) (start, end int, found bool) {
	body := labelEnd(c.Text, at+len(begin), dashes)
	if body < 0 {
		return 0, 0, false
	}
	if end = c.IndexEnd(mark, body); end < 0 {
		return at, pemLinesEnd(c.Text, body), true
	}
	if i := strings.Index(c.Text[end:min(len(c.Text), end+maxLabel)], dashes); i >= 0 {
		end += i + len(dashes)
	}
	return at, end, true
}

// matchKeyBefore finds the lines of base64 in front of the line that ends a key, whose
// beginning may be elsewhere.
func matchKeyBefore(in string, at int) (start, end int, found bool) {
	const minLine, minKey = 16, 40
	end = labelEnd(in, at+len(pemEnd), "-----")
	start = at
	for {
		lineEnd := separatorStart(in, start)
		line := lineStart(in, lineEnd)
		if line == lineEnd || lineEnd == start || lineEnd-line < minLine && start < at {
			break
		}
		start = line
	}
	return start, end, end > 0 && at-start >= minKey
}

// separatorStart returns where what separates lines begins, newlines, quotes and commas, that
// ends at a place.
func separatorStart(in string, at int) int {
	for at > 0 {
		switch {
		case at > 1 && text.EscapeAt(in, at-2):
			at -= 2
		case strings.IndexByte(" \t\r\n\"',\\", in[at-1]) >= 0:
			at--
		default:
			return at
		}
	}
	return at
}

// lineStart returns where the line of base64 begins that ends at a place.
func lineStart(in string, at int) int {
	for at > 0 && text.Base64Std[in[at-1]] && (at < 2 || !text.EscapeAt(in, at-2)) {
		at--
	}
	return at
}

// puttyEnd returns the end of a key of PuTTY: of its checksum, or of the text that it is cut
// off in. What is no header of one ends where it begins.
func puttyEnd(c *text.Cursor, at int) int {
	const header = len("PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption:")
	if !strings.Contains(c.Text[at:min(len(c.Text), at+2*header)], "Encryption:") {
		return at
	}
	end := c.IndexEnd("Private-MAC:", at)
	if end < 0 {
		return len(c.Text)
	}
	for end < len(c.Text) && c.Text[end] == ' ' {
		end++
	}
	return text.HexDigits.End(c.Text, end)
}

// newlinesEnd returns the end of the blanks and newlines at a place, also of those that have
// been escaped, once or more often.
func newlinesEnd(in string, at int) int {
	for at < len(in) {
		end := at
		for end < len(in) && in[end] == '\\' {
			end++
		}
		switch {
		case end > at && end < len(in) && (in[end] == 'n' || in[end] == 'r'), end == at && text.IsSpace(in[at]):
			at = end + 1
		default:
			return at
		}
	}
	return at
}

// pemLinesEnd returns where the lines of base64, and of headers as in RFC 1421,
// behind a place end.
func pemLinesEnd(in string, at int) int {
	begin, end := at, at
	for {
		line := newlinesEnd(in, at)
		stop := line
		for stop < len(in) && (text.Base64Std[in[stop]] || in[stop] == ':' || in[stop] == ',' || in[stop] == '-') && !text.EscapeAt(in, stop) {
			stop++
		}
		cut := stop == len(in) || in[stop] == '"' || in[stop] == '\''
		isLine := stop-line >= 16 || cut && end > begin || strings.HasSuffix(in[line:stop], "=") || strings.ContainsAny(in[line:stop], ":,")
		if stop == line || !isLine {
			return end
		}
		at, end = stop, stop
	}
}
