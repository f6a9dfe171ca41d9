//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package queuestorageextension keeps the queues of exporters in another storage,
// so that a kill while the collector starts loses nothing.
//
// An exporter's queue, when it starts, takes what was being sent at the last stop
// out of the storage and puts it to the queue's end: it deletes all of that first,
// and then writes it again, one after the other. What is not written again when
// the process is killed would be lost.
package queuestorageextension
