// Package doctor is the command that says what keeps a collector from working here, before
// it runs or while it does: its configuration, its files, its ports, its destinations.
package doctor
