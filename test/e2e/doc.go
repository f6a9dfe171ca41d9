// Package e2e runs the built collector with the shipped configuration, from real
// programs to an endpoint in the test. `make test` builds the binary first.
package e2e
