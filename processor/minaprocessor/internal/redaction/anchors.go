package redaction

import (
	"slices"
	"strings"
)

// anchors finds the rules of which an anchor is at a place of a text. Of every
// anchor the three bytes that are the least usual are looked for, by one bit in a
// table. How many rules there are makes the table fuller and not the search longer.
type anchors struct {
	bits [trigrams / 64]uint64
	// group has for each bit the anchors to compare, among groups.
	group  [trigrams]uint16
	groups [][]anchored
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
	a := &anchors{groups: make([][]anchored, 1)}
	for _, r := range rules {
		for _, text := range r.anchors {
			a.addAnchor(anchored{r, text, leastUsual(text), anchor})
		}
		for _, text := range r.keywords {
			a.addAnchor(anchored{r, text, leastUsual(text), keyword})
		}
	}
	return a
}

func (a *anchors) addAnchor(what anchored) {
	bytes := what.text[what.offset : what.offset+minAnchor]
	for _, first := range variants(bytes[0]) {
		for _, second := range variants(bytes[1]) {
			for _, third := range variants(bytes[2]) {
				a.add(trigram(string([]byte{first, second, third})), what)
			}
		}
	}
}

func (a *anchors) add(bit uint32, what anchored) {
	a.bits[bit/64] |= 1 << (bit % 64)
	if a.group[bit] == 0 {
		a.group[bit] = uint16(len(a.groups))
		a.groups = append(a.groups, nil)
	}
	group := &a.groups[a.group[bit]]
	if !slices.Contains(*group, what) {
		*group = append(*group, what)
	}
}

// has reports whether an anchor has the three bytes of a window.
func (a *anchors) has(window uint32) bool {
	return a.bits[window/64&(trigrams/64-1)]>>(window%64)&1 != 0
}

// at returns the anchors that have the three bytes of a window.
func (a *anchors) at(window uint32) []anchored { return a.groups[a.group[window&(trigrams-1)]] }

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
		for _, candidate := range a.at(trigram(key[i:])) {
			if candidate.keyword && candidate.at(key, i-candidate.offset) && !slices.Contains(found, candidate.rule) {
				found = append(found, candidate.rule)
			}
		}
	}
	return found
}
