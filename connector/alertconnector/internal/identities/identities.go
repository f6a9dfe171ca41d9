// Package identities knows which records were seen of late, so that one that comes again
// is not counted twice.
package identities

import (
	"math/bits"
	"math/rand/v2"
)

// DefaultCapacity is how many records a rule knows.
const DefaultCapacity = 65536

// Set is a bounded set of the latest identities, which are numbered as they come.
type Set struct {
	capacity uint64
	// next is the number of the identity that comes next, and stored up to which they are.
	next, stored uint64
	// ring holds the identities by their numbers, modulo capacity.
	ring []uint64
	// table finds them: a hash table with linear probing of places in the ring, plus one.
	table []uint32
	seed  uint64
}

// New returns an empty set of up to so many identities, rounded up to whole chunks.
func New(capacity int) *Set {
	chunks := max((capacity+chunkLen-1)/chunkLen, 1)
	return &Set{capacity: uint64(chunks * chunkLen), seed: rand.Uint64()}
}

// Add takes an identity in, and reports whether it is new. The oldest has to go for it
// where the set is full.
func (s *Set) Add(id uint64) bool {
	if s.find(id) {
		return false
	}
	s.put(s.next, id)
	s.next++
	return true
}

// put takes an identity in under its number, and forgets that which had its place.
func (s *Set) put(number, id uint64) {
	place := number % s.capacity
	if place >= uint64(len(s.ring)) {
		s.grow(place)
	}
	s.remove(uint32(place))
	s.ring[place] = id
	s.insert(uint32(place))
}

// grow makes room for a place: most rules never know many.
func (s *Set) grow(place uint64) {
	size := min(max(uint64(1)<<bits.Len64(place), chunkLen), s.capacity)
	known := make([]uint32, 0, size)
	for _, entry := range s.table {
		if entry != 0 {
			known = append(known, entry-1)
		}
	}
	s.ring = append(make([]uint64, 0, size), s.ring...)[:size]
	s.table = make([]uint32, 2<<bits.Len64(size-1))
	for _, place := range known {
		s.insert(place)
	}
}

// home is where an identity is looked for first. Whoever makes up identities cannot know.
func (s *Set) home(id uint64) uint64 {
	high, low := bits.Mul64(id^s.seed, 0x9e3779b97f4a7c15)
	return (high ^ low) & uint64(len(s.table)-1)
}

func (s *Set) after(slot uint64) uint64 { return (slot + 1) & uint64(len(s.table)-1) }

func (s *Set) find(id uint64) bool {
	if len(s.table) == 0 {
		return false
	}
	for slot := s.home(id); s.table[slot] != 0; slot = s.after(slot) {
		if s.ring[s.table[slot]-1] == id {
			return true
		}
	}
	return false
}

func (s *Set) insert(place uint32) {
	slot := s.home(s.ring[place])
	for s.table[slot] != 0 {
		slot = s.after(slot)
	}
	s.table[slot] = place + 1
}

// remove takes a place of the ring out of the table, if it is in it, and moves up what
// stands behind it for want of its slot.
func (s *Set) remove(place uint32) {
	slot := s.home(s.ring[place])
	for s.table[slot] != place+1 {
		if s.table[slot] == 0 {
			return
		}
		slot = s.after(slot)
	}
	mask := uint64(len(s.table) - 1)
	for behind := s.after(slot); s.table[behind] != 0; behind = s.after(behind) {
		home := s.home(s.ring[s.table[behind]-1])
		if (behind-home)&mask >= (behind-slot)&mask {
			s.table[slot] = s.table[behind]
			slot = behind
		}
	}
	s.table[slot] = 0
}

// oldest is the number of the oldest identity that is known.
func (s *Set) oldest() uint64 { return s.next - min(s.next, s.capacity) }
