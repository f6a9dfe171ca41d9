//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package statestorageextension keeps what the collector must not forget when it
// ends, checkpoints and queues, in files of one directory. A file that is damaged
// never keeps the collector from starting: it is moved aside, and what can be read
// of it is kept.
package statestorageextension
