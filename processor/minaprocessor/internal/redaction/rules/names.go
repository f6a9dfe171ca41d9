package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// defaultKeys are the words and phrases that make a key sensitive. A phrase that
// ends in "." must be the whole key; one that ends in "$" must be at its end.
var defaultKeys = []string{
	"password", "passwords", "passwd", "pwd", "passphrase", "secret", "secrets", "client secret", "api key", "api keys", "apikey", "apikeys",
	"access key", "accesskey", "private key", "privatekey", "secret key", "secretkey", "token", "access token", "accesstoken",
	"refresh token", "refreshtoken", "auth token", "authtoken", "bearer", "authorization", "auth$", "credential", "credentials",
	"cookie", "cookies", "set cookie", "session.", "sessionid", "csrf", "xsrf", "otp", "pin.", "cvv", "cvc", "card number", "cardnumber", "ssn",
	"social security", "dob", "date of birth", "medical record", "mrn", "diagnosis", "dsn", "connection string",
}

// defaultEndings make a key sensitive that has a word which ends in one of them:
// dbpassword. No English word does.
var defaultEndings = []string{"password", "passwd", "passphrase", "apikey"}

// exceptions are phrases in which the word token means something else.
var exceptions = []string{
	"token count", "token type", "token limit", "token usage", "token used", "token budget", "token length", "token ttl", "token expiry", "token expires", "token expiration",
	"token lifetime", "max token",
}

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
	// rule is for what is under the name.
	rule *Rule
}

// SensitiveKey names what the name of a value, and not its form, has found.
const SensitiveKey = "sensitive_key"

// NewNames returns names of which those that are allowed, as they are written, say
// nothing.
func NewNames(allowed []string) *Names {
	n := &Names{phrases: map[string][]phrase{}, exceptions: map[string][]phrase{}, allowed: map[string]bool{}}
	for _, exception := range exceptions {
		addPhrase(n.exceptions, exception, nil)
	}
	for _, name := range allowed {
		n.allowed[name] = true
	}
	return n
}

// AddDefault returns the rule for what is called by the words and phrases that are
// built in, or by some more.
func (n *Names) AddDefault(more []string) *Rule {
	phrases := slices.Concat(defaultKeys, more)
	n.common = n.add(phrases, defaultEndings)
	return n.common
}

// Add returns a rule of its own for what is called by a word or phrase.
func (n *Names) Add(phrase string) *Rule { return n.add([]string{phrase}, nil) }

func (n *Names) add(phrases, endings []string) *Rule {
	r := &Rule{Name: SensitiveKey, Anchors: anchorsOf(slices.Concat(phrases, endings))}
	n.findIn(r)
	for _, p := range phrases {
		addPhrase(n.phrases, p, r)
	}
	return r
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

func addPhrase(to map[string][]phrase, words string, r *Rule) {
	p := phrase{whole: strings.HasSuffix(words, "."), last: strings.HasSuffix(words, "$"), rule: r}
	for _, w := range text.SplitWords(nil, strings.TrimRight(words, ".$")) {
		p.words = append(p.words, strings.ToLower(w))
	}
	if len(p.words) > 0 {
		to[p.words[0]] = append(to[p.words[0]], p)
	}
}

// anchorsOf returns a word of every phrase that makes a key sensitive: the longest,
// as far as it can be an anchor.
func anchorsOf(phrases []string) []string {
	var list []string
	seen := map[string]bool{}
	for _, phrase := range phrases {
		longest := longestWord(strings.TrimRight(phrase, ".$"))
		if len(longest) >= text.MinAnchor && !seen[longest] {
			seen[longest] = true
			list = append(list, longest)
		}
	}
	return list
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
	if n.allowed[name] {
		return Verdict{}
	}
	var words [maxWords]string
	return n.judge(text.SplitWords(words[:0], text.Seen(name)))
}

func (n *Names) judge(words []string) (v Verdict) {
	for i := range words {
		for _, p := range n.phrases[text.Word(words[i])] {
			if p.at(words, i) && !n.excepted(words, i) && (v.Rule == nil || p.rule != n.common) {
				v = Verdict{p.rule, certain}
			}
		}
		if v.Rule == nil && n.common != nil && hasSuffix(text.Word(words[i]), defaultEndings) {
			v = Verdict{n.common, certain}
		}
	}
	if v.Rule == nil && n.generic != nil && isSecretName(words) {
		v = Verdict{n.generic, likely}
	}
	return v
}

// InText is Judge for a name in a text, where words before the name may or may not belong
// to it: those must only make up a phrase that reaches to its end.
func (n *Names) InText(name string) Verdict {
	last := name[strings.LastIndexByte(name, ' ')+1:]
	var list [maxWords]string
	v := n.Judge(last)
	if v.Rule != nil && last != name {
		if words := text.SplitWords(list[:0], name); n.excepted(words, len(words)-1) {
			return Verdict{}
		}
	}
	for v.Rule == nil && last != name {
		before := strings.LastIndexByte(name[:len(name)-len(last)-1], ' ') + 1
		last = name[before:]
		if words := text.SplitWords(list[:0], last); len(words) > 0 {
			v = n.phrase(words)
		}
	}
	return v
}

// phrase says what is under words that are a phrase, and nothing else.
func (n *Names) phrase(words []string) Verdict {
	for _, p := range n.phrases[text.Word(words[0])] {
		if len(p.words) == len(words) && p.at(words, 0) {
			return Verdict{p.rule, certain}
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
	for j := max(0, i-1); j <= i; j++ {
		for _, p := range n.exceptions[text.Word(words[j])] {
			if p.at(words, j) && j+len(p.words) > i {
				return true
			}
		}
	}
	return false
}

// secretEndings end the last word of a name that is one of a secret, and keyKinds
// are in front of the word key.
var (
	secretEndings = []string{"passwd", "pswd", "pwd", "secret", "token", "apikey", "creds", "cred", "signature", "pass"}
	otherEndings  = []string{"bypass", "compass", "trespass", "surpass", "encompass", "underpass", "overpass", "sacred"}
	keyKinds      = []string{"signing", "encryption", "decryption", "master", "license", "storage", "shared", "ssh", "deploy", "hmac", "webhook", "service", "account", "cipher", "aes", "rsa", "root", "app", "auth", "integration"}
)

func isSecretName(words []string) bool {
	if len(words) == 0 {
		return false
	}
	last := text.Word(words[len(words)-1])
	if kind, isKey := strings.CutSuffix(last, "key"); isKey {
		if kind == "" && len(words) > 1 {
			kind = text.Word(words[len(words)-2])
		}
		return hasSuffix(kind, keyKinds)
	}
	return hasSuffix(last, secretEndings) && !hasSuffix(last, otherEndings)
}

// hasSuffix reports whether a text ends in one of several.
func hasSuffix(text string, suffixes []string) bool {
	return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(text, suffix) })
}
