// Package turn lets batches that are on their way at the same time come by somebody in
// the order in which they were read.
package turn
