// Package engine runs victoria-logs as a child of this process, on a directory that it
// holds alone, and says why one does not start or has ended.
package engine
