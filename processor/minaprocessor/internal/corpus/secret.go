package corpus

import "strings"

// Kinds is the number of kinds of secrets; see Secret.
func Kinds() int { return len(kinds) }

// Secret generates a secret of a kind, its rule, and what is written around it
// where it is only known by that.
func Secret(seed uint64, number int) (rule, secret, phrase string) {
	r, k := newRandom(seed), kinds[number]
	secret, phrase = k.secret(r), "%"
	if len(k.phrases) > 0 {
		phrase = r.one(k.phrases...)
	}
	return k.rule, secret, strings.Replace(phrase, "%", secret, 1)
}

// UnderKey generates a key that is sensitive and a value.
func UnderKey(seed uint64) (key, value string) {
	r := newRandom(seed)
	return r.spelled(r.one(sensitiveKeys...)), r.password()
}
