//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package exitcodeextension ends the process with a code that says whether every
// record was delivered, which the collector itself cannot: it ends with 0 whenever
// it has stopped in good order (docs/decisions/010-exit-code.md).
package exitcodeextension
