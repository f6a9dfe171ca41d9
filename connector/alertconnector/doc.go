//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package alertconnector judges log records by rules as they pass, and hands on a record
// for each alert that begins or ends.
package alertconnector
