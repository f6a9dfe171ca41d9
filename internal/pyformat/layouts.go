package pyformat

// Layouts is a list of layouts that are tried in turn. What two of them begin with in the
// same way is read once.
type Layouts struct {
	layouts []*Layout
	// shared is how many parts of its head each layout has in common with the one in
	// front of it.
	shared []int
}

// Add appends a layout.
func (s *Layouts) Add(l *Layout) {
	shared := 0
	if n := len(s.layouts); n > 0 {
		shared = sharedParts(s.layouts[n-1], l)
	}
	s.layouts = append(s.layouts, l)
	s.shared = append(s.shared, shared)
}

func sharedParts(a, b *Layout) int {
	if a.begin != b.begin {
		return 0
	}
	n := 0
	for n < min(len(a.head), len(b.head)) && a.head[n] == b.head[n] {
		n++
	}
	return n + 1
}

// Match returns the first layout from the given place on that a line is printed in, or
// -1. To go on behind one that has matched, the values have to be those that it left.
func (s *Layouts) Match(from int, line []byte, r Reader, v *Values) int {
	for i := from; i < len(s.layouts); i++ {
		part := 0
		if i > 0 {
			if part = min(s.shared[i], v.known); part > v.failed {
				continue // as the one before
			}
		}
		if s.layouts[i].match(line, part, r, v) {
			return i
		}
	}
	return -1
}
