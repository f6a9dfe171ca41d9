//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml

// Package minareceiver reads the logs of Mina, a Python application under
// gunicorn, from files, over HTTP and from standard input.
//
// Every input decodes lines with internal/minalog and hands batches to the next
// consumer: files go the way internal/tail, internal/inflight, internal/checkpoint. A
// file's checkpoint and an HTTP client's 202 wait for the answer: what was not taken
// is read, or sent, again.
package minareceiver
