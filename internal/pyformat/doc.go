// Package pyformat reads what Python's own notations say of a log record: the
// layouts that its logging prints lines in, the printed arguments of a message
// (msg % args), and the literals that repr prints. Nothing is ever evaluated.
package pyformat
