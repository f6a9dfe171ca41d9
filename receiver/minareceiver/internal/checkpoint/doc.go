// Package checkpoint keeps how far each file has been delivered: acks collect the
// answers of batches, fingerprints recognize a file's text, and the store saves both.
package checkpoint
