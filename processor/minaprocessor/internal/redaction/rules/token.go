package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// token is the form of a token: a prefix, or a mark inside of it, and so many characters
// behind that.
type token struct {
	prefix string
	chars  *text.Charset
	// min is how many characters are behind the prefix at least, and max how many
	// at the most, where more of them show that it is something else.
	min, max int
	// before is how many characters are in front of what is a mark then, of head, which
	// is chars if there is none.
	before int
	head   *text.Charset
	// behind is a word that the token may also follow without a gap.
	behind string
	// alone says that no other name may be in front: cache_key-…
	alone bool
}

// minEntropy is what sets a token apart from a placeholder such as xxxx, in bits a
// character.
const minEntropy = 2.5

// minExactEntropy is minEntropy for tokens of one length, which says more than their
// characters: AKIADEADBEEFDEADBEEF.
const minExactEntropy = 2

// isRandom reports whether a token has that at its beginning, whatever follows
// without a blank: in its first characters, or in some more.
func isRandom(body string, first int) bool { return hasEntropy(body, first, minEntropy) }

func hasEntropy(body string, first int, floor float64) bool {
	const more = 64
	return text.Entropy(body[:first]) >= floor || text.Entropy(body[:min(len(body), more)]) >= floor
}

// prefixed returns tokens that have all one form but for the prefix.
func prefixed(chars *text.Charset, minimum int, prefixes ...string) []token {
	return exactly(chars, minimum, 0, prefixes...)
}

// exactly is prefixed with the most characters that are behind the prefix.
func exactly(chars *text.Charset, minimum, maximum int, prefixes ...string) []token {
	list := make([]token, len(prefixes))
	for i, prefix := range prefixes {
		list[i] = token{prefix: prefix, chars: chars, min: minimum, max: maximum}
	}
	return list
}

func tokenAnchors(tokens []token) (anchors []string) {
	for i := range tokens {
		anchors = append(anchors, tokens[i].anchor())
	}
	return anchors
}

// anchor is the prefix, made long enough to be an anchor.
func (t *token) anchor() string {
	if len(t.prefix) < text.MinAnchor {
		return t.prefix + string(rune(text.AnyAlnum))
	}
	return t.prefix
}

// match finds the token whose prefix is at the place.
func (t *token) match(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	if !strings.HasPrefix(in[at:], t.prefix) {
		return 0, 0, false
	}
	body := at + len(t.prefix)
	if start = t.start(in, at); start < 0 {
		return 0, 0, false
	}
	end = c.RunEnd(t.chars, body)
	for end > body && (in[end-1] == '.' || in[end-1] == '-' && end-body > t.min) {
		end-- // it ends a sentence
	}
	if n := end - body; n < t.min || t.max > 0 && n > t.max {
		return 0, 0, false
	}
	if t.before > 0 {
		body = start
	}
	floor := minEntropy
	if t.max == t.min {
		floor = minExactEntropy
	}
	return start, end, hasEntropy(in[body:end], min(end-body, t.before+t.min), floor) && !areWords(in[body:end])
}

// start returns where the token begins that has its prefix at the place, or -1.
func (t *token) start(in string, at int) int {
	start := at - t.before
	if start < 0 || !text.StartsHere(in, start) && (t.behind == "" || !strings.HasSuffix(in[:start], t.behind)) || t.alone && start > 0 && (in[start-1] == '_' || in[start-1] == '-') {
		return -1
	}
	head := t.head
	if head == nil {
		head = t.chars
	}
	if head.End(in[:at], start) < at {
		return -1
	}
	return start
}

// areWords reports whether a text has only words, with dashes and the like between them,
// as a name has, and no token: your-own-token-goes-here.
func areWords(in string) bool {
	const longest, longestWord = 128, 18
	in = in[:min(len(in), longest)]
	for len(in) > 0 {
		end := strings.IndexAny(in, "-_.")
		if end < 0 {
			return isWord(in) && len(in) <= longestWord
		}
		if !isWord(in[:end]) || end > longestWord {
			return false
		}
		in = in[end+1:]
	}
	return true
}
