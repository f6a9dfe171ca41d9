// Package otelcol runs the collector that is installed beside this program: to try or to
// check a configuration, which only the collector itself can read.
package otelcol
