package redaction

// Action is what happens to a hit.
type Action string

// The actions.
const (
	// Mask replaces a hit by [REDACTED:rule].
	Mask Action = "mask"
	// Partial is Mask that keeps the last four characters, [REDACTED:rule:1111], of
	// a value that has at least twelve.
	Partial Action = "partial"
	// Hash replaces a hit by [HASHED:rule:…] with the first 16 hexadecimal digits
	// of its HMAC-SHA-256, so that equal values stay equal.
	Hash Action = "hash"
	// Drop removes the attribute that has a hit, and from a body the hit itself.
	Drop Action = "drop"
	// Audit changes nothing and only counts.
	Audit Action = "audit"
)

// Actions returns all actions.
func Actions() []Action { return []Action{Mask, Partial, Hash, Drop, Audit} }

func actionNames() []string {
	var list []string
	for _, action := range Actions() {
		list = append(list, string(action))
	}
	return list
}
