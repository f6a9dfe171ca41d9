// Package corpora has texts that nobody here wrote: the examples of secret scanners,
// and logs and documentation in which hardly anything is secret. What its licence
// lets us keep is in testdata; the rest is fetched when it is asked for.
package corpora
