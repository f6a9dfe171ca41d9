// Package exitcode says with which code the process is to end. It is of the process,
// and so is this: a script that pipes a log through the collector learns from the
// code whether every record was delivered.
package exitcode

import "sync/atomic"

const (
	// Delivered is the code when every record was delivered.
	Delivered = 0
	// Interrupted is the code when the input was not read to its end, or not all of
	// it was delivered.
	Interrupted = 3
	// DeadLetters is the code when all was read, and some records are in a
	// dead-letter file.
	DeadLetters = 4
)

var interrupted, deadLetters atomic.Bool

// Interrupt says that not all of the input was delivered.
func Interrupt() { interrupted.Store(true) }

// Bury says that a record went to a dead-letter file.
func Bury() { deadLetters.Store(true) }

// Take returns the code for what has happened since the last call.
func Take() int {
	cut, buried := interrupted.Swap(false), deadLetters.Swap(false)
	switch {
	case cut:
		return Interrupted
	case buried:
		return DeadLetters
	}
	return Delivered
}
