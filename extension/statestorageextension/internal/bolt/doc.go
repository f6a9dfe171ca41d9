// Package bolt reads a file of bbolt without trusting it. bbolt maps its file into
// memory and believes what it finds there: a damaged page ends the process, in ways
// that cannot be recovered from (a fault, a panic in a goroutine of its own, a stack
// that overflows). What Check lets pass, bbolt can use; from the rest, Salvage takes
// what can still be reached.
package bolt
