//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package goruntimeextension sets how the Go runtime collects garbage: how much
// memory the collector trades for CPU time, and from where on it does not.
package goruntimeextension
