// Package image builds the container image around the programs that are already built, and
// runs it as a cluster does: read-only, without capabilities, as nobody in particular, with
// little memory.
package image
