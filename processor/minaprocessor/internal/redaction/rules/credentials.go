package rules

import (
	"bytes"
	"encoding/base64"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// tokenRules find tokens that are known by their form, whoever has issued them.
var tokenRules = []*Rule{
	{
		Name: "jwt", Sets: secrets,
		Finds:   "JSON web tokens and encrypted ones (RFC 7515, section 7.1): the first part decodes to a header with `alg`",
		Anchors: []string{"eyJ\x01", "eyAi", "eyAg", "ewog", "ewoi", "ewoJ", "ew0K", "ewki", "IHsi"}, // {, and a blank before or behind it
		Match:   matchJWT,
	},
	{
		Name: "paseto", Sets: secrets,
		Finds:  "platform-agnostic security tokens, `v4.local.…`, `v4.public.…`",
		Tokens: prefixed(text.TokenDots, 60, "v1.local.", "v2.local.", "v3.local.", "v4.local.", "v1.public.", "v2.public.", "v3.public.", "v4.public."),
	},
	{
		Name: "age_key", Sets: secrets,
		Finds:  "secret keys of age, `AGE-SECRET-KEY-1…`",
		Tokens: prefixed(text.UpperNum, 50, "AGE-SECRET-KEY-1", "AGE-SECRET-KEY-PQ-1"),
	},
	{
		Name: "bearer", Sets: secrets,
		Finds:   "the token behind `Bearer` (RFC 6750, section 2.1)",
		Anchors: []string{"bearer"},
		Match:   matchBearer,
	},
	{
		Name: "basic_auth", Sets: secrets,
		Finds:   "the credentials behind `Basic` (RFC 7617, section 2), which decode to `user:password`",
		Anchors: []string{"basic"},
		Match:   matchBasic,
	},
}

// matchJWT finds JSON web tokens in compact form.
func matchJWT(c *text.Cursor, at int) (start, end int, found bool) {
	const maxHeader = 4096
	in := c.Text
	if first := in[at : at+2]; first != "ey" && first != "ew" && first != "IH" || !text.StartsHere(in, at) {
		return 0, 0, false
	}
	end = text.Base64URL.EndWithin(in, at, maxHeader)
	if end == len(in) || in[end] != '.' {
		return 0, 0, false
	}
	decoded, err := base64.RawURLEncoding.DecodeString(in[at:end])
	if err != nil || !bytes.Contains(decoded, []byte(`"alg"`)) {
		return 0, 0, false
	}
	parts := 1
	for parts < 5 && end < len(in) && in[end] == '.' {
		part := text.Base64URL.End(in, end+1)
		// Of a JWE, the encrypted key may be missing; of an unsecured JWS, the signature.
		if part == end+1 && parts == 1 && (part >= len(in) || in[part] != '.') {
			break
		}
		end = part
		parts++
	}
	return at, end, parts >= 3
}

// valueBehind returns where the value behind a scheme's name begins, and whether more
// than blanks is between them.
func valueBehind(in string, at int, scheme string) (start int, isApart, found bool) {
	const longest = 16
	behind := at + len(scheme)
	if !text.StartsHere(in, at) {
		return 0, false, false
	}
	start = behind
	for start < len(in) && start-behind < longest {
		switch {
		case in[start] == ' ':
			if start > behind && strings.IndexByte("\"'", in[start-1]) >= 0 {
				return 0, false, false // the quote has been closed
			}
			start++
		case strings.IndexByte("\t\r\n\"'[<(", in[start]) >= 0:
			isApart = true
			start++
		case strings.HasPrefix(in[start:], "%20"):
			start += len("%20")
		case in[start] == '\\' && start+1 < len(in) && strings.IndexByte(`nrt"'`, in[start+1]) >= 0:
			isApart = true
			start += len(`\n`)
		default:
			return start, isApart, start > behind
		}
	}
	return 0, false, false
}

// matchBearer finds the token behind "Bearer".
func matchBearer(c *text.Cursor, at int) (start, end int, found bool) {
	const least, longestWord = 8, 24
	in := c.Text
	start, isApart, found := valueBehind(in, at, "bearer")
	if !found {
		return 0, 0, false
	}
	end = c.RunEnd(bearerChars, start)
	if end < len(in) && in[end-1] == '=' && (in[end] == '"' || in[end] == '\\') || isApart && end > start && in[start] == '+' {
		return 0, 0, false // a parameter of a challenge, Bearer realm="…", or source: "Bearer " + token
	}
	for end > start && in[end-1] == '.' {
		end--
	}
	token := in[start:end]
	if name, value, _ := strings.Cut(token, "="); strings.Trim(value, "=") != "" && areWords(name) {
		return 0, 0, false // token_type=Bearer expires_in=3600
	}
	// Prose goes on with a word: "bearer authentication failed".
	isToken := !areWords(token) && (!isApart || strings.ContainsAny(token, numerals))
	return start, end, len(token) >= longestWord || len(token) >= least && isToken
}

var bearerChars = text.NewCharset("0-9A-Za-z+/=._~-")

const numerals = "0123456789"

// isWord reports whether a text has only letters, and capitals only in front.
func isWord(in string) bool {
	for i := range len(in) {
		if !text.IsLetter(in[i]) || i > 0 && text.IsUpper(in[i]) {
			return false
		}
	}
	return true
}

// matchBasic finds what is behind "Basic" and decodes to a name and a password.
func matchBasic(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	start, _, found = valueBehind(in, at, "basic")
	if !found {
		return 0, 0, false
	}
	end = c.RunEnd(text.Base64Std, start)
	return start, end, !isWord(in[start:end]) && isBasic(in[start:end])
}
