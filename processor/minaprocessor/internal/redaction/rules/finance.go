package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// cardRules find the numbers of payment cards and bank accounts.
var cardRules = []*Rule{
	{
		Name: "credit_card", Sets: pci,
		Finds: "13 to 19 digits, also in groups, with the prefix and the length of a brand (Visa, Mastercard, American Express, Discover, Diners Club, JCB, UnionPay) " +
			"and a valid check digit (ISO/IEC 7812)",
		Anchors:    []string{"0000 0", "0000-0", "0000000000000"},
		Match:      matchCard,
		Separators: " -",
	},
	{
		Name: "iban", Sets: []string{SetDefault, SetPCI, SetPII},
		Finds:      "international bank account numbers (ISO 13616): a country's length and the check digits modulo 97",
		Anchors:    ibanAnchors(),
		Match:      matchIBAN,
		Separators: " -",
	},
}

// matchCard finds payment card numbers: digits, with single spaces or hyphens
// between groups.
func matchCard(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	if !numberStarts(in, at) && (at == 0 || !isWordEdge(in[at-1]) || isHexPrefix(in[:at])) {
		return 0, 0, false
	}
	var number [19]byte
	n, separator := 0, byte(0)
	for i := at; ; {
		group := i
		for i < len(in) && text.IsDigit(in[i]) {
			if n == len(number) {
				return at, end, found && !text.IsDigit(in[end])
			}
			number[n] = in[i] - '0'
			n++
			i++
		}
		if group == at && i-group != 4 && i < len(in) && (in[i] == ' ' || in[i] == '-') {
			return at, i, cardEnds(in, i) && isCard(number[:n]) // no card is grouped like this
		}
		if cardEnds(in, i) && isCard(number[:n]) {
			end, found = i, true
		}
		if i+1 >= len(in) || !text.IsDigit(in[i+1]) || in[i] != ' ' && in[i] != '-' || separator != 0 && in[i] != separator {
			return at, end, found
		}
		separator = in[i]
		i++
	}
}

// isWordEdge reports whether a byte is a letter that no hexadecimal number has.
func isWordEdge(c byte) bool { return text.IsLetter(c) && !text.HexDigits[c] }

func isHexPrefix(before string) bool {
	return strings.HasSuffix(before, "0x") || strings.HasSuffix(before, "0X")
}

func cardEnds(in string, end int) bool {
	return numberEnds(in, end) || isWordEdge(in[end])
}

func isCard(number []byte) bool {
	return len(number) >= 13 && hasBrand(number) && luhn(number, 0)
}

// hasBrand reports whether the issuer's prefix and the length belong together.
func hasBrand(number []byte) bool {
	prefix := 0
	for _, d := range number[:4] {
		prefix = prefix*10 + int(d)
	}
	n := len(number)
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

// ibanLengths are the lengths of the IBAN by country, from the registry of SWIFT.
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24,
	"DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27,
	"GT": 28, "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
	"LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24,
	"PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25,
	"SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

func ibanAnchors() []string {
	var list []string
	for country := range ibanLengths {
		list = append(list, country+"00")
	}
	return list
}

// matchIBAN finds account numbers, also in groups of four.
func matchIBAN(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	if !text.IsUpper(in[at]) || !text.IsUpper(in[at+1]) || !text.StartsHere(in, at) {
		return 0, 0, false
	}
	length := ibanLengths[in[at:at+2]]
	n := 0
	for end = at; n < length && end < len(in); end++ {
		switch c := in[end]; {
		case text.UpperNum[c]:
			n++
		case c != ' ' && c != '-' || n%4 != 0 || !text.IsAlnum(in[end-1]):
			return 0, 0, false
		}
	}
	if n < length || end < len(in) && text.IsAlnum(in[end]) {
		return 0, 0, false
	}
	return at, end, ibanChecks(Without(in[at:end], " -"))
}

// ibanChecks verifies the check digits (ISO 7064, MOD 97-10) of an account number,
// for which the country and the check digits are moved to the end.
func ibanChecks(number string) bool {
	remainder := 0
	for _, c := range []byte(number[4:] + number[:4]) {
		if !text.UpperNum[c] {
			return false
		}
		remainder = mod97(remainder, c)
	}
	return remainder == 1
}

// mod97 appends a digit, or a letter as the number from 10 to 35, to a remainder.
func mod97(remainder int, c byte) int {
	if text.IsDigit(c) {
		return (remainder*10 + int(c-'0')) % 97
	}
	return (remainder*100 + int(c-'A') + 10) % 97
}
