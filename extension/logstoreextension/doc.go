//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package logstoreextension keeps the records on this machine, in a VictoriaLogs that it
// runs beside the collector, or knows one that runs elsewhere. Others find it by the host
// log_store, and need no password.
package logstoreextension
