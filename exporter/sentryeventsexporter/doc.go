//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package sentryeventsexporter sends log records to Sentry as its SDKs do: records of
// ERROR and above become events with exceptions, and those of INFO and above become
// the breadcrumbs of the events that follow them.
package sentryeventsexporter
