package rules

import (
	"bytes"
	"encoding/base64"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// protocolRules find credentials in the lines of protocols and configurations that have no
// operator between a word and its value.
var protocolRules = []*Rule{{
	Name: "protocol_credentials", Sets: secrets,
	Finds: "what a client says to log in: `AUTH …` (Redis, SMTP), `PASS …` (FTP, POP3, IRC), `LOGIN ana …` (IMAP), `AUTH PLAIN …`; " +
		"`login … password …` of a .netrc, and `requirepass …`, `masterauth …`",
	Anchors: []string{
		"auth ", "pass ", "login ", "authenticate ", "requirepass ", "masterauth ", `auth" "`, `auth", "`, `auth', '`, `requirepass" "`, `masterauth" "`, `requirepass", "`, `requirepass', '`,
	},
	Match: matchProtocol,
}}

// matchProtocol finds what follows a word that stands where a line, or a string, begins.
func matchProtocol(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	words := lineWords(in, at)
	switch begin := in[at : at+len("login")]; {
	case begin == "login":
		return netrcPassword(in, at)
	case strings.EqualFold(begin, "requi") || strings.EqualFold(begin, "maste"):
		return settingValue(in, at, words)
	case len(words) < 2:
		return 0, 0, false
	}
	command := words[0].In(in)
	if (command == "AUTH" || command == "AUTHENTICATE") && mechanisms[words[1].In(in)] && text.StartsHere(in, at) {
		return initialResponse(in, words)
	}
	if !beginsCommand(in, at) {
		return 0, 0, false
	}
	switch command {
	case "PASS":
		return credential(in, words, 2)
	case "LOGIN":
		return credential(in, words, 3)
	case "AUTH":
		return credential(in, words, min(len(words), 3))
	}
	return 0, 0, false
}

// mechanisms of SASL that send the password, or what stands for it, as it is.
var mechanisms = map[string]bool{"PLAIN": true, "LOGIN": true, "XOAUTH2": true, "OAUTHBEARER": true, "CRAM-MD5": true, "NTLM": true}

// lineWords returns the words of a line from a place on, without their quotes, up to four.
func lineWords(in string, at int) (words []text.Argument) {
	if at > 0 && (in[at-1] == '"' || in[at-1] == '\'') && isClosedBehindWord(in, at) {
		at-- // "AUTH" "…", as Redis prints commands
	}
	words = text.ArgumentsAt(in[:min(len(in), at+512)], at)
	return words[:min(len(words), 4)]
}

// isClosedBehindWord reports whether the quote in front of a word closes behind it.
func isClosedBehindWord(in string, at int) bool {
	end := text.Alnum.End(in, at)
	return end+1 < len(in) && in[end] == in[at-1] && in[end+1] == ' '
}

// beginsCommand reports whether a word stands where a command does: at the beginning of a
// line or a string, or behind the tag that IMAP has in front of one.
func beginsCommand(in string, at int) bool {
	const maxTag = 8
	if tag := at - 1; tag > 0 && in[tag] == ' ' {
		begin := tag
		for begin > 0 && tag-begin < maxTag && text.IsAlnum(in[begin-1]) {
			begin--
		}
		if begin < tag && text.Alnum.End(in, begin) == tag && strings.ContainsAny(in[begin:tag], "0123456789") {
			at = begin
		}
	}
	return at == 0 || strings.IndexByte("\r\n\"'`>", in[at-1]) >= 0 || at > 1 && text.EscapeAt(in, at-2) || strings.HasSuffix(in[:at], "> ") || strings.HasSuffix(in[:at], "C: ")
}

// credential returns the last of so many words, if the line has no more and the word is none
// that says what became of it.
func credential(in string, words []text.Argument, count int) (start, end int, found bool) {
	if len(words) != count {
		return 0, 0, false
	}
	last := words[count-1]
	if next := strings.TrimLeft(in[min(last.End, len(in)):], `"'`); next != "" && strings.IndexByte("\r\n\\`)]", next[0]) < 0 {
		return 0, 0, false
	}
	value := strings.TrimRight(last.In(in), ".,:;!")
	return last.Start, last.End, isCredential(value)
}

// isCredential reports whether a word is more than one of a language or a file.
func isCredential(word string) bool {
	return len(word) > 3 && !isWord(word) && !strings.ContainsAny(word, "/()[]{}<>") && strings.ContainsAny(word, "0123456789")
}

// initialResponse returns the base64 behind the name of a mechanism (RFC 4954, section 4).
func initialResponse(in string, words []text.Argument) (start, end int, found bool) {
	const minResponse = 8
	if len(words) < 3 {
		return 0, 0, false
	}
	start = words[2].Start
	end = text.Base64Std.End(in, start)
	if words[1].In(in) == "LOGIN" { // the first answer is the name of the user alone
		decoded, err := base64.StdEncoding.DecodeString(in[start:end])
		return start, end, err == nil && bytes.ContainsAny(decoded, ":\x00")
	}
	return start, end, end-start >= minResponse
}

// settingValue returns the value of a setting of Redis.
func settingValue(in string, at int, words []text.Argument) (start, end int, found bool) {
	if len(words) < 2 || at > 0 && !text.StartsHere(in, at) {
		return 0, 0, false
	}
	start = words[1].Start
	end = trimmedEnd(in, start, words[1].End)
	return start, end, !isState(in[start:end])
}

// netrcPassword returns the password of a machine as in a .netrc, over one line or several.
func netrcPassword(in string, at int) (start, end int, found bool) {
	const nearBefore = 256
	fields := in[at:min(len(in), at+nearBefore)]
	if !text.StartsHere(in, at) || fields[0] != 'l' {
		return 0, 0, false
	}
	before := strings.Fields(in[max(0, at-nearBefore):at])
	if n := len(before); n == 0 || !strings.HasSuffix(before[n-1], "default") && (n < 2 || !strings.HasSuffix(before[n-2], "machine")) {
		return 0, 0, false
	}
	rest := at
	for _, want := range []string{"login", "", "password"} {
		word := nextWord(in, rest)
		if word.Start == word.End || want != "" && word.In(in) != want {
			return 0, 0, false
		}
		rest = word.End
	}
	value := nextWord(in, rest)
	return value.Start, trimmedEnd(in, value.Start, value.End), true
}

// trimmedEnd leaves out what stands behind a word, and not in it.
func trimmedEnd(in string, start, end int) int {
	return start + len(strings.TrimRight(in[start:end], `.,:;)]}>"'`))
}

// nextWord returns the word that follows a place, over blanks and newlines.
func nextWord(in string, at int) text.Argument {
	for at < len(in) && (text.IsSpace(in[at]) || text.EscapeAt(in, at)) {
		if in[at] == '\\' {
			at++
		}
		at++
	}
	end := at
	for end < len(in) && !text.IsSpace(in[end]) && strings.IndexByte("\"'`", in[end]) < 0 && !text.EscapeAt(in, end) {
		end++
	}
	return text.Argument{Start: at, End: end}
}
