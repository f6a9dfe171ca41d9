// Package program runs the programs that tests and measurements need, above all
// the built collector, and tells what they use.
package program
