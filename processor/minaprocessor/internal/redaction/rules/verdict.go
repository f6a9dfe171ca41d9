package rules

import "strings"

// Verdict is what a name says of its values, wherever the two stand.
type Verdict struct {
	// Rule is for what goes, or nil if the name says nothing.
	Rule *Rule
	kind *kind
}

// kind is what names have in common whose values are judged in the same way.
type kind struct {
	// hides reports whether a value that says something goes. All do if there is none.
	hides func(value string) bool
	// walked says that the name is also one of a group of values: a map or list under it is
	// looked into. Under other names it goes whole.
	walked bool
	// narrated says that values have several words, as prose has.
	narrated bool
	// inQuery says that the name is one of a secret only in the query of a URL.
	inQuery bool
}

// The kinds of names.
var (
	// certain names are those of secrets, whatever these look like.
	certain = &kind{}
	// chosen names are those that the user has named.
	chosen = &kind{}
	// certainLabel names are also those of what comes with the secret: its type, its scope.
	certainLabel = &kind{walked: true}
	narrated     = &kind{narrated: true}
	// likely names are often those of secrets, and often of something else.
	likely = &kind{walked: true, hides: looksSecret}
	// identifying names are often those of numbers that tell who somebody is.
	identifying = &kind{walked: true, hides: hasDigits}
	// labels say of what the value is, and have a secret now and then.
	authLabel = &kind{walked: true, hides: func(value string) bool {
		return strings.IndexByte(value, '(') < 0 && (hasToken(value, minSecretLen, fewTurns) || isBasic(value))
	}}
	sessionLabel = &kind{walked: true, hides: func(value string) bool { return hasToken(value, minSessionLen, manyTurns) }}
	queried      = &kind{walked: true, inQuery: true, hides: func(value string) bool { return hasToken(value, minQueryLen, manyTurns) }}
	// The others are certain but for one thing that is no secret.
	directory = &kind{hides: not(isPath)}
	filed     = &kind{hides: not(isPath)}
	short     = &kind{hides: not(isSmallNumber)}
	numbered  = &kind{hides: not(isNumber)}
	delivered = &kind{hides: not(isDeliveryStatus)}
)

// What a value has at least that its name gives away in part: characters, and turns of
// letters and digits.
const (
	fewTurns      = 2
	manyTurns     = 3
	minSessionLen = 16
	minQueryLen   = 20
)

func not(is func(value string) bool) func(value string) bool {
	return func(value string) bool { return !is(value) }
}

// HidesAll reports whether a map or list under the name goes whole. Under others it is
// looked into.
func (v Verdict) HidesAll() bool { return v.Rule != nil && !v.kind.walked }

// Hides reports whether a value goes that stands under the name, without its quotes.
func (v Verdict) Hides(value string) bool {
	return v.Rule != nil && !v.kind.inQuery && v.hides(value)
}

func (v Verdict) hides(value string) bool {
	return !saysNothing(value) && !isTemplate(value) && (v.kind.narrated || !isSentence(value)) && (v.kind.hides == nil || v.kind.hides(value))
}
