package rules

import "github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"

// numberStarts reports whether a number that begins here is one of its own, and
// no part of a longer one, of a hexadecimal text or of a fraction.
func numberStarts(in string, at int) bool {
	return text.StartsHere(in, at) && (at < 2 || in[at-1] != '.' || !text.IsDigit(in[at-2]))
}

func numberEnds(in string, end int) bool {
	if end >= len(in) {
		return true
	}
	if in[end] == '.' {
		return end+1 >= len(in) || !text.IsDigit(in[end+1])
	}
	return !text.IsAlnum(in[end])
}

// luhn verifies the check digit (ISO/IEC 7812-1, annex B) of digits, to the sum of
// those that stand before them.
func luhn(number []byte, sum int) bool {
	for i, d := range number {
		n := int(d)
		if (len(number)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}
