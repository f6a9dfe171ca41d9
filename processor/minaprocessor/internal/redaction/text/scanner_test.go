package text

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestBytesOfATextAreThoseFromAPlaceOn(t *testing.T) {
	for _, text := range []string{"", "a", "abcdefg", "abcdefgh", "abcdefghijklmnop"} {
		for at := -partLen + 1; at < len(text); at++ {
			var want uint64
			for i := range partLen {
				if at+i >= 0 && at+i < len(text) {
					want |= uint64(text[at+i]) << (8 * i)
				}
			}
			assert.Equal(t, want, bytesAt(text, at), "%q at %d", text, at)
		}
	}
}

// TestAnchorsAreFoundWhereverTheyAre compares what stops a pass with the text itself.
func TestAnchorsAreFoundWhereverTheyAre(t *testing.T) {
	for _, anchor := range []string{"abc", "password", "A0\x02", "\x01+\x01", "ключ", "social security", "0000-0", "://", "x_qj"} {
		text := []byte(anchor)
		for i, c := range text {
			switch c {
			case AnyDigit:
				text[i] = '7'
			case AnyAlnum, AnyLetter:
				text[i] = 'k'
			}
		}
		for _, around := range [][2]string{{"", ""}, {"the ", " is"}, {"  ", ""}, {"", "x"}, {"größer ", " als"}} {
			found := 0
			rules := NewRules([]Rule{{Anchors: []string{anchor}, Match: func(_ *Cursor, at int) (int, int, bool) {
				if at == len(around[0]) {
					found++
				}
				return 0, 0, false
			}}}, Placeholders{Len: func(string) int { return 0 }}, nil)
			var s Scanner
			s.Scan(rules, around[0]+string(text)+around[1], nil)
			assert.Positive(t, found, "%q in %q", anchor, around)
		}
	}
}
