package minalog

import "math"

func isDigit(c byte) bool { return c-'0' < 10 }

func isLetter(c byte) bool { return c|0x20-'a' < 26 }

// digits reads a number that consists of digits only.
func digits(text []byte) (n int, ok bool) {
	for _, c := range text {
		if !isDigit(c) {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(text) > 0
}

// pair reads the two digits at the head of text.
func pair(text []byte) (n int, ok bool) {
	tens, ones := text[0]-'0', text[1]-'0'
	return int(tens*10 + ones), tens < 10 && ones < 10
}

// cutNumber reads a number that has from fewest to most digits, as many as there are.
func cutNumber(text []byte, fewest, most int) (n int, rest []byte, ok bool) {
	i := 0
	for ; i < len(text) && i < most && isDigit(text[i]); i++ {
		n = n*10 + int(text[i]-'0')
	}
	return n, text[i:], i >= fewest
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
