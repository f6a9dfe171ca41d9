// Package filelock locks files against other processes, and against other handles of this one.
// A lock ends with the handle, or the process, at the latest.
package filelock

import "errors"

// ErrTaken says that another handle has the lock.
var ErrTaken = errors.New("the file is locked")
