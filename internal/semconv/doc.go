// Package semconv gives the attributes of log records the names of the
// OpenTelemetry semantic conventions, version 1.43.
//
// The table in moves.go says where each field goes. An attribute that is already
// there is never overwritten: what would have gone there keeps its own name.
package semconv
