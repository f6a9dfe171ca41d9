package rules

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// Names judges what values are called, wherever the name stands. It may be used by
// several goroutines at once.
type Names struct {
	// phrases and exceptions are by the first word of each.
	phrases    map[string][]phrase
	exceptions map[string][]phrase
	allowed    map[string]bool
	// common is the rule for names that have no rule of their own, and generic the one for
	// those whose values must look like secrets.
	common, generic *Rule
}

type phrase struct {
	words []string
	whole bool
	last  bool
	// rule is for what is under the name, and kind says how it is judged.
	rule *Rule
	kind *kind
}

// SensitiveKey names what the name of a value, and not its form, has found.
const SensitiveKey = "sensitive_key"

// NewNames returns names of which those that are allowed, as they are written, say
// nothing.
func NewNames(allowed []string) *Names {
	n := &Names{phrases: map[string][]phrase{}, exceptions: map[string][]phrase{}, allowed: map[string]bool{}}
	for _, exception := range exceptions {
		addPhrase(n.exceptions, exception, nil, nil)
	}
	for _, name := range allowed {
		n.allowed[name] = true
	}
	return n
}

// AddDefault returns the rule for what is called by the words and phrases that are
// built in, or by some more.
func (n *Names) AddDefault(more []string) *Rule {
	n.common = &Rule{Name: SensitiveKey}
	phrases := slices.Concat(sensitiveEndings, more)
	for _, list := range vocabulary {
		phrases = append(phrases, list.phrases...)
		n.add(n.common, list.phrases, list.kind)
	}
	n.add(n.common, more, chosen)
	n.common.Anchors = withoutLonger(slices.Concat(anchorsOf(phrases), queryAnchors))
	return n.common
}

// Add returns a rule of its own for what is called by a word or phrase.
func (n *Names) Add(phrase string) *Rule {
	r := &Rule{Name: SensitiveKey, Anchors: anchorsOf([]string{phrase})}
	n.add(r, []string{phrase}, chosen)
	return r
}

func (n *Names) add(r *Rule, phrases []string, kind *kind) {
	n.findIn(r)
	for _, p := range phrases {
		addPhrase(n.phrases, p, r, kind)
	}
}

// Bind returns a rule of the catalogue as it is with these names, which the rule Generic
// needs.
func (n *Names) Bind(r *Rule) *Rule {
	if r.Name != Generic {
		return r
	}
	bound := *r
	n.generic = &bound
	n.findIn(n.generic)
	return n.generic
}

// findIn lets a rule find in texts what is under the names that it is for.
func (n *Names) findIn(r *Rule) {
	r.Match = func(c *text.Cursor, at int) (start, end int, found bool) { return n.match(r, c, at) }
}

// addPhrase files a phrase under its first word, and once more as one word.
func addPhrase(to map[string][]phrase, words string, r *Rule, k *kind) {
	p := phrase{whole: strings.HasSuffix(words, "."), last: strings.HasSuffix(words, "$"), rule: r, kind: k}
	for _, w := range text.SplitWords(nil, strings.TrimRight(words, ".$")) {
		p.words = append(p.words, strings.ToLower(w))
	}
	if len(p.words) == 0 {
		return
	}
	to[p.words[0]] = append(to[p.words[0]], p)
	if joined := strings.Join(p.words, ""); len(p.words) > 1 {
		p.words = []string{joined}
		to[joined] = append(to[joined], p)
	}
}

// anchorsOf returns words of which one is in every phrase that makes a key sensitive, as far
// as they can be anchors. Letters that are not ASCII have them in each case.
func anchorsOf(phrases []string) []string {
	var list []string
	byWords := slices.SortedStableFunc(slices.Values(phrases), func(a, b string) int { return strings.Count(a, " ") - strings.Count(b, " ") })
	for _, phrase := range byWords {
		phrase = strings.TrimRight(phrase, ".$")
		if strings.Contains(phrase, " ") && slices.ContainsFunc(list, func(anchor string) bool { return strings.Contains(phrase, anchor) }) {
			continue // a word of it is an anchor already
		}
		word := tellingWord(phrase)
		if phrase == word && len(word) <= maxShort {
			word += string(rune(text.AnyBreak)) // the beginning of a longer word is none
		}
		if len(word) < text.MinAnchor {
			continue
		}
		list = append(list, word)
		if strings.IndexFunc(word, func(c rune) bool { return c >= 0x80 }) >= 0 {
			_, first := utf8.DecodeRuneInString(word)
			list = append(list, strings.ToUpper(word), strings.ToUpper(word[:first])+word[first:])
		}
	}
	return list
}

