//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package destination is what our exporters and the fan-out know of a destination: what
// its answers mean, how long to wait, how to divide a batch that it refuses, where the
// refused records go, and how to say that it takes nothing.
package destination
