package minalog

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// recordUID is the attribute by which a record that comes again is known.
const recordUID = "log.record.uid"

// place is where a record begins, which is the same whenever and in whatever blocks its
// text is read.
type place struct {
	// offset is that of the line, or of the piece of a line.
	offset int64
	// within tells those apart that begin in one line.
	within int
}

// NewText draws what tells a text from all others. It is not made from a name, an inode or
// the text: those change, come again, or are the same in two files.
func NewText() uint64 { return max(1, rand.Uint64()) } //nolint:gosec // it has to differ, and nothing else

// putUID gives a record without an identity its own: its offset, by which the records of
// a text can be sorted, and what tells this text from others. Nothing of it is made from
// the record's text, since a hash would let short secrets be guessed.
func putUID(b *Batch, attributes pcommon.Map, text uint64, p place) {
	v, exists := attributes.GetOrPutEmpty(recordUID)
	if exists && v.AsString() != "" {
		return
	}
	const offsetSize = 6 // which is enough for 256 TiB
	var id [8 + 8]byte
	binary.BigEndian.PutUint64(id[:], uint64(p.offset)) //nolint:gosec // it is not negative
	binary.BigEndian.PutUint64(id[8:], text+uint64(p.within))
	var uid [2 * (offsetSize + 8)]byte
	hex.Encode(uid[:], id[8-offsetSize:])
	v.SetStr(b.text.keep(uid[:]))
}
