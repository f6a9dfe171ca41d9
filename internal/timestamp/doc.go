// Package timestamp reads dates and times as Python's world writes them: those that
// logging, servers and databases print, and numbers since the epoch. What cannot be
// read without a guess is not read.
package timestamp
