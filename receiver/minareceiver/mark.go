package minareceiver

import (
	"crypto/sha256"
	"encoding/binary"
)

// markSize is the length in bytes of the stretches of text by which files are
// recognized: the first bytes, and the last ones before an offset.
const markSize = 256

// mark stands for a stretch of text without telling it: checkpoints are no place
// for what is redacted later.
type mark struct {
	Size int    `json:"size"`
	Sum  uint64 `json:"sum"`
}

func markOf(text []byte) mark {
	sum := sha256.Sum256(text)
	return mark{Size: len(text), Sum: binary.LittleEndian.Uint64(sum[:])}
}

// fits reports whether a text is what the mark stands for.
func (m mark) fits(text []byte) bool {
	return len(text) == m.Size && (m.Size == 0 || markOf(text) == m)
}

// begins reports whether a text begins with what the mark stands for.
func (m mark) begins(text []byte) bool { return len(text) >= m.Size && m.fits(text[:m.Size]) }
