// Package image builds the container image around the binary that is already built, and
// runs it as a cluster does: read-only, without capabilities, as nobody in particular.
package image
