// Package text passes once over a text and finds in it what rules look for.
//
// Three bytes at a time are looked up in one table of the anchors of all rules
// (anchors.go), so that the number of rules does not set the cost, and only where an
// anchor is does a rule look, through a cursor (cursor.go), and answer with a span.
// What is written in a way that hides it is also read as it is meant (reading.go):
// decoded (escape.go), and with look-alikes folded (fold.go).
//
// assignment.go knows how texts say that a name has a value. A name and what encloses it
// (name.go) is followed by an operator and the value with what encloses that (value.go,
// quotes.go), or the two stand in another form: pair.go, member.go, markup.go,
// columns.go, lines.go, cell.go. Nothing here knows of records.
package text
