//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package logpageextension serves the page for the logs, and the read-only API that it is
// made of. The records are those of the extension log_store.
package logpageextension
