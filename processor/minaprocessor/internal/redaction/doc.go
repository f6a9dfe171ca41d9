// Package redaction removes from log records what must never leave the host.
//
// A rule is data (rule.go, rules_*.go): anchors that make a place a candidate, a
// matcher that decides, and examples. A text is passed over once (scanner.go): three
// bytes at a time are looked up in one table of the anchors of all rules
// (anchors.go), so that the number of rules does not set the cost, and only where an
// anchor is do matchers look. What they find is merged and replaced
// (placeholder.go). JSON in strings is read as JSON (json.go), an encoded text also
// decoded (encoded.go), and walk.go goes through a record.
package redaction