// maxShort is the length in bytes of the longest word that many others begin with.
const maxShort = 4

// withoutLonger returns anchors without those that have another one in them.
func withoutLonger(anchors []string) []string {
	var list []string
	for i, anchor := range anchors {
		if !slices.Contains(anchors[:i], anchor) &&
			!slices.ContainsFunc(anchors, func(other string) bool { return len(other) < len(anchor) && strings.Contains(anchor, other) }) {
			list = append(list, anchor)
		}
	}
	return list
}

// tellingWord returns the longest word of a phrase, if there is one that is not in every
// other text.
func tellingWord(phrase string) (telling string) {
	longest := longestWord(phrase)
	for _, word := range text.SplitWords(nil, phrase) {
		if len(word) > len(telling) && !everyday[word] {
			telling = word
		}
	}
	if len(telling) < text.MinAnchor {
		return longest
	}
	return telling
}

func longestWord(phrase string) (longest string) {
	for _, word := range text.SplitWords(nil, phrase) {
		if len(word) > len(longest) {
			longest = word
		}
	}
	return longest
}

// CheckPhrase reports a phrase that no name can match.
func CheckPhrase(phrase string) error {
	if len(longestWord(phrase)) < text.MinAnchor {
		return fmt.Errorf("%q must have a word of %d letters or more", phrase, text.MinAnchor)
	}
	return nil
}

// maxWords is how many words of a name memory is kept for on the stack.
const maxWords = 12

// Judge says what is under a name that stands alone: the key of an attribute or a
// member, or an option. Of several phrases that apply, one that has a rule of its own wins.
func (n *Names) Judge(name string) Verdict {
	v := n.judgeAlone(name)
	if v.Rule != nil && v.kind.inQuery {
		return Verdict{}
	}
	return v
}

func (n *Names) judgeAlone(name string) Verdict {
	if n.allowed[name] || isFile(name) {
		return Verdict{}
	}
	var words [maxWords]string
	return n.judge(text.SplitWords(words[:0], text.Seen(name)))
}

// isFile reports whether a name is that of a file: token.py.
func isFile(name string) bool {
	dot := strings.LastIndexByte(name, '.')
	return dot > 0 && fileTypes[strings.ToLower(name[dot+1:])]
}

func (n *Names) judge(words []string) (v Verdict) {
	last, found := lastIndex(words), 0
	for i := range words {
		word := text.Word(words[i])
		for _, p := range n.phrases[word] {
			if p.at(words, i) && (p.kind == chosen || !n.excepted(words, i) && !p.isAbout(words, i, last)) && (v.Rule == nil || v.kind == likely && i > found || p.rule != n.common) {
				v, found = Verdict{p.rule, p.kind}, i
			}
		}
	}
	if v.Rule == nil && last >= 0 && !isMetadata(words, last) && !n.excepted(words, last) {
		v = n.byEnding(words, last)
	}
	return v
}

// lastIndex returns the place of the last word that is no number, or -1.
func lastIndex(words []string) int {
	last := len(words) - 1
	for last >= 0 && text.Word(words[last]) == "" {
		last--
	}
	return last
}

// isAbout reports whether a name in which the phrase stands is one of what is known of the
// secret: token_type.
func (p *phrase) isAbout(words []string, i, last int) bool {
	return i+len(p.words) <= last && isMetadata(words, last)
}

