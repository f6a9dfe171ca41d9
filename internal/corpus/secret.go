package corpus

// Kinds is the number of kinds of secrets; see Secret.
func Kinds() int { return len(kinds) }

// Secret generates a secret of a kind, its rule, and what is written around it
// where it is only known by that.
func Secret(seed uint64, number int) (rule, secret, phrase string) {
	secret, phrase = kinds[number].generate(newRandom(seed))
	return kinds[number].rule, secret, phrase
}

// UnderKey generates a key that is sensitive and a value.
func UnderKey(seed uint64) (key, value string) {
	r := newRandom(seed)
	return r.spelled(r.one(sensitiveKeys...)), r.password()
}
