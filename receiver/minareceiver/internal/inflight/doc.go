// Package inflight holds batches until they are answered for: sources are text on
// its way, the batcher decodes them into batches, and the sender offers those to
// the next consumer, as many at a time as its window lets through.
package inflight
