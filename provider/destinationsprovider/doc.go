// Package destinationsprovider merges the destinations whose variables are set, so that a
// vendor's token is all that a container, a unit or a chart is told.
package destinationsprovider
