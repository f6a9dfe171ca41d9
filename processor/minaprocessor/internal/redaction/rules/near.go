package rules

import (
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// matchToken finds a run of characters of one of the lengths.
func matchToken(chars *text.Charset, lengths ...int) func(in string, at int, gap string) int {
	const floor = 3
	return func(in string, at int, _ string) int {
		end := chars.EndWithin(in, at, slices.Max(lengths)+1)
		for _, length := range lengths {
			if end-at == length && (end == len(in) || !text.IsAlnum(in[end])) && text.Entropy(in[at:end]) >= floor && !namedID(in, at) {
				return end
			}
		}
		return at
	}
}

// matchMixed finds letters of both cases, and digits.
func matchMixed(length int) func(in string, at int, gap string) int {
	match := matchToken(text.Alnum, length)
	return func(in string, at int, gap string) int {
		if end := match(in, at, gap); isMixed(in[at:end]) {
			return end
		}
		return at
	}
}

func isMixed(in string) bool {
	return strings.IndexFunc(in, func(c rune) bool { return c < 0x80 && text.IsUpper(byte(c)) }) >= 0 && strings.IndexFunc(in, func(c rune) bool { return c < 0x80 && text.IsLower(byte(c)) }) >= 0
}

// matchJumbled finds a run of characters of one of the lengths that is no name or path.
func matchJumbled(chars *text.Charset, lengths ...int) func(in string, at int, gap string) int {
	match := matchToken(chars, lengths...)
	return func(in string, at int, gap string) int {
		if end := match(in, at, gap); isJumbled(in[at:end], 5) {
			return end
		}
		return at
	}
}

// isJumbled reports whether letters of both cases and digits change as often as they do in
// what is random, where words are no longer than so many on average.
func isJumbled(in string, wordLen int) bool {
	const sign = 0
	words, last := 0, byte(sign)
	for i := range len(in) {
		kind := kindOf(in[i])
		switch {
		case kind != sign:
			if kind != last && (kind != 'a' || last != 'A') {
				words++
			}
			last = kind
		case last == 'A':
			last = sign // what is small behind it begins a word
		}
	}
	return words*wordLen >= len(in)
}

// kindOf returns A for a capital letter, a for a small one, 0 for a digit, and for a sign
// none of them.
func kindOf(c byte) byte {
	switch {
	case text.IsUpper(c):
		return 'A'
	case text.IsLower(c):
		return 'a'
	case text.IsDigit(c):
		return '0'
	}
	return 0
}

// either finds what one of two finds.
func either(one, other func(in string, at int, gap string) int) func(in string, at int, gap string) int {
	return func(in string, at int, gap string) int {
		if end := one(in, at, gap); end > at {
			return end
		}
		return other(in, at, gap)
	}
}

// matchUUID finds a UUID.
func matchUUID(in string, at int, _ string) int { return hexGroups(in, at, 8, 4, 4, 4, 12) }

func hexGroups(in string, at int, lengths ...int) int {
	end := at
	for i, length := range lengths {
		if i > 0 {
			if end >= len(in) || in[end] != '-' {
				return at
			}
			end++
		}
		group := end
		if end = text.HexDigits.EndWithin(in, group, length+1); end-group != length {
			return at
		}
	}
	if end < len(in) && (text.IsAlnum(in[end]) || in[end] == '-') || namedID(in, at) {
		return at
	}
	return end
}

// namedID reports whether the name in front of a value says that it identifies or
// sums up something: trace_id=…, sha256 …
func namedID(in string, at int) bool {
	if at > 1 && in[at-1] == '/' && in[at-2] != '/' {
		return true // it is a part of a path
	}
	end := at
	for end > 0 && at-end < 6 && strings.IndexByte(" =:\"'/\\@", in[end-1]) >= 0 {
		end--
	}
	start := end
	for start > 0 && end-start < 12 && text.IsAlnum(in[start-1]) {
		start--
	}
	if text.HasSuffixFold(in[:start], "dedup_") {
		return true // it tells events apart
	}
	name := strings.ToLower(in[start:end])
	switch name {
	case "id", "uuid", "guid", "hash", "sha", "sha1", "sha256", "md5", "digest", "etag", "commit", "checksum", "revision", "trace", "span", "event", "request", "release",
		"version", "build", "image", "fingerprint", "parent", "instance":
		return true
	}
	return strings.HasSuffix(name, "id") && len(name) > 2 && text.IsUpper(in[end-2])
}
