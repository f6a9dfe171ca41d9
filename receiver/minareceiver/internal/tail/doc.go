// Package tail knows which files are there and which of them go on, and reads them
// once, whatever they are renamed, truncated, copied or compressed to.
package tail
