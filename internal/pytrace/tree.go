package pytrace

import "bytes"

// Python draws exception groups as a tree. Two blanks stand before its lines for each
// depth, at which the group is, then a margin; its exceptions are one deeper, below rules:
//
//	  + Exception Group Traceback (most recent call last):
//	  | ExceptionGroup: several (2 sub-exceptions)
//	  +-+---------------- 1 ----------------
//	    | ValueError: one
//	    +---------------- 2 ----------------
//	    | KeyError: 'two'
//	    +------------------------------------

// cutMargin returns a line of a tree without its margin, and the depth.
func cutMargin(line []byte) (depth int, content []byte, ok bool) {
	blanks := leadingBlanks(line)
	if blanks == 0 || blanks%2 == 1 || blanks == len(line) || line[blanks] != '|' && line[blanks] != '+' {
		return 0, nil, false
	}
	content = line[blanks+1:]
	if len(content) == 0 {
		return blanks / 2, content, true
	}
	return blanks / 2, content[1:], content[0] == ' '
}

func leadingBlanks(line []byte) int {
	for i, c := range line {
		if c != ' ' {
			return i
		}
	}
	return len(line)
}

// cutRule tells a line of a tree that stands above an exception of a group, or below the
// last one, whose depth it returns.
func cutRule(line []byte) (depth int, isLast, ok bool) {
	blanks := leadingBlanks(line)
	rule := line[blanks:]
	if first, found := bytes.CutPrefix(rule, []byte("+-+-")); found {
		blanks, rule = blanks+2, first
	} else if next, found := bytes.CutPrefix(rule, []byte("+-")); found {
		rule = next
	} else {
		return 0, false, false
	}
	if blanks == 0 || blanks%2 == 1 {
		return 0, false, false
	}
	title := bytes.Trim(rule, "-")
	isLast = len(title) == 0
	ok = isLast && len(rule) > 2 || len(title) > 2 && title[0] == ' ' && title[len(title)-1] == ' '
	return blanks / 2, isLast, ok
}
