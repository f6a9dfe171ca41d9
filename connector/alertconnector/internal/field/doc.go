// Package field finds what a record says under a name: the values that alerts are
// grouped by.
package field
