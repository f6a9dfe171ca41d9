package redaction

import "strings"

// keyValue finds the values of sensitive keys inside a text: password=…,
// "token": "…", 'secret' => '…', Authorization: Bearer …
var keyValue = &rule{
	name:    sensitiveKey,
	anchors: []string{"=" + string(rune(anyByte)), ":" + string(rune(anyByte))},
	find:    findKeyValue,
}

// placeholder passes over what replaces a hit, so that a second pass changes nothing.
var placeholder = &rule{
	name:    "placeholder",
	anchors: []string{maskPrefix, hashPrefix},
	find: func(s *scanner, at int) (int, int, bool) {
		s.next = at + s.placeholderLen(s.text[at:])
		return 0, 0, false
	},
}

// placeholderLen returns the length of the placeholder that a text begins with, or
// 0. What only looks like one could hide something: a placeholder names a rule,
// in letters, and a hash counts only where hashes are made.
func (s *scanner) placeholderLen(text string) int {
	name, isMask := strings.CutPrefix(text, maskPrefix)
	if !isMask {
		var isHash bool
		if name, isHash = strings.CutPrefix(text, hashPrefix); !isHash || s.action != Hash {
			return 0
		}
	}
	end := 0
	for end < len(name) && (isLower(name[end]) || name[end] == '_') {
		end++
	}
	if !isMask && end < len(name) && name[end] == ':' {
		digits := end + 1
		for end++; end < len(name) && end-digits < hashDigits && (isDigit(name[end]) || 'a' <= name[end] && name[end] <= 'f'); {
			end++
		}
	}
	if end == 0 || end >= len(name) || name[end] != ']' {
		return 0
	}
	return len(text) - len(name) + end + 1
}

// isPlaceholder reports whether a text is a placeholder and nothing else.
func (s *scanner) isPlaceholder(text string) bool {
	return text != "" && s.placeholderLen(text) == len(text)
}

func findKeyValue(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	if at < s.covered {
		return 0, 0, false // it is part of a value that goes anyway
	}
	key, ok := keyBefore(text, at)
	if !ok || !s.sensitiveInText(key) {
		return 0, 0, false
	}
	start = at + 1
	for start < len(text) && (text[start] == '=' || text[start] == '>' || text[start] == ' ' || text[start] == '\t') {
		start++
	}
	start, end = s.valueAt(start, key)
	if end <= start || s.kept(text[start:end]) {
		return 0, 0, false
	}
	s.covered = end
	return start, end, true
}

// keyBefore returns the key that ends before an operator: a name, in quotes or
// not, also in escaped quotes, with up to two words in front of it.
func keyBefore(text string, operator int) (string, bool) {
	end := operator
	for end > 0 && text[end-1] == ' ' && operator-end < 4 {
		end--
	}
	if end > 0 && (text[end-1] == '"' || text[end-1] == '\'') {
		end--
		if end > 0 && text[end-1] == '\\' {
			end--
		}
	}
	start, blanks := end, 0
	for start > 0 && end-start < maxKeyLen {
		c := text[start-1]
		if c == ' ' && start < end && text[start] != ' ' && blanks < 2 {
			blanks++
		} else if !isAlnum(c) && c != '_' && c != '-' && c != '.' && c < 0x80 {
			break
		}
		start--
	}
	key := strings.TrimLeft(text[start:end], " .-")
	return key, key != ""
}

// sensitiveInText judges a key in a text, where the words before the key may or
// may not belong to it: those must only make up a phrase that reaches to its end.
func (s *scanner) sensitiveInText(key string) bool {
	name := key[strings.LastIndexByte(key, ' ')+1:]
	if s.textKeys.Find(name).Known {
		if name == key {
			return true
		}
		s.words = splitWords(s.words[:0], key)
		return !s.keyWords.excepted(s.words, len(s.words)-1)
	}
	for name != key {
		before := strings.LastIndexByte(key[:len(key)-len(name)-1], ' ') + 1
		name = key[before:]
		s.words = splitWords(s.words[:0], name)
		for _, p := range s.keyWords.phrases[strings.ToLower(s.words[0])] {
			if len(p.words) == len(s.words) && p.at(s.words, 0) {
				return true
			}
		}
	}
	return false
}

