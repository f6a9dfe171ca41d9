// Package collector asks a collector that runs, over the addresses that it has for that
// on its own host.
package collector
