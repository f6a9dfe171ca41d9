package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// cardRules find the numbers of payment cards and bank accounts.
var cardRules = []*Rule{
	{
		Name: "credit_card", Sets: pci,
		Finds: "13 to 18 digits, or up to 19 in groups, with the prefix and the length of a brand (Visa, Mastercard, American Express, Discover, Diners Club, JCB, UnionPay) " +
			"and a valid check digit (ISO/IEC 7812), except as a time, a telephone or product, or the id of a trace, span or block; near a word such as card also those of Maestro, Mir, UATP, Troy and other ranges of JCB",
		Anchors:    []string{"000000000000", "0000 0", "0000-0", "0000.0", "0000_0", "0000/0", "0000  ", "0000 -", "0000\t0"},
		Match:      matchCard,
		Keywords:   []string{"card", "creditcard", "debitcard", "cc=", "cc:", "cc_n", "visa", "mastercard", "maestro", "amex", "jcb", "uatp", "troy", "pan"},
		Near:       matchCardNear,
		Except:     isNoCard,
		Separators: " -._/\t",
	},
	{
		Name: "iban", Sets: []string{SetDefault, SetPCI, SetPII},
		Finds:      "international bank account numbers (ISO 13616): a country's length and the check digits modulo 97",
		Anchors:    ibanAnchors(),
		Match:      matchIBAN,
		Separators: " -",
	},
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

// matchIBAN finds account numbers, also in groups, and in small letters.
func matchIBAN(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	country := strings.ToUpper(in[at : at+2])
	isSmall := in[at:at+2] != country
	if !text.StartsHere(in, at) && !text.HasSuffixFold(in[:at], "iban") {
		return 0, 0, false
	}
	length := ibanLengths[country]
	var number [maxIBAN]byte
	n := 0
	for end = at; n < length && end < len(in); end++ {
		switch c := in[end]; {
		case text.UpperNum[c] && (!isSmall || text.IsDigit(c)):
			number[n] = c
			n++
		case isSmall && text.IsLower(c):
			number[n] = c - 'a' + 'A'
			n++
		case c != ' ' && c != '-' || n%2 != 0 || !text.IsAlnum(in[end-1]):
			return 0, 0, false
		}
	}
	if n < length || end < len(in) && text.IsAlnum(in[end]) || isSmall && isHexadecimal(string(number[:n])) {
		return 0, 0, false
	}
	return at, end, ibanChecks(string(number[:n]))
}

// isHexadecimal reports whether an account number may also be a part of a digest or UUID:
// it has letters behind the country, and none that is no digit there.
func isHexadecimal(number string) bool {
	return text.HexDigits.End(number, 0) == len(number) && text.Digits.End(number, 2) < len(number)
}

// maxIBAN is the length of the longest.
const maxIBAN = 34

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