// valueAt returns the value that begins at the place, without its quotes.
func (s *scanner) valueAt(at int, key string) (start, end int) {
	text := s.text
	if at >= len(text) {
		return at, at
	}
	switch c := text[at]; {
	case c == '"' || c == '\'':
		return at + 1, closingQuote(text, at+1, text[at:at+1])
	case c == '\\' && at+1 < len(text) && (text[at+1] == '"' || text[at+1] == '\''):
		return at + 2, closingQuote(text, at+2, text[at:at+2])
	case (c == 'b' || c == 'r' || c == 'u' || c == 'f') && at+1 < len(text) && (text[at+1] == '"' || text[at+1] == '\''):
		return at + 2, closingQuote(text, at+2, text[at+1:at+2])
	case c == '{' || c == '[' || c == '(':
		end = closingBracket(text, at)
		if more := plainEnd(text, end); strings.Trim(text[end:more], ".") != "" {
			end = more
		}
		return at, end
	}
	if isHeader(key) {
		return at, headerEnd(text, at)
	}
	return at, plainEnd(text, at)
}

// closingQuote returns where a string ends, or the end of the text.
func closingQuote(text string, at int, quote string) int {
	for i := at; i < len(text); i++ {
		if strings.HasPrefix(text[i:], quote) {
			return i
		}
		if text[i] == '\\' && len(quote) == 1 {
			i++
		}
	}
	return len(text)
}

// closingBracket returns the end of a container, or of the text.
func closingBracket(text string, at int) int {
	depth := 0
	for i := at; i < len(text); i++ {
		switch c := text[i]; c {
		case '"', '\'':
			i = closingQuote(text, i+1, string(c))
		case '{', '[', '(':
			depth++
		case '}', ']', ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

// plainEnd returns the end of a value without quotes.
func plainEnd(text string, at int) int {
	end := at
	for end < len(text) && strings.IndexByte(" \t\r\n,;&)]}<>\"'`|\\", text[end]) < 0 {
		end++
	}
	if end < len(text) && text[end] == '\\' && !escapeAt(text, end) && !strings.HasPrefix(text[end:], `\"`) {
		return plainEnd(text, end+1)
	}
	// A full stop behind a value ends the sentence.
	for end > at+1 && text[end-1] == '.' && (end == len(text) || isSpace(text[end])) {
		end--
	}
	return end
}

// isHeader reports whether the key is an HTTP header whose value has several words.
func isHeader(key string) bool {
	key = key[strings.LastIndexByte(key, ' ')+1:]
	return len(key) >= len("cookie") && (strings.EqualFold(key[len(key)-len("cookie"):], "cookie") ||
		len(key) >= len("authorization") && strings.EqualFold(key[len(key)-len("authorization"):], "authorization"))
}

// headerEnd returns the end of a header's value: that of the line, or of the
// string that the header stands in.
func headerEnd(text string, at int) int {
	scheme := plainEnd(text, at)
	end := scheme
	for end < len(text) && strings.IndexByte("\r\n\"'`", text[end]) < 0 && !escapeAt(text, end) && !strings.HasPrefix(text[end:], `\"`) {
		if text[end] == ',' || text[end] == ')' || text[end] == '}' || text[end] == ']' {
			break
		}
		if text[end] == ' ' && end > scheme && !isCookieOrScheme(text[at:end]) {
			break
		}
		end++
	}
	return max(end, scheme)
}

// isCookieOrScheme reports whether a header's value goes on behind a blank: behind
// a cookie, or behind the scheme of an Authorization header.
func isCookieOrScheme(value string) bool {
	return strings.HasSuffix(value, ";") || strings.IndexByte(value, ' ') < 0
}

// kept reports whether a value says nothing.
func (s *scanner) kept(value string) bool {
	switch value {
	case "null", "None", "true", "false", "True", "False", "nil", "undefined":
		return true
	}
	return s.isPlaceholder(value)
}
