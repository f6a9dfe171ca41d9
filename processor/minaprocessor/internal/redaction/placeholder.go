package redaction

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/rules"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
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

// replacement returns what stands in for a hit.
func (r *Redactor) replacement(applied *rule, value string) string {
	switch applied.action {
	case Hash:
		mac := hmac.New(sha256.New, []byte(r.config.HashKey))
		mac.Write([]byte(rules.Without(value, applied.separators)))
		return hashPrefix + applied.name + ":" + hex.EncodeToString(mac.Sum(nil))[:hashDigits] + "]"
	case Drop:
		return ""
	case Partial:
		if shown := value[max(0, len(value)-shownCharacters):]; len(value) >= minPartial && text.Alnum.End(shown, 0) == len(shown) {
			return maskPrefix + applied.name + ":" + shown + "]"
		}
	}
	return maskPrefix + applied.name + "]"
}

// placeholderLen returns the length of the placeholder that a text begins with, or
// 0. What only looks like one could hide something: a placeholder names a rule, in
// letters, and what is behind a name counts only where hashes, or last characters,
// are written.
func (r *Redactor) placeholderLen(in string) int {
	name, isMask := strings.CutPrefix(in, maskPrefix)
	if !isMask {
		var isHash bool
		if name, isHash = strings.CutPrefix(in, hashPrefix); !isHash || !r.writes(Hash) {
			return 0
		}
	}
	end := 0
	for end < len(name) && end < rules.MaxName && rules.NameChars[name[end]] {
		end++
	}
	// A number must not hide in what looks like the name of a rule.
	if end == 0 || digitsIn(name[:end]) && !r.named[name[:end]] {
		return 0
	}
	if end < len(name) && name[end] == ':' {
		switch more := name[end+1:]; {
		case !isMask && text.LowerHex.End(more[:min(len(more), hashDigits)], 0) == hashDigits:
			end += 1 + hashDigits
		case isMask && r.writes(Partial) && text.Alnum.End(more[:min(len(more), shownCharacters)], 0) == shownCharacters:
			end += 1 + shownCharacters
		}
	}
	if end >= len(name) || name[end] != ']' {
		return 0
	}
	return len(in) - len(name) + end + 1
}

func digitsIn(name string) bool { return strings.ContainsAny(name, "0123456789") }

// isPlaceholder reports whether a text is a placeholder and nothing else.
func (r *Redactor) isPlaceholder(in string) bool {
	return in != "" && r.placeholderLen(in) == len(in)
}
