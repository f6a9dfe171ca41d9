package minalog

// braces follows the lines of a JSON object to its end, by its brackets alone.
type braces struct{ depth int }

// advance reads a line, and reports whether the object may go on in it: a string ends
// in the line in which it begins, and nothing follows the object.
func (o *braces) advance(line []byte) bool {
	for at := 0; at < len(line); at++ {
		switch line[at] {
		case '"':
			if at, _ = stringEnd(line, at+1); at < 0 {
				return false
			}
		case '{', '[':
			o.depth++
		case '}', ']':
			if o.depth--; o.depth == 0 {
				return isBlank(line[at+1:])
			}
		}
	}
	return true
}
