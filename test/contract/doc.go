// Package contract holds strict doubles of the vendors: they check everything that a
// vendor's documents say of a request, answer as the vendor does, and remember what
// they took.
package contract
