package text

import (
	"encoding/binary"
	"maps"
	"math"
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
	// digits is how many digits a number has at least that an anchor is found in.
	digits int
}

// Three symbols of five bits are looked up.
const (
	symbolBits = 5
	trigrams   = 1 << (3 * symbolBits)
)

// symbols are the kinds of bytes that are told apart: letters whatever their case,
// digits, a few signs that anchors have, and what may mean something else than it is.
var symbols = func() (table [256]uint8) {
	const digit, dash, escape, sign, space = 27, 28, 29, 30, 31
	for c := range 256 {
		switch b := byte(c); {
		case b|0x20 == 'q':
			table[c] = 'j' & 0x1f // one of the two rarest letters gives its symbol away
		case IsLetter(b):
			table[c] = b & 0x1f // 1 to 26
		case IsDigit(b):
			table[c] = digit
		}
	}
	for signs, symbol := range map[string]uint8{"-_": dash, `%\+`: escape, "=:/@.": sign, " ": space, unusualBytes: unusual} {
		for _, c := range []byte(signs) {
			table[c] = symbol
		}
	}
	return table
}()

// unusual is the symbol of bytes that begin what may mean something else than it is: a NUL,
// the escape character, and the first bytes in UTF-8 of what fold folds. The letters with
// accents and the scripts that most texts are in are not among them.
const (
	unusual      = 'q' & 0x1f
	unusualBytes = "\x00\x1b\xc2\xc7\xc9\xca\xcb\xcd\xce\xcf\xd0\xd1\xd2\xd5\xd6\xd8\xdb\xdc\xe1\xe2\xe3\xef\xf0\xf3"
)

func isUnusual(c byte) bool { return symbols[c] == unusual }

// roll moves a window of three bytes on by one, to the number of its bit.
func roll(window uint32, c byte) uint32 {
	return (window<<symbolBits | uint32(symbols[c])) & (trigrams - 1)
}

// threeDigits is the window of a number.
const threeDigits = 27<<(2*symbolBits) | 27<<symbolBits | 27

func trigram(text string) uint32 {
	return roll(roll(roll(0, text[0]), text[1]), text[2])
}

// anchored is an anchor, of which rule it is, and where in it the three bytes are.
type anchored struct {
	// part is what it has around the three bytes, and side where that begins.
	part   part
	side   side
	text   string
	offset int
	rule   int
	kind   kind
}

// part is a part of an anchor of up to eight bytes as a number, to compare it at once: the
// case of letters is folded, and what may be any of several bytes is masked.
type part struct{ want, mask, fold uint64 }

// side says which eight bytes a part is compared with: those from the three bytes on, or
// those up to them.
type side uint8

const (
	behind side = iota
	before
	sides
)

const (
	partLen = 8
	// lead is how many bytes are in front of the three.
	lead = partLen - MinAnchor
)

// partOf returns the longer side of an anchor, whose three bytes are at the offset.
func partOf(anchor string, offset int) (p part, s side) {
	from := offset
	if offset > len(anchor)-offset-MinAnchor {
		s, from = before, offset-lead
	}
	for i := range partLen {
		if from+i < 0 || from+i >= len(anchor) {
			continue
		}
		shift, c, mask := 8*i, anchor[from+i], uint64(0xff)
		switch {
		case c == AnyAlnum || c == AnyForeign || c == AnyBreak:
			continue
		case c == AnyDigit:
			mask = 0xf0 // digits, and a few signs
		case c == AnyLetter:
			c, mask = 'A', 0x40 // letters, and a few signs
		case IsLetter(c):
			p.fold |= 0x20 << shift
			c |= 0x20
		}
		p.want |= uint64(c) & mask << shift
		p.mask |= mask << shift
	}
	return p, s
}

// fits reports whether the bytes of a text may be those of the anchor.
func (p *part) fits(bytes uint64) bool { return (bytes|p.fold)&p.mask == p.want }

// bytesAt returns the bytes of a text from a place on, with zeros for what is not in it.
func bytesAt(text string, at int) (bytes uint64) {
	last := len(text) - partLen
	switch {
	case last < 0:
		for i := min(len(text), at+partLen) - 1; i >= max(at, 0); i-- {
			bytes = bytes<<8 | uint64(text[i])
		}
		return bytes << (8 * max(-at, 0))
	case at < 0:
		return word(text, 0) << (8 * -at)
	case at > last:
		return word(text, last) >> (8 * (at - last))
	}
	return word(text, at)
}

func word(text string, at int) uint64 {
	return binary.LittleEndian.Uint64([]byte(text[at : at+partLen]))
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
// or digit, AnyForeign for a byte beyond ASCII, and AnyBreak for one that is no small letter.
const (
	AnyDigit   = '0'
	AnyAlnum   = '\x01'
	AnyLetter  = '\x02'
	AnyForeign = '\x03'
	AnyBreak   = '\x04'
)

// MinAnchor is the length in bytes of the shortest anchor.
const MinAnchor = 3

func newAnchors(byTrigram map[uint32][]anchored) *anchors {
	a := &anchors{digits: math.MaxInt}
	for i := range byTrigram[threeDigits] {
		a.digits = min(a.digits, Digits.End(byTrigram[threeDigits][i].text, 0)) // AnyDigit is one
	}
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
	a.part, a.side = partOf(a.text, a.offset)
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
// place on, or the end, and their window.
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
	case AnyForeign:
		return []byte{0x80, unusualBytes[len(unusualBytes)-1]}
	case AnyBreak:
		return []byte(numeral + letters + "-%= \"" + unusualBytes[:1])
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
		if three := text[i : i+MinAnchor]; !strings.Contains(frequent, strings.ToLower(three)) {
			for _, c := range []byte(three) {
				score += rarity(c)
			}
		}
		if score > best {
			best, offset = score, i
		}
	}
	return offset
}

// frequent are the three letters that words in logs have most often.
const frequent = "ing ion tio ent ati for ter res con per ver pro com est ate men log app api str ser err ror ist ess tra all der int ity ble thr ead wor ord rec req que son jso use"

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
		case want == AnyBreak:
			if IsLower(c) {
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
