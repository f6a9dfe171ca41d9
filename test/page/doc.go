// Package page tests the logs' page in a real browser, over the built collector and the
// real VictoriaLogs.
package page
