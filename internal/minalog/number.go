package minalog

import "math"

func isDigit(c byte) bool { return c-'0' < 10 }

func isLetter(c byte) bool { return c|0x20-'a' < 26 }

// isDecimal reports whether a text is digits alone.
func isDecimal(text []byte) bool {
	for _, c := range text {
		if !isDigit(c) {
			return false
		}
	}
	return len(text) > 0
}

// parseInt reads a decimal integer of 64 bits.
func parseInt[T string | []byte](text T) (int64, bool) {
	start := 0
	if len(text) > 0 && text[0] == '-' {
		start = 1
	}
	if len(text) == start || len(text)-start > 19 {
		return 0, false
	}
	var n uint64
	for i := start; i < len(text); i++ {
		if !isDigit(text[i]) {
			return 0, false
		}
		n = n*10 + uint64(text[i]-'0')
	}
	if start > 0 {
		return -int64(n), n <= 1<<63
	}
	return int64(n), n <= math.MaxInt64
}
