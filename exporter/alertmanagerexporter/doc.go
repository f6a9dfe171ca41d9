//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package alertmanagerexporter tells Prometheus Alertmanagers which alerts fire and
// which are resolved. It takes the transitions from the records of the connector alert,
// and passes over all other records.
package alertmanagerexporter
