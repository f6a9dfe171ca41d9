//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package minaprocessor gives log records the names and places of OpenTelemetry's
// semantic conventions (internal/semconv) and removes what must never leave the
// host (internal/redaction), in one walk over the records. It works on log
// records from any receiver.
package minaprocessor
