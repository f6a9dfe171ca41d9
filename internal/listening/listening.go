// Package listening says which process listens on an address of this machine.
package listening

// Process is one that listens. Its arguments may be secrets, and are none of it.
type Process struct {
	// PID is its id, or 0 if this user may not see whose the socket is.
	PID int
	// Name is that of its program.
	Name string
}
