// Command chaos writes numbered records to files while the built collector tails
// them into a counting OTLP endpoint, lets everything go wrong meanwhile that goes
// wrong in production, and prints for every fault what was lost and what was
// delivered twice.
package main
