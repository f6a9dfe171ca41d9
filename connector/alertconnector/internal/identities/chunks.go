package identities

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

const (
	// chunkLen is how many identities a chunk stands for.
	chunkLen = 256
	// word is the length in bytes of an identity, and of the number in front of a chunk's.
	word = 8
)

var errDamaged = errors.New("it is damaged")

// Chunk is a part of a set as it is stored: identities in a row, behind the number of the
// first. It is stored by a number below Chunks, in the place of an older one that is
// forgotten: nothing ever has to be deleted.
type Chunk struct {
	Number uint64
	Value  []byte
}

// Chunks is how many chunks of a set there may be: one more than are full, as the oldest
// and the newest one are parts.
func (s *Set) Chunks() uint64 { return s.capacity/chunkLen + 1 }

// Unstored returns the chunks with what is new since the last call. They are to be kept
// until they are stored, or others by the same numbers are.
func (s *Set) Unstored() []Chunk {
	var chunks []Chunk
	for number := max(s.stored, s.oldest()); number < s.next; number += chunkLen - number%chunkLen {
		chunks = append(chunks, s.chunk(number/chunkLen))
	}
	s.stored = s.next
	return chunks
}

func (s *Set) chunk(n uint64) Chunk {
	first, end := max(n*chunkLen, s.oldest()), min((n+1)*chunkLen, s.next)
	value := binary.LittleEndian.AppendUint64(make([]byte, 0, word*(1+end-first)), first)
	for number := first; number < end; number++ {
		value = binary.LittleEndian.AppendUint64(value, s.ring[number%s.capacity])
	}
	return Chunk{Number: n % s.Chunks(), Value: value}
}

// Load takes the chunks of a set into a new one. Those that are damaged are errors, and
// the others are taken nevertheless.
func (s *Set) Load(chunks []Chunk) error {
	var errs []error
	for _, chunk := range chunks {
		end, err := s.endOf(chunk)
		if err != nil {
			errs = append(errs, fmt.Errorf("part %d of the identities of records: %w", chunk.Number, err))
			continue
		}
		s.next = max(s.next, end)
	}
	s.stored = s.next
	for _, chunk := range chunks {
		if _, err := s.endOf(chunk); err == nil {
			s.load(chunk.Value)
		}
	}
	return errors.Join(errs...)
}

// load takes those of a chunk's identities that are not forgotten.
func (s *Set) load(value []byte) {
	number := binary.LittleEndian.Uint64(value)
	for id := range slices.Chunk(value[word:], word) {
		if number >= s.oldest() {
			s.put(number, binary.LittleEndian.Uint64(id))
		}
		number++
	}
}

// endOf returns the number after the last of a chunk.
func (s *Set) endOf(chunk Chunk) (uint64, error) {
	if len(chunk.Value) < 2*word || len(chunk.Value)%word != 0 {
		return 0, errDamaged
	}
	first, n := binary.LittleEndian.Uint64(chunk.Value), uint64(len(chunk.Value)/word-1)
	if first > math.MaxInt64 || first%chunkLen+n > chunkLen || first/chunkLen%s.Chunks() != chunk.Number {
		return 0, errDamaged
	}
	return first + n, nil
}
