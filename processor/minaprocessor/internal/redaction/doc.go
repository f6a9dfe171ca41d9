// Package redaction removes from log records what must never leave the host.
//
// It is three rooms, and the doors lead one way. Here are the records: walk.go goes
// through one, json.go through JSON in strings, pairs.go knows what {"name": …, "value": …}
// says; what a hit is replaced by is in placeholder.go, and config.go is what users choose.
// What is found is in the package rules, as data. How a text is passed over once, whatever
// the number of rules, is in the package text, which knows nothing of records.
package redaction
