package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// Verdict is what a name says of its values, wherever the two stand.
type Verdict struct {
	// Rule is for what goes, or nil if the name says nothing.
	Rule *Rule
	*kind
}

// kind is what names have in common whose values are judged in the same way.
type kind struct {
	// least is how many characters a value has at least that goes, as it must look like a
	// secret; or 0, if any does.
	least int
	// isLabel says that the name is also one of a group of values: a map under it is looked
	// into. Under other names it goes whole.
	isLabel bool
	// stays reports whether a value gives nothing away that others of such a name would.
	stays func(value string) bool
}

// The kinds of names.
var (
	// certain names are those of secrets, whatever these look like.
	certain = &kind{}
	// certainLabels are also names of what comes with the secret: its type, its scope.
	certainLabels = &kind{isLabel: true}
	// likely names are often those of secrets, and often of something else.
	likely = &kind{least: minSecretLen}
)

// HidesAll reports whether a map or list under the name goes whole. Under others it is
// looked into.
func (v Verdict) HidesAll() bool { return v.Rule != nil && v.least == 0 && !v.isLabel }

// Hides reports whether a value goes that stands under the name.
func (v Verdict) Hides(value string) bool {
	switch {
	case v.Rule == nil || saysNothing(value) || v.stays != nil && v.stays(value):
		return false
	case v.least > 0:
		value = judged(value)
		return len(value) >= v.least && isSecretValue(value)
	}
	return true
}

// hidesIn reports whether the value goes that an assignment in a text has, which may be
// prose.
func (v Verdict) hidesIn(in string, a text.Assignment, start, end int) bool {
	if a.Prose && in[start-1] == ' ' && (isState(in[start:end]) || strings.EqualFold(lastWord(a.Name), "pass")) {
		return false // token: expired, PASS: TestLogin
	}
	return v.Hides(in[start:end])
}

// lastWord returns the word of a name in prose that is next to the operator.
func lastWord(name string) string { return name[strings.LastIndexByte(name, ' ')+1:] }
