// Package minalog decodes the lines of a Mina log file into OpenTelemetry log
// records.
//
// A [Decoder] knows every shape that shares such a file: the application's JSON
// and text records, gunicorn's own lines, access lines, the wrappings of
// container runtimes, bare tracebacks, and whatever a print statement left
// there. A [Stream] joins the lines of one source that belong together, and a
// [Batch] gathers the records, grouped by process and logger.
//
// The decoder fills what the OpenTelemetry log data model itself defines
// (timestamp, severity, body, trace context, scope). Everything else stays an
// attribute under the name it came with: semantic conventions are the business
// of the mina processor.
package minalog