// isMetadata reports whether the last word of a name tells something about a secret.
func isMetadata(words []string, last int) bool {
	word := text.Word(words[last])
	return metadata[word] || metadata[strings.TrimSuffix(word, "s")] || word == "in" && last > 0 && metadata[text.Word(words[last-1])] // expires_in
}

// byEnding judges a name by how its words end, if they are run together.
func (n *Names) byEnding(words []string, last int) Verdict {
	if n.common != nil {
		for _, word := range words {
			switch word = text.Word(word); {
			case hasSuffix(word, sensitiveEndings):
				return Verdict{n.common, certain}
			case strings.Contains(word, "sessionid") || strings.Contains(word, "sessid"):
				return Verdict{n.common, numbered}
			}
		}
		if word := text.Word(words[last]); strings.HasSuffix(word, "pass") && !hasSuffix(word, passEndings) {
			return Verdict{n.common, short}
		}
	}
	if n.generic != nil && endsLikeSecret(words, last) {
		return Verdict{n.generic, likely}
	}
	return Verdict{}
}

// endsLikeSecret reports whether a name ends like one of a secret, or of several keys:
// several tokens are counted.
func endsLikeSecret(words []string, last int) bool {
	word := text.Word(words[last])
	if kind, isKey := strings.CutSuffix(strings.TrimSuffix(word, "s"), "key"); isKey {
		if kind == "" && last > 0 {
			kind = text.Word(words[last-1])
		}
		return hasSuffix(kind, keyKinds)
	}
	if word == "pat" { // a personal access token, where it is somebody's: github_pat
		return last > 0
	}
	return hasSuffix(word, secretEndings) && !hasSuffix(word, passEndings)
}

// InText is Judge for a name in a text, where words before the name may or may not belong
// to it: those must only make up a phrase that reaches to its end.
func (n *Names) InText(name string) Verdict {
	name = behindSigns(name)
	last := lastWord(name)
	v := n.judgeAlone(last)
	if last == name {
		return v
	}
	var list [maxWords]string
	if words := text.SplitWords(list[:0], name); v.Rule != nil && n.excepted(words, len(words)-1) {
		return Verdict{}
	}
	for last != name && (v.Rule == nil || v.kind.inQuery) {
		before := strings.LastIndexByte(name[:len(name)-len(last)-1], ' ') + 1
		last = name[before:]
		if words := text.SplitWords(list[:0], last); len(words) > 0 {
			v = n.phrase(words)
		}
	}
	return v
}

// behindSigns returns what is behind operators and quotes beyond ASCII, which are no part
// of a name although letters are.
func behindSigns(name string) string {
	isSign := func(c rune) bool { return c >= 0x80 && !unicode.In(c, unicode.L, unicode.M, unicode.N, unicode.Cf) }
	if i := strings.LastIndexFunc(name, isSign); i >= 0 {
		_, size := utf8.DecodeRuneInString(name[i:])
		return name[i+size:]
	}
	return name
}

// phrase says what is under words that are a phrase, and nothing else.
func (n *Names) phrase(words []string) Verdict {
	for _, p := range n.phrases[text.Word(words[0])] {
		if len(p.words) == len(words) && p.at(words, 0) {
			return Verdict{p.rule, p.kind}
		}
	}
	return Verdict{}
}

// at reports whether the phrase stands at the i-th word.
func (p *phrase) at(words []string, i int) bool {
	n := len(p.words)
	if i+n > len(words) || p.whole && len(words) != n || p.last && i+n != len(words) {
		return false
	}
	for j := 1; j < n; j++ {
		if text.Word(words[i+j]) != p.words[j] {
			return false
		}
	}
	return true
}

// excepted reports whether the i-th word is part of an exception.
func (n *Names) excepted(words []string, i int) bool {
	for j := max(0, i-2); j <= i; j++ {
		for _, p := range n.exceptions[text.Word(words[j])] {
			if p.at(words, j) && j+len(p.words) > i {
				return true
			}
		}
	}
	return false
}

// hasSuffix reports whether a text ends in one of several.
func hasSuffix(text string, suffixes []string) bool {
	return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(text, suffix) })
}
