//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package losslessotlphttpexporter sends log records as OTLP over HTTP, as the stock
// exporter otlp_http does, and drops none: a destination that refuses its sender is
// waited for, and a record that is refused for what it is goes to a local file.
package losslessotlphttpexporter
