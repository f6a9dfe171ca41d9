// Package pyjson scans JSON texts as Python's json module writes and reads them:
// RFC 8259, with NaN, Infinity and -Infinity as numbers, lone surrogates as escapes,
// and control characters in strings. Beyond Python it takes numbers with leading
// zeros, and in strings no escape is an error: what is none stands for itself.
//
// Nothing is built: a function is given the place where something begins, and returns
// its end, the place behind it.
package pyjson
