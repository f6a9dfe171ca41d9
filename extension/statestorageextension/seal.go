package statestorageextension

import (
	"encoding/binary"
	"hash/crc32"
)

const sumSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seal returns a value with a sum of it and its key, since bbolt has none: what is
// damaged in the middle of an item would be handed out as if it were the item.
func seal(key, value []byte) []byte {
	sealed := make([]byte, 0, len(value)+sumSize)
	return binary.BigEndian.AppendUint32(append(sealed, value...), sum(key, value))
}

// unseal returns a copy of a sealed value, or nil and false if it is damaged.
func unseal(key, sealed []byte) ([]byte, bool) {
	if len(sealed) < sumSize {
		return nil, false
	}
	value, trailer := sealed[:len(sealed)-sumSize], sealed[len(sealed)-sumSize:]
	if binary.BigEndian.Uint32(trailer) != sum(key, value) {
		return nil, false
	}
	return append(make([]byte, 0, len(value)), value...), true
}

func sum(key, value []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, value)
}
