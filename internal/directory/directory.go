// Package directory asks the system about a directory that state is kept in.
package directory
