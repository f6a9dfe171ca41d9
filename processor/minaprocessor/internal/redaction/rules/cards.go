package rules

import (
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// How many digits a card has, and in how many groups.
const (
	minCard   = 12
	maxCard   = 19
	maxGroups = 5
)

// matchCard finds payment card numbers wherever they are.
func matchCard(c *text.Cursor, at int) (start, end int, found bool) {
	const group = 4
	in := c.Text
	for before := at; before > 0 && at-before <= group && text.IsDigit(in[before-1]); before-- {
		if at-before == group-1 {
			at = before - 1 // two groups of four without a blank
			break
		}
	}
	if !startsCard(in, at) {
		return 0, 0, false
	}
	end = cardEnd(in, at, false)
	return at, end, end > at && !countsSomething(in, at, end)
}

// matchCardNear finds numbers of more brands.
func matchCardNear(in string, at int, gap string) (end int) {
	if !text.IsDigit(in[at]) || !isNear(gap) || at > 0 && text.IsDigit(in[at-1]) {
		return at
	}
	if end = cardEnd(in, at, true); countsSomething(in, at, end) {
		return at
	}
	return end
}

// cardEnd returns the end of a number with its check digit, also in groups, or the place.
// What is near the word may be of more brands, and 19 digits without groups.
func cardEnd(in string, at int, isNear bool) (end int) {
	var number [maxCard]byte
	n, end := 0, at
	var groups [maxGroups]int
	for i, k := at, 0; k < maxGroups; k++ {
		group := i
		for i < len(in) && text.IsDigit(in[i]) {
			if n == len(number) {
				return end
			}
			number[n] = in[i] - '0'
			n++
			i++
		}
		groups[k] = i - group
		if n >= minCard && cardEnds(in, i) && (k == 0 || isGrouping(groups[:k+1])) && (isNear || k > 0 || n < maxCard) &&
			luhn(number[:n], 0) && (hasBrand(number[:n]) || isNear && hasRareBrand(number[:n])) {
			end = i
		}
		separator := cardSeparator(in, i)
		if separator == 0 || groups[0] != 4 && (groups[0] != 8 || strings.IndexByte(" -", in[i]) < 0) {
			break
		}
		i += separator
	}
	return end
}

// isGrouping reports whether cards are written in groups of these sizes: of four, but for
// the last, or as on cards of American Express and Diners Club, or in halves.
func isGrouping(sizes []int) bool {
	if len(sizes) == 2 {
		return sizes[0] == 8 && sizes[1] == 8
	}
	if len(sizes) == 3 && sizes[0] == 4 && sizes[1] == 6 {
		return sizes[2] == 4 || sizes[2] == 5
	}
	for i, size := range sizes {
		if size > 4 || size < 4 && i < len(sizes)-1 {
			return false
		}
	}
	return true
}

// cardSeparator returns the length of what is between two groups of digits, or 0.
func cardSeparator(in string, at int) int {
	const longest = 3
	end := at
	for end < len(in) && end-at < longest && (in[end] == ' ' || in[end] == '\t') {
		end++
	}
	if end < len(in) && strings.IndexByte("-._/", in[end]) >= 0 && (end == at || in[end] == '-' && end-at == 1) {
		if end++; end-at == longest-1 && end < len(in) && in[end] == ' ' {
			end++
		}
	}
	if end == at || end >= len(in) || !text.IsDigit(in[end]) {
		return 0
	}
	return end - at
}

// startsCard reports whether the number at a place is one of its own. A word may be in
// front of it without a blank, but no hexadecimal number.
func startsCard(in string, at int) bool {
	if numberStarts(in, at) {
		return at == 0 || in[at-1] != '_'
	}
	const longest = 16
	word := at
	for word > 0 && at-word < longest && text.IsLetter(in[word-1]) {
		word--
	}
	if word == at || word > 0 && text.IsDigit(in[word-1]) {
		return false
	}
	before := in[word:at]
	isTrack := before == "B" && word > 0 && in[word-1] == '%' // ISO/IEC 7813
	return text.HexDigits.End(before, 0) < len(before) && !strings.EqualFold(before, "x") || strings.EqualFold(before, "cc") || isTrack
}

func cardEnds(in string, end int) bool {
	return numberEnds(in, end) || text.IsLetter(in[end]) && !text.HexDigits[in[end]]
}

// hasBrand reports whether the issuer's prefix and the length belong together.
func hasBrand(number []byte) bool {
	n, prefix := len(number), cardPrefix(number)
	switch two := prefix / 100; {
	case prefix/1000 == 4: // Visa
		return n == 13 || n == 16 || n == 19
	case two >= 51 && two <= 55, prefix >= 2221 && prefix <= 2720: // Mastercard
		return n == 16
	case two == 34, two == 37: // American Express
		return n == 15
	case prefix == 6011, two == 65, prefix/10 >= 644 && prefix/10 <= 649: // Discover
		return n == 16 || n == 19
	case prefix/10 >= 300 && prefix/10 <= 305, two == 36, two == 38, two == 39, prefix == 3095: // Diners Club
		return n == 14 || n == 16
	case prefix >= 3528 && prefix <= 3589: // JCB
		return n == 16 || n == 19
	case two == 62: // UnionPay
		return n >= 16
	}
	return false
}

// hasRareBrand is hasBrand for brands whose prefixes many other numbers have.
func hasRareBrand(number []byte) bool {
	n, prefix := len(number), cardPrefix(number)
	switch two := prefix / 100; {
	case two == 35: // JCB
		return n == 16 || n == 19
	case prefix == 1800, prefix == 2131: // JCB
		return n == 15
	case prefix >= 2200 && prefix <= 2204: // Mir
		return n >= 16
	case prefix == 9792: // Troy
		return n == 16
	case prefix/1000 == 1: // UATP
		return n == 15
	}
	return prefix/100 == 50 || prefix/100 >= 56 && prefix/100 <= 69 // Maestro
}

// cardPrefix is the number that the first four digits make.
func cardPrefix(number []byte) (prefix int) {
	for _, d := range number[:4] {
		prefix = prefix*10 + int(d)
	}
	return prefix
}

// countsSomething reports whether a number counts or identifies something: by what is in
// front of it, or by a unit.
func countsSomething(in string, at, end int) bool {
	const maxBefore, longest = 4, 48
	if isInternational(in, at, end) {
		return true
	}
	name := at
	for name > 0 && at-name < maxBefore && strings.IndexByte(" =:\"'[", in[name-1]) >= 0 {
		name--
	}
	start := name
	for start > 0 && name-start < longest && text.TokenDots[in[start-1]] {
		start--
	}
	before, between := in[start:name], in[name:at]
	if strings.ContainsAny(between, "=:[") {
		return isNoCard(before) || hasUnit(in[end:])
	}
	isNamed := strings.Contains(between, " ") // ns'4111… is in a string behind a word
	return isNamed && isCounter(before) || hasUnit(in[end:])
}

// isInternational reports whether a number is that of a telephone with the code of its
// country (ITU-T E.164): +49 151 … has as many digits as cards had of Visa.
func isInternational(in string, at, end int) bool {
	const longest = 15
	return at > 0 && in[at-1] == '+' && (at == 1 || !text.IsAlnum(in[at-2])) && end-at <= longest
}

// isNoCard reports whether what is under a name is no card, however much it looks like one.
func isNoCard(name string) bool { return isCounter(name) || hasWord(name, units) }

// isCounter reports whether a name is of what counts or identifies something, also where
// nothing but a blank is behind it. A unit is a word of its own there: he paid us 4111….
func isCounter(name string) bool { return hasWord(name, counters) }

var (
	counters = wordSet("trace traceid span spanid block blk blockid offset duration elapsed timestamp nanos nanoseconds ean gtin upc barcode isbn imei msisdn")
	units    = wordSet("ns us micros ms millis")
)

func hasWord(name string, words map[string]bool) bool {
	var list [maxWords]string
	return slices.ContainsFunc(text.SplitWords(list[:0], name), func(word string) bool { return words[strings.ToLower(word)] })
}

// hasUnit reports whether a text begins with a unit of time or size.
func hasUnit(in string) bool {
	in = strings.TrimPrefix(in, " ")
	for _, unit := range []string{"ns", "us", "µs", "ms", "nanoseconds", "bytes"} {
		if strings.HasPrefix(in, unit) && (len(in) == len(unit) || !text.IsAlnum(in[len(unit)])) {
			return true
		}
	}
	return false
}
