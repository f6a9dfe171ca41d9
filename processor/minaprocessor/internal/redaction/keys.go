package redaction

import "strings"

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

// keyWords are the sensitive keys, by the first word of each phrase.
type keyWords struct {
	phrases    map[string][]phrase
	exceptions map[string][]phrase
	// common is the rule for keys that have no action of their own.
	common  *rule
	allowed map[string]bool
}

type phrase struct {
	words []string
	whole bool
	last  bool
	// rule says what happens to what is under the key.
	rule *rule
}

func newKeyWords(allowed []string) *keyWords {
	k := &keyWords{phrases: map[string][]phrase{}, exceptions: map[string][]phrase{}, allowed: map[string]bool{}}
	for _, text := range exceptions {
		addPhrase(k.exceptions, text, nil)
	}
	for _, key := range allowed {
		k.allowed[key] = true
	}
	return k
}

func addPhrase(to map[string][]phrase, text string, r *rule) {
	p := phrase{whole: strings.HasSuffix(text, "."), last: strings.HasSuffix(text, "$"), rule: r}
	for _, w := range splitWords(nil, strings.TrimRight(text, ".$")) {
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
	for _, text := range phrases {
		longest := longestWord(strings.TrimRight(text, ".$"))
		if len(longest) >= minAnchor && !seen[longest] {
			seen[longest] = true
			list = append(list, longest)
		}
	}
	return list
}

func longestWord(phrase string) (longest string) {
	for _, word := range splitWords(nil, phrase) {
		if len(word) > len(longest) {
			longest = word
		}
	}
	return longest
}

// splitWords splits a key into words: at everything that is no letter or digit,
// between lower and upper case, and before the last capital of an acronym
// (APIKey is API, Key).
func splitWords(words []string, key string) []string {
	start := 0
	cut := func(end int) {
		if end > start {
			words = append(words, key[start:end])
		}
		start = end
	}
	for i := 0; i < len(key); i++ {
		c := key[i]
		switch {
		case !isAlnum(c) && c < 0x80:
			cut(i)
			start = i + 1
		case i > start && isUpper(c) && (!isUpper(key[i-1]) || i+1 < len(key) && isLower(key[i+1])):
			cut(i)
		}
	}
	cut(len(key))
	return words
}

// maxKeyLen is the length in bytes of the longest key that is looked for in a text.
const maxKeyLen = 64

// find returns the rule for what is under a sensitive key, or nil. Of several that
// apply, the one with an action of its own wins.
func (k *keyWords) find(key string) *rule {
	if k.allowed[key] {
		return nil
	}
	return k.match(splitWords(nil, seen(key)))
}

func (k *keyWords) match(words []string) (found *rule) {
	for i := range words {
		for _, p := range k.phrases[word(words[i])] {
			if p.at(words, i) && !k.excepted(words, i) && (found == nil || p.rule != k.common) {
				found = p.rule
			}
		}
		if found == nil && k.common != nil && hasSuffix(word(words[i]), defaultEndings) {
			found = k.common
		}
	}
	return found
}

// word is a word of a key as phrases have it: password2 is password.
func word(text string) string {
	return strings.ToLower(strings.TrimRight(text, "0123456789"))
}

// at reports whether the phrase stands at the i-th word.
func (p *phrase) at(words []string, i int) bool {
	n := len(p.words)
	if i+n > len(words) || p.whole && len(words) != n || p.last && i+n != len(words) {
		return false
	}
	for j := 1; j < n; j++ {
		if word(words[i+j]) != p.words[j] {
			return false
		}
	}
	return true
}

// excepted reports whether the i-th word is part of an exception.
func (k *keyWords) excepted(words []string, i int) bool {
	for j := max(0, i-1); j <= i; j++ {
		for _, p := range k.exceptions[word(words[j])] {
			if p.at(words, j) && j+len(p.words) > i {
				return true
			}
		}
	}
	return false
}
