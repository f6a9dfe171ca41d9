// Package try is the command that shows what becomes of the lines of a log: it runs the
// collector's receiver and processors, as they are configured, over a file, and nothing
// else of the configuration.
package try
