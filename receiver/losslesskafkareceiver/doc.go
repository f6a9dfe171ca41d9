//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package losslesskafkareceiver reads OTLP logs from Kafka, and commits an offset when
// the pipeline has answered for all records before it.
//
// What is fetched of a partition while a batch of it is on its way becomes the next batch,
// so that many small messages are handed on at once. A message that cannot be read goes to
// a local file, and the partition goes on.
package losslesskafkareceiver
