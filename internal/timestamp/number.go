package timestamp

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
