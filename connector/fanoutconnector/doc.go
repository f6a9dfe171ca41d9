//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package fanoutconnector hands what one pipeline ends with to the pipelines that
// begin with it: to all at once, so that a destination which makes records wait does
// not keep them from the others.
package fanoutconnector
