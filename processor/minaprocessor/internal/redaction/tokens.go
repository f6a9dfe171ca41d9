package redaction

import (
	"encoding/base64"
	"strings"
)

// findJWT finds JSON web tokens (RFC 7519) in compact form (RFC 7515, section
// 7.1): three base64url parts, of which the first decodes to a header with alg.
func findJWT(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	if text[at:at+3] != "eyJ" || at > 0 && isBase64URL(text[at-1]) {
		return 0, 0, false
	}
	header := base64URLEnd(text, at)
	if header >= len(text) || text[header] != '.' {
		return 0, 0, false
	}
	payload := base64URLEnd(text, header+1)
	if payload == header+1 || payload >= len(text) || text[payload] != '.' {
		return 0, 0, false
	}
	decoded, err := base64.RawURLEncoding.DecodeString(text[at:header])
	if err != nil || !strings.Contains(string(decoded), `"alg"`) {
		return 0, 0, false
	}
	return at, base64URLEnd(text, payload+1), true
}

func base64URLEnd(text string, at int) int {
	for at < len(text) && isBase64URL(text[at]) {
		at++
	}
	return at
}

// findBearer finds the token behind "Bearer" (RFC 6750, section 2.1).
func findBearer(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	if at > 0 && isAlnum(text[at-1]) && !escaped(text, at) {
		return 0, 0, false
	}
	start = at + len("bearer ")
	for start < len(text) && text[start] == ' ' {
		start++
	}
	end = start
	special := false
	for end < len(text) && (isBase64(text[end]) || strings.IndexByte("-._~", text[end]) >= 0) {
		special = special || !isLetter(text[end]) || end > start && text[end] < 'a'
		end++
	}
	for end > start && text[end-1] == '.' {
		end--
	}
	// Prose goes on with a word: "bearer authentication failed".
	return start, end, end-start >= 8 && (special || end-start >= 24)
}

// escaped reports whether the byte before the place is the letter of an escape.
func escaped(text string, at int) bool {
	return at >= 2 && text[at-2] == '\\' && strings.IndexByte("nrt", text[at-1]) >= 0
}

// findPrivateKey finds private keys in PEM (RFC 7468), also with their newlines
// escaped, and also without their end.
func findPrivateKey(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	const begin, maxLabel = "-----BEGIN ", 64
	if at < s.pemEnd || text[at:at+len(begin)] != begin {
		return 0, 0, false
	}
	label := text[at+len(begin) : min(len(text), at+len(begin)+maxLabel)]
	labelEnd := strings.Index(label, "-----")
	if labelEnd < 0 {
		labelEnd = len(label)
	}
	if !strings.Contains(label[:labelEnd], "PRIVATE KEY") {
		return 0, 0, false
	}
	body := min(len(text), at+len(begin)+labelEnd+len("-----"))
	if body < s.noPEMEnd {
		const endMark = "-----END "
		if i := strings.Index(text[body:], endMark); i >= 0 {
			end = body + i + len(endMark)
			if close := strings.Index(text[end:min(len(text), end+maxLabel)], "-----"); close >= 0 {
				end += close + len("-----")
			}
			s.pemEnd = end
			return at, end, true
		}
		s.noPEMEnd = body
	}
	s.pemEnd = pemLinesEnd(text, body)
	return at, s.pemEnd, true
}

// pemLinesEnd returns where the lines of base64, and of headers as in RFC 1421,
// behind a place end.
func pemLinesEnd(text string, at int) int {
	end := at
	for {
		line := at
		for line < len(text) && (isSpace(text[line]) || escapeAt(text, line)) {
			if text[line] == '\\' {
				line++
			}
			line++
		}
		stop := line
		for stop < len(text) && (isBase64(text[stop]) || text[stop] == ':' || text[stop] == ',' || text[stop] == '-') && !escapeAt(text, stop) {
			stop++
		}
		if stop == line || stop-line < 16 && !strings.HasSuffix(text[line:stop], "=") && !strings.ContainsAny(text[line:stop], ":,") {
			return end
		}
		at, end = stop, stop
	}
}

// escapeAt reports whether an escaped newline is at the place.
func escapeAt(text string, at int) bool {
	return text[at] == '\\' && at+1 < len(text) && (text[at+1] == 'n' || text[at+1] == 'r')
}

// findURLUserinfo finds the password in scheme://user:password@host (RFC 3986,
// section 3.2.1).
func findURLUserinfo(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	if at == 0 || !isAlnum(text[at-1]) {
		return 0, 0, false
	}
	start = at + len("://")
	colon := -1
	for i := start; i < len(text); i++ {
		switch c := text[i]; {
		case c == '@':
			end = i
		case c == ':' && colon < 0 && end == 0:
			colon = i
		case c == '/' || c == '?' || c == '#' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '\\' || isSpace(c):
			i = len(text)
		}
	}
	if colon < 0 || end <= colon+1 || s.isPlaceholder(text[colon+1:end]) {
		return 0, 0, false
	}
	return colon + 1, end, true
}
