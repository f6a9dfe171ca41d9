package text

import (
	"maps"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
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
		case IsLetter(b):
			table[c] = b & 0x1f // 1 to 26
		case IsDigit(b):
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

// anchored is an anchor, of which rule it is, and where in it the three bytes are.
type anchored struct {
	// tail is what it has from the three bytes on.
	tail   tail
	text   string
	offset int
	rule   int
	kind   kind
}

// tail is a part of an anchor of up to eight bytes as a number, to compare it at once: the
// case of letters is folded, and what may be any of several bytes is masked.
type tail struct{ want, mask, fold uint64 }

func tailOf(anchor string) (t tail) {
	for i := range min(len(anchor), tailLen) {
		shift, c := 8*i, anchor[i]
		switch {
		case c == AnyDigit || c == AnyAlnum || c == AnyLetter || c == AnyForeign:
			continue
		case IsLetter(c):
			c |= 0x20
			t.fold |= 0x20 << shift
		}
		t.want |= uint64(c) << shift
		t.mask |= 0xff << shift
	}
	return t
}

// fits reports whether the bytes of a text may be those of the anchor.
func (t *tail) fits(bytes uint64) bool { return (bytes|t.fold)&t.mask == t.want }

const tailLen = 8

// bytesAt returns the bytes of a text from a place on, behind its end zeros.
func bytesAt(text string, at int) (bytes uint64) {
	if len(text)-at < tailLen {
		for i := len(text) - 1; i >= at; i-- {
			bytes = bytes<<8 | uint64(text[i])
		}
		return bytes
	}
	b := text[at : at+tailLen]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 | uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// kind is what an anchor is for.
type kind uint8

const (
	anchor kind = iota
	keyword
	placeholder
	encoded
)

// In an anchor, AnyDigit stands for a digit, AnyLetter for a letter, AnyAlnum for a letter
// or digit, and AnyForeign for a byte beyond ASCII.
const (
	AnyDigit   = '0'
	AnyAlnum   = '\x01'
	AnyLetter  = '\x02'
	AnyForeign = '\x03'
)

// MinAnchor is the length in bytes of the shortest anchor.
const MinAnchor = 3

func newAnchors(byTrigram map[uint32][]anchored) *anchors {
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

// addAnchor files an anchor under all trigrams that it may be found by.
func addAnchor(byTrigram map[uint32][]anchored, a anchored) {
	a.offset = leastUsual(a.text)
	a.tail = tailOf(a.text[a.offset:])
	bytes := a.text[a.offset : a.offset+MinAnchor]
	for _, first := range variants(bytes[0]) {
		for _, second := range variants(bytes[1]) {
			for _, third := range variants(bytes[2]) {
				bit := trigram(string([]byte{first, second, third}))
				if !slices.Contains(byTrigram[bit], a) {
					byTrigram[bit] = append(byTrigram[bit], a)
				}
			}
		}
	}
}

// has reports whether an anchor has the three bytes of a window.
func (a *anchors) has(window uint32) bool {
	return a.bits[window/64&(trigrams/64-1)]>>(window%64)&1 != 0
}

// seek returns the place of the last of the next three bytes that an anchor has, from a
// place on, or the end, and their window. The loop is apart so that it stays in registers.
func (a *anchors) seek(text string, i int, window uint32) (int, uint32) {
	for ; i < len(text); i++ {
		if window = roll(window, text[i]); a.has(window) {
			break
		}
	}
	return i, window
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
	case AnyLetter:
		return []byte(letters)
	case AnyAlnum:
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
		for _, c := range []byte(text[i : i+MinAnchor]) {
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
	if IsLetter(c) {
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
		case want == AnyDigit:
			if !IsDigit(c) {
				return false
			}
		case want == AnyAlnum:
			if !IsAlnum(c) {
				return false
			}
		case want == AnyLetter:
			if !IsLetter(c) {
				return false
			}
		case want == AnyForeign:
			if c < utf8.RuneSelf {
				return false
			}
		case IsLetter(want):
			if c|0x20 != want|0x20 {
				return false
			}
		case c != want:
			return false
		}
	}
	return true
}

// Context returns what the name of a text says of the rules: those that have a keyword in
// it, and behind these, as ^rule, those that find nothing under it.
func (r *Rules) Context(name string) (context []int) {
	for i := 0; i+2 < len(name); i++ {
		window := trigram(name[i:])
		if !r.anchors.has(window) {
			continue
		}
		for _, a := range r.anchors.at(window) {
			if at := i - a.offset; a.kind == keyword && a.at(name, at) && !insideWord(name, at) && !slices.Contains(context, a.rule) {
				context = append(context, a.rule)
			}
		}
	}
	for i, rule := range r.list {
		if rule.Except != nil && rule.Except(name) {
			context = append(context, ^i)
		}
	}
	return context
}
