// Package truncate cuts what is longer than a destination takes: texts, and records
// whose texts are too long or too many.
package truncate
