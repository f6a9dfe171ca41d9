package rules

import (
	"hash/crc32"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// token is the form of a token: a prefix, and so many characters behind it.
type token struct {
	prefix string
	chars  *text.Charset
	// min is how many characters are behind the prefix at least, and max how many
	// at the most, where more of them show that it is something else.
	min, max int
	// alone says that no other name may be in front: cache_key-…
	alone bool
}

// minEntropy is what sets a token apart from a placeholder such as xxxx, in bits a
// character.
const minEntropy = 2.5

// isRandom reports whether a token has that at its beginning, whatever follows
// without a blank: in its first characters, or in some more.
func isRandom(body string, first int) bool {
	const more = 64
	return text.Entropy(body[:first]) >= minEntropy || text.Entropy(body[:min(len(body), more)]) >= minEntropy
}

func prefixed(chars *text.Charset, minimum int, prefixes ...string) []token {
	list := make([]token, len(prefixes))
	for i, prefix := range prefixes {
		list[i] = token{prefix: prefix, chars: chars, min: minimum}
	}
	return list
}

func tokenAnchors(tokens []token) (anchors []string) {
	for i := range tokens {
		anchors = append(anchors, tokens[i].anchor())
	}
	return anchors
}

func matchTokens(tokens []token) func(c *text.Cursor, at int) (start, end int, found bool) {
	return func(c *text.Cursor, at int) (start, end int, found bool) {
		for i := range tokens {
			if end := tokens[i].end(c, at); end > at {
				return at, end, true
			}
		}
		return 0, 0, false
	}
}

// anchor is the prefix, made long enough to be an anchor.
func (t *token) anchor() string {
	if len(t.prefix) < text.MinAnchor {
		return t.prefix + string(rune(text.AnyAlnum))
	}
	return t.prefix
}

// end returns the end of a token that begins at the place, or the place.
func (t *token) end(c *text.Cursor, at int) int {
	in := c.Text
	if !strings.HasPrefix(in[at:], t.prefix) || !text.StartsHere(in, at) || t.alone && at > 0 && (in[at-1] == '_' || in[at-1] == '-') {
		return at
	}
	body := at + len(t.prefix)
	end := c.RunEnd(t.chars, body)
	for end > body && (in[end-1] == '.' || in[end-1] == '-') {
		end-- // it ends a sentence
	}
	if n := end - body; n < t.min || t.max > 0 && n > t.max || !isRandom(in[body:end], t.min) || !checksumFits(in[at:end]) {
		return at
	}
	return end
}

// checksumFits reports whether a token of GitHub's classic form has the checksum
// of GitHub: six digits of base 62, the CRC-32 of the 30 characters before them.
func checksumFits(token string) bool {
	const prefix, random, checksum = len("ghp_"), 30, 6
	if len(token) != prefix+random+checksum || token[:2] != "gh" || token[prefix-1] != '_' {
		return true
	}
	sum := crc32.ChecksumIEEE([]byte(token[prefix : prefix+random]))
	for i := len(token) - 1; i >= prefix+random; i-- {
		if token[i] != "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[sum%62] {
			return false
		}
		sum /= 62
	}
	return true
}
