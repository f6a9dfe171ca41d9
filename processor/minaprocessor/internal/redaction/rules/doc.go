// Package rules has what redaction finds, as data: each Rule has anchors that make a
// place in a text a candidate, and a function that decides about it. A rule sees a text
// through a cursor and answers with a span; what happens to it is none of its business.
//
// vendors.go, credentials.go, keyfiles.go, commands.go, protocols.go, paths.go, finance.go, health.go and people.go have the rules by
// field, catalogue.go all of them, and custom.go makes those of the user. names.go judges
// what a value is called, and keys.go finds values by that. What each rule finds and what
// it leaves is in testdata/rules.
package rules
