// Package corpus generates the lines that redaction is measured on: lines with a
// secret whose rule is known, and lines in which nothing may be redacted. What it
// generates is kept in testdata, so that two versions are measured on the same.
// It shares no code with the rules: a mistake in one would hide in the other.
package corpus
