package redaction

import "strings"

// findCreditCard finds payment card numbers (ISO/IEC 7812): 13 to 19 digits, with
// single spaces or hyphens between groups, that have a brand's prefix and length
// and a valid check digit.
func findCreditCard(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	if !numberMayStart(text, at) {
		return 0, 0, false
	}
	var digits [19]byte
	n, separator := 0, byte(0)
	for i := at; ; {
		group := i
		for i < len(text) && isDigit(text[i]) {
			if n == len(digits) {
				return at, end, found && !isDigit(text[end])
			}
			digits[n] = text[i] - '0'
			n++
			i++
		}
		if group == at && i-group != 4 && i < len(text) && (text[i] == ' ' || text[i] == '-') {
			return at, i, numberEndsAt(text, i) && isCard(digits[:n]) // no card is grouped like this
		}
		if numberEndsAt(text, i) && isCard(digits[:n]) {
			end, found = i, true
		}
		if i+1 >= len(text) || !isDigit(text[i+1]) || text[i] != ' ' && text[i] != '-' || separator != 0 && text[i] != separator {
			return at, end, found
		}
		separator = text[i]
		i++
	}
}

// numberMayStart reports whether a number that begins here is one of its own, and
// no part of a longer one, of a hexadecimal text or of a fraction.
func numberMayStart(text string, at int) bool {
	if at == 0 {
		return true
	}
	before := text[at-1]
	if isAlnum(before) {
		// Inside JSON text, the letter of an escape may come before a number.
		return at >= 2 && text[at-2] == '\\' && (before == 'n' || before == 't' || before == 'r')
	}
	return before != '.' || at < 2 || !isDigit(text[at-2])
}

func numberEndsAt(text string, end int) bool {
	if end >= len(text) {
		return true
	}
	if text[end] == '.' {
		return end+1 >= len(text) || !isDigit(text[end+1])
	}
	return !isAlnum(text[end])
}

func isCard(digits []byte) bool {
	return len(digits) >= 13 && hasBrand(digits) && luhn(digits)
}

// hasBrand reports whether the issuer's prefix and the length belong together.
func hasBrand(digits []byte) bool {
	prefix := 0
	for _, d := range digits[:4] {
		prefix = prefix*10 + int(d)
	}
	n := len(digits)
	switch two := prefix / 100; {
	case prefix/1000 == 4: // Visa
		return n == 13 || n == 16 || n == 19
	case two >= 51 && two <= 55, prefix >= 2221 && prefix <= 2720: // Mastercard
		return n == 16
	case two == 34, two == 37: // American Express
		return n == 15
	case prefix == 6011, two == 65, prefix/10 >= 644 && prefix/10 <= 649: // Discover
		return n >= 16
	case prefix/10 >= 300 && prefix/10 <= 305, two == 36, two == 38, two == 39, prefix == 3095: // Diners Club
		return n == 14 || n == 16
	case prefix >= 3528 && prefix <= 3589: // JCB
		return n >= 16
	case two == 62: // UnionPay
		return n >= 16
	}
	return false
}

// luhn verifies the check digit (ISO/IEC 7812-1, annex B).
func luhn(digits []byte) bool {
	sum := 0
	for i, d := range digits {
		n := int(d)
		if (len(digits)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// findSSN finds social security numbers: ddd-dd-dddd, or with blanks, and nine
// digits in a row behind a word that says what they are.
func findSSN(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	if !numberMayStart(text, at) || at > 1 && text[at-1] == '-' && isDigit(text[at-2]) {
		return 0, 0, false
	}
	const grouped, plain = len("ddd-dd-dddd"), len("ddddddddd")
	if len(text)-at >= plain && digitsAt(text, at, plain) {
		end = at + plain
		if (end < len(text) && isAlnum(text[end])) || !behindSSNWord(text[:at]) {
			return 0, 0, false
		}
		return at, end, isSSN(text[at:at+3], text[at+3:at+5], text[at+5:end])
	}
	if len(text)-at < grouped || !digitsAt(text, at+4, 2) || !digitsAt(text, at+7, 4) ||
		text[at+3] != text[at+6] || text[at+3] != '-' && text[at+3] != ' ' {
		return 0, 0, false
	}
	end = at + grouped
	if end < len(text) && (isAlnum(text[end]) || text[end] == '-' && end+1 < len(text) && isDigit(text[end+1])) {
		return 0, 0, false
	}
	return at, end, isSSN(text[at:at+3], text[at+4:at+6], text[at+7:end])
}

func digitsAt(text string, at, n int) bool {
	for _, c := range []byte(text[at : at+n]) {
		if !isDigit(c) {
			return false
		}
	}
	return true
}

// isSSN excludes what the Social Security Administration never assigns.
func isSSN(area, group, serial string) bool {
	return area != "000" && area != "666" && area[0] != '9' && group != "00" && serial != "0000"
}

// behindSSNWord looks for the word in the few bytes before a number.
func behindSSNWord(before string) bool {
	before = strings.ToLower(before[max(0, len(before)-28):])
	return strings.Contains(before, "ssn") || strings.Contains(before, "social security")
}
