package minaattr

// Cut is on a record that is a piece of what the receiver had to cut. It is a map
// with the text on the other sides of the cuts, and gone when the mina processor
// has looked at the record in its light.
const Cut = "mina.cut"

// The keys of the map.
const (
	// CutBefore is the text in front of the record's.
	CutBefore = "before"
	// CutAfter is the text behind the record's. An empty one says that there may be
	// more, which nobody has seen yet.
	CutAfter = "after"
)
