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

// exceptions are phrases in which the word token means something else.
var exceptions = []string{"token count", "token type", "token limit", "token usage", "max token"}

// keyWords are the sensitive keys, by the first word of each phrase.
type keyWords struct {
	phrases    map[string][]phrase
	exceptions map[string][]phrase
	allowed    map[string]bool
}

type phrase struct {
	words []string
	whole bool
	last  bool
}

func newKeyWords(additional, allowed []string) *keyWords {
	k := &keyWords{phrases: map[string][]phrase{}, exceptions: map[string][]phrase{}, allowed: map[string]bool{}}
	for _, text := range append(append([]string{}, defaultKeys...), additional...) {
		addPhrase(k.phrases, text)
	}
	for _, text := range exceptions {
		addPhrase(k.exceptions, text)
	}
	for _, key := range allowed {
		k.allowed[key] = true
	}
	return k
}

func addPhrase(to map[string][]phrase, text string) {
	p := phrase{whole: strings.HasSuffix(text, "."), last: strings.HasSuffix(text, "$")}
	for _, w := range splitWords(nil, strings.TrimRight(text, ".$")) {
		p.words = append(p.words, strings.ToLower(w))
	}
	if len(p.words) > 0 {
		to[p.words[0]] = append(to[p.words[0]], p)
	}
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

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }

// maxKeyLen is the length in bytes of the longest key that is looked for in a text.
const maxKeyLen = 64

// isSensitive reports whether what is under the key must go.
func (k *keyWords) isSensitive(key string) bool {
	return !k.allowed[key] && k.match(splitWords(nil, key))
}

func (k *keyWords) match(words []string) bool {
	for i := range words {
		first := strings.ToLower(words[i])
		for _, p := range k.phrases[first] {
			if p.at(words, i) && !k.excepted(words, i) {
				return true
			}
		}
	}
	return false
}

// at reports whether the phrase stands at the i-th word.
func (p *phrase) at(words []string, i int) bool {
	n := len(p.words)
	if i+n > len(words) || p.whole && len(words) != n || p.last && i+n != len(words) {
		return false
	}
	for j := 1; j < n; j++ {
		if !strings.EqualFold(words[i+j], p.words[j]) {
			return false
		}
	}
	return true
}

// excepted reports whether the i-th word is part of an exception.
func (k *keyWords) excepted(words []string, i int) bool {
	for j := max(0, i-1); j <= i; j++ {
		for _, p := range k.exceptions[strings.ToLower(words[j])] {
			if p.at(words, j) && j+len(p.words) > i {
				return true
			}
		}
	}
	return false
}
