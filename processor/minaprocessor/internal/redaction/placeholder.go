package redaction

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

const (
	maskPrefix = "[REDACTED:"
	hashPrefix = "[HASHED:"
	// hashDigits is the number of hexadecimal digits that are kept of a hash.
	hashDigits = 16
	// shownCharacters are kept of a value by Partial, and only where the value is
	// so long that they are a small part of it.
	shownCharacters = 4
	minPartial      = 12
)

// placeholder passes over what replaces a hit, so that a second pass changes
// nothing.
var placeholder = &rule{
	name:    "placeholder",
	anchors: []string{maskPrefix, hashPrefix},
	match: func(s *scanner, at int) (int, int, bool) {
		s.next = max(s.next, at+s.placeholderLen(s.text[at:]))
		return 0, 0, false
	},
}

// replacement returns what stands in for a hit.
func (s *scanner) replacement(r *rule, value string) string {
	switch r.action {
	case Hash:
		mac := hmac.New(sha256.New, s.hashKey)
		mac.Write([]byte(plain(value, r.separators)))
		return hashPrefix + r.name + ":" + hex.EncodeToString(mac.Sum(nil))[:hashDigits] + "]"
	case Drop:
		return ""
	case Partial:
		if shown := value[max(0, len(value)-shownCharacters):]; len(value) >= minPartial && alnum.end(shown, 0) == len(shown) {
			return maskPrefix + r.name + ":" + shown + "]"
		}
	}
	return maskPrefix + r.name + "]"
}

// plain returns a value without the bytes that make no difference to it.
func plain(value, separators string) string {
	if !strings.ContainsAny(value, separators) {
		return value
	}
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(separators, c) {
			return -1
		}
		return c
	}, value)
}

// placeholderLen returns the length of the placeholder that a text begins with, or
// 0. What only looks like one could hide something: a placeholder names a rule, in
// letters, and what is behind a name counts only where hashes, or last characters,
// are written.
func (s *scanner) placeholderLen(text string) int {
	name, isMask := strings.CutPrefix(text, maskPrefix)
	if !isMask {
		var isHash bool
		if name, isHash = strings.CutPrefix(text, hashPrefix); !isHash || !s.writes(Hash) {
			return 0
		}
	}
	end := 0
	for end < len(name) && end < maxRuleName && nameOfRule[name[end]] {
		end++
	}
	// A number must not hide in what looks like the name of a rule.
	if end == 0 || digitsIn(name[:end]) && !s.named[name[:end]] {
		return 0
	}
	if end < len(name) && name[end] == ':' {
		switch more := name[end+1:]; {
		case !isMask && lowerHex.end(more[:min(len(more), hashDigits)], 0) == hashDigits:
			end += 1 + hashDigits
		case isMask && s.writes(Partial) && alnum.end(more[:min(len(more), shownCharacters)], 0) == shownCharacters:
			end += 1 + shownCharacters
		}
	}
	if end >= len(name) || name[end] != ']' {
		return 0
	}
	return len(text) - len(name) + end + 1
}

// maxRuleName is the length in bytes of the longest name of a rule.
const maxRuleName = 64

var nameOfRule = newCharset("a-z0-9_")

func digitsIn(name string) bool { return strings.ContainsAny(name, "0123456789") }

// isPlaceholder reports whether a text is a placeholder and nothing else.
func (s *scanner) isPlaceholder(text string) bool {
	return text != "" && s.placeholderLen(text) == len(text)
}
