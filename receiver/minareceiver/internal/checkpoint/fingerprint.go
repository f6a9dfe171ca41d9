package checkpoint

import (
	"crypto/sha256"
	"encoding/binary"
)

// FingerprintSize is the length in bytes of the stretches of text by which files
// are recognized: the first bytes, and the last ones before an offset.
const FingerprintSize = 256

// Fingerprint stands for a stretch of text without telling it: checkpoints are no
// place for what is redacted later.
type Fingerprint struct {
	Size int    `json:"size"`
	Sum  uint64 `json:"sum"`
}

// FingerprintOf returns the fingerprint of a text.
func FingerprintOf(text []byte) Fingerprint {
	sum := sha256.Sum256(text)
	return Fingerprint{Size: len(text), Sum: binary.LittleEndian.Uint64(sum[:])}
}

// Fits reports whether a text is what the fingerprint stands for.
func (f Fingerprint) Fits(text []byte) bool {
	return len(text) == f.Size && (f.Size == 0 || FingerprintOf(text) == f)
}

// Begins reports whether a text begins with what the fingerprint stands for.
func (f Fingerprint) Begins(text []byte) bool { return len(text) >= f.Size && f.Fits(text[:f.Size]) }

// isPossible reports whether there can be such a fingerprint.
func (f Fingerprint) isPossible() bool { return f.Size >= 0 && f.Size <= FingerprintSize }
