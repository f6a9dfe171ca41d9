//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package statusextension says how the collector does, to programs of its own host: what
// its components report, what it consists of, and where its files are. It can change
// nothing, and says nothing that could be a secret.
package statusextension
