// Package engines tests the built collector against the real Loki and the real
// VictoriaLogs, where make test-engines has built them.
package engines
