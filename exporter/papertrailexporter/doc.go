//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package papertrailexporter sends log records as syslog (RFC 5424) over TLS, TCP or
// UDP, to Papertrail or any other syslog server.
package papertrailexporter
