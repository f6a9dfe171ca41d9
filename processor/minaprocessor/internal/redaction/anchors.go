package redaction

import (
	"maps"
	"math/bits"
	"slices"
	"strings"
)

// anchors finds the rules of which an anchor is at a place of a text. Of every
// anchor the three bytes that are the least usual are looked for, by one bit in a
// table. How many rules there are makes the table fuller and not the search longer.
type anchors struct {
	bits [trigrams / 64]uint64
	// groups has for each bit that is set the anchors to compare, in the order of the
	// bits, and before how many bits are set before those of a word. All that a text
	// without a hit needs stays in the nearest cache.
	groups [][]anchored
	before [trigrams / 64]uint16
}

// Three symbols of five bits are looked up.
const (
	symbolBits = 5
	trigrams   = 1 << (3 * symbolBits)
)

// symbols are the kinds of bytes that are told apart: letters whatever their case,
// digits, and a few signs that anchors have.
var symbols = func() (table [256]uint8) {
	const digit, dash, escape, sign, space = 27, 28, 29, 30, 31
	for c := range 256 {
		switch b := byte(c); {
		case isLetter(b):
			table[c] = b & 0x1f // 1 to 26
		case isDigit(b):
			table[c] = digit
		}
	}
	for signs, symbol := range map[string]uint8{"-_": dash, `%\+`: escape, "=:/@.": sign, " ": space} {
		for _, c := range []byte(signs) {
			table[c] = symbol
		}
	}
	return table
}()

// roll moves a window of three bytes on by one, to the number of its bit.
func roll(window uint32, c byte) uint32 {
	return (window<<symbolBits | uint32(symbols[c])) & (trigrams - 1)
}

func trigram(text string) uint32 {
	return roll(roll(roll(0, text[0]), text[1]), text[2])
}

// anchored is an anchor of a rule, and where in it the three bytes are.
type anchored struct {
	rule    *rule
	text    string
	offset  int
	keyword bool
}

// In an anchor, anyDigit stands for a digit, anyUpper for a capital letter,
// and anyAlnum for a letter or digit.
const (
	anyDigit = '0'
	anyAlnum = '\x01'
	anyUpper = '\x02'
)

// minAnchor is the length in bytes of the shortest anchor.
const minAnchor = 3

func newAnchors(rules []*rule) *anchors {
	byTrigram := map[uint32][]anchored{}
	for _, r := range rules {
		for _, text := range r.anchors {
			addAnchor(byTrigram, anchored{r, text, leastUsual(text), anchor})
		}
		for _, text := range r.keywords {
			addAnchor(byTrigram, anchored{r, text, leastUsual(text), keyword})
		}
	}
	a := &anchors{}
	for _, bit := range slices.Sorted(maps.Keys(byTrigram)) {
		a.bits[bit/64] |= 1 << (bit % 64)
		a.groups = append(a.groups, byTrigram[bit])
	}
	for i := 1; i < len(a.bits); i++ {
		a.before[i] = a.before[i-1] + uint16(bits.OnesCount64(a.bits[i-1]))
	}
	return a
}

func addAnchor(byTrigram map[uint32][]anchored, what anchored) {
	bytes := what.text[what.offset : what.offset+minAnchor]
	for _, first := range variants(bytes[0]) {
		for _, second := range variants(bytes[1]) {
			for _, third := range variants(bytes[2]) {
				bit := trigram(string([]byte{first, second, third}))
				if !slices.Contains(byTrigram[bit], what) {
					byTrigram[bit] = append(byTrigram[bit], what)
				}
			}
		}
	}
}

// has reports whether an anchor has the three bytes of a window.
func (a *anchors) has(window uint32) bool {
	return a.bits[window/64&(trigrams/64-1)]>>(window%64)&1 != 0
}

// at returns the anchors that have the three bytes of a window, which there are.
func (a *anchors) at(window uint32) []anchored {
	word := window / 64 & (trigrams/64 - 1)
	return a.groups[int(a.before[word])+bits.OnesCount64(a.bits[word]&(1<<(window%64)-1))]
}

// variants returns bytes for all symbols that a byte of an anchor stands for.
func variants(c byte) []byte {
	const numeral, letters = "0", "abcdefghijklmnopqrstuvwxyz"
	switch c {
	case anyUpper:
		return []byte(letters)
	case anyAlnum:
		return []byte(numeral + letters)
	}
	return []byte{c}
}

// usual orders letters, the most frequent first, with signs in between.
const usual = "eatoinsr ldcumpgfhy.bvkwxj_-qz=:/@"

// leastUsual returns where the three bytes of an anchor are that occur the least.
func leastUsual(text string) (offset int) {
	best := -1
	for i := 0; i+2 < len(text); i++ {
		score := 0
		for _, c := range []byte(text[i : i+minAnchor]) {
			score += rarity(c)
		}
		if score > best {
			best, offset = score, i
		}
	}
	return offset
}

// rarity is how rare a byte is. What stands for many bytes is not rare.
func rarity(c byte) int {
	if isLetter(c) {
		c |= 0x20
	}
	return strings.IndexByte(usual, c) + 1
}

// at reports whether the anchor begins at the place.
func (a *anchored) at(text string, at int) bool {
	if at < 0 || len(text)-at < len(a.text) {
		return false
	}
	for i := range len(a.text) {
		c, want := text[at+i], a.text[i]
		switch {
		case want == anyDigit:
			if !isDigit(c) {
				return false
			}
		case want == anyAlnum:
			if !isAlnum(c) {
				return false
			}
		case want == anyUpper:
			if !isUpper(c) {
				return false
			}
		case isLetter(want):
			if c|0x20 != want|0x20 {
				return false
			}
		case c != want:
			return false
		}
	}
	return true
}

// keywordsIn returns the rules that have a keyword in a key.
func (a *anchors) keywordsIn(key string) (found []*rule) {
	for i := 0; i+2 < len(key); i++ {
		window := trigram(key[i:])
		if !a.has(window) {
			continue
		}
		for _, candidate := range a.at(window) {
			if candidate.keyword && candidate.at(key, i-candidate.offset) && !slices.Contains(found, candidate.rule) {
				found = append(found, candidate.rule)
			}
		}
	}
	return found
}
