package pyjson

import "strings"

// Valid reports whether a text is one value. Of what lies deeper than maxDepth in
// objects and arrays only the brackets are looked at.
func Valid(text string, maxDepth int) bool {
	end, ok := valid(text, Space(text, 0), maxDepth)
	return ok && Space(text, end) == len(text)
}

// valid returns the end of the value that begins at a place. The depth is how much
// deeper the text is looked at.
func valid(text string, at, depth int) (end int, ok bool) {
	if at >= len(text) {
		return at, false
	}
	switch text[at] {
	case '"':
		end, _ = String(text, at)
		return end, end >= 0
	case '{', '[':
		if depth < 0 {
			return Brackets(text, at)
		}
		return validMembers(text, at, depth-1)
	case 't':
		return validWord(text, at, "true")
	case 'f':
		return validWord(text, at, "false")
	case 'n':
		return validWord(text, at, "null")
	default:
		return Number(text, at)
	}
}

func validWord(text string, at int, word string) (end int, ok bool) {
	return at + len(word), strings.HasPrefix(text[at:], word)
}

func validMembers(text string, at, depth int) (end int, ok bool) {
	closing := text[at] + 2 // in ASCII
	isObject := closing == '}'
	if at = Space(text, at+1); at < len(text) && text[at] == closing {
		return at + 1, true
	}
	for {
		if isObject {
			if at, ok = validName(text, at); !ok {
				return at, false
			}
		}
		if at, ok = valid(text, at, depth); !ok {
			return at, false
		}
		switch at = Space(text, at); {
		case at < len(text) && text[at] == closing:
			return at + 1, true
		case at >= len(text) || text[at] != ',':
			return at, false
		}
		at = Space(text, at+1)
	}
}

// validName returns the place of the value that follows the name at a place.
func validName(text string, at int) (value int, ok bool) {
	if at >= len(text) || text[at] != '"' {
		return at, false
	}
	if at, _ = String(text, at); at < 0 {
		return at, false
	}
	if at = Space(text, at); at >= len(text) || text[at] != ':' {
		return at, false
	}
	return Space(text, at+1), true
}
