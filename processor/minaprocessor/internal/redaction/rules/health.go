package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// healthRules find identifiers of patients and of those who treat them.
var healthRules = []*Rule{
	{
		Name: "us_mbi", Sets: phi,
		Finds:      "Medicare beneficiary identifiers in the format of CMS, with or without dashes",
		Anchors:    []string{"\x02\x0200"},
		Match:      matchMBI,
		Separators: "-",
	},
	{
		Name: "us_npi", Sets: phi,
		Finds:    "national provider identifiers near a word such as NPI or provider: ten digits and the check digit over 80840",
		Keywords: []string{"npi", "provider", "prescriber", "physician", "practitioner", "clinician"},
		Near:     matchNPI,
	},
	{
		Name: "us_dea", Sets: phi,
		Finds:    "DEA numbers: the code of a practitioner or distributor, a letter or 9, and seven digits with their check digit; near DEA also other codes",
		Anchors:  []string{"\x020000000"},
		Match:    matchDEA,
		Keywords: []string{"dea ", "dea_", "dea-", "dea#", "dea:", "deanumber", "dea="},
		Near:     matchDEANear,
	},
	{
		Name: "medical_record_number", Sets: phi,
		Finds:    "five to ten digits, with up to three letters before them, near MRN, medical record, or patient with id or number",
		Keywords: []string{"mrn", "medical record", "medical-record", "medical_record", "medicalrecord", "patient id", "patient_id", "patient-id", "patientid", "patient number", "patient no", "patient #", "chart number"},
		Near:     matchMRN,
	},
}

// matchMBI finds Medicare beneficiary identifiers by their last four characters.
func matchMBI(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	const plain, dashed = "CANNANNAANN", "CANN-ANN-AANN"
	end = at + 4
	for _, format := range []string{plain, dashed} {
		if start = end - len(format); start >= 0 && text.StartsHere(in, start) && numberEnds(in, end) && isMBI(in[start:end], format) {
			return start, end, true
		}
	}
	return 0, 0, false
}

// isMBI compares with a format: C is 1 to 9, and every A or N stands for what CMS
// defines by position.
func isMBI(in, format string) bool {
	position := 0
	isSmall := strings.ToLower(in) == in
	for i := range len(in) {
		c := in[i]
		if isSmall && text.IsLower(c) {
			c -= 'a' - 'A'
		}
		if format[i] == '-' {
			if c != '-' {
				return false
			}
			continue
		}
		position++
		letter := text.IsUpper(c) && strings.IndexByte("SLOIBZ", c) < 0
		var ok bool
		switch position {
		case 1:
			ok = c >= '1' && c <= '9'
		case 2, 5, 8, 9:
			ok = letter
		case 3, 6:
			ok = letter || text.IsDigit(c)
		default:
			ok = text.IsDigit(c)
		}
		if !ok {
			return false
		}
	}
	return true
}

// matchNPI finds ten digits that begin with 1 or 2 and have a check digit.
func matchNPI(in string, at int, gap string) (end int) {
	const length, sumOf80840 = 10, 24
	end = at + length
	if in[at] != '1' && in[at] != '2' || !numberStarts(in, at) || text.Digits.EndWithin(in, at, length+1) != end || !numberEnds(in, end) || !connects(gap) {
		return at
	}
	var number [length]byte
	for i := range number {
		number[i] = in[at+i] - '0'
	}
	if !luhn(number[:], sumOf80840) {
		return at
	}
	return end
}

// connects reports whether what stands between a word and a number says that the
// number belongs to it. One in ten times of a clock has the check digit of an NPI.
func connects(gap string) bool {
	for _, part := range text.SplitWords(nil, gap) {
		switch text.Word(part) {
		case "", "npi", "id", "identifier", "ids", "number", "no", "num", "code", "is", "was", "of", "for", "the", "with", "u", "n", "dr", "value":
		default:
			return false
		}
	}
	return true
}

// maxWordsBetween is how many words may be between a keyword and a number that has
// no check digit.
const maxWordsBetween = 3

func isNear(gap string) bool {
	var words [2 * maxWordsBetween]string
	return len(text.SplitWords(words[:0], gap)) <= maxWordsBetween
}

// matchDEA finds the numbers of the Drug Enforcement Administration by their last
// letter, or the letter before a 9, and the digits behind it.
func matchDEA(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	if !text.IsUpper(in[at]) {
		return 0, 0, false
	}
	start = at
	if in[at+1] != '9' || at > 0 && text.IsUpper(in[at-1]) {
		start--
	}
	if start < 0 || start > 1 && (in[start-1] == '-' || in[start-1] == '_') && text.IsAlnum(in[start-2]) {
		return 0, 0, false
	}
	const practitioners = "ABFGMPR"
	end = deaEnd(in, start, practitioners)
	return start, end, end > start
}

// matchDEANear finds such a number with any registrant's code.
func matchDEANear(in string, at int, _ string) (end int) {
	return deaEnd(in, at, "ABCDEFGHJKLMPRSTUX")
}

// deaEnd returns the end of a DEA number, or the place.
func deaEnd(in string, at int, codes string) (end int) {
	end = at + len("AB1234563")
	if end > len(in) || strings.IndexByte(codes, in[at]) < 0 || !text.IsUpper(in[at+1]) && in[at+1] != '9' || text.Digits.End(in, at+2) != end ||
		!text.StartsHere(in, at) || !numberEnds(in, end) {
		return at
	}
	d := func(i int) int { return int(in[at+1+i] - '0') }
	if (d(1)+d(3)+d(5)+2*(d(2)+d(4)+d(6)))%10 != d(7) {
		return at
	}
	return end
}

// matchMRN finds a medical record number; its shape differs from house to house.
func matchMRN(in string, at int, gap string) (end int) {
	const maxLetters, minDigits, maxDigits = 3, 5, 10
	number := at
	for number < len(in) && number-at <= maxLetters && text.IsLetter(in[number]) {
		number++
	}
	if number-at > maxLetters {
		return at
	}
	if number > at && number < len(in) && in[number] == '-' {
		number++
	}
	end = text.Digits.EndWithin(in, number, maxDigits+1)
	if end-number < minDigits || end-number > maxDigits || !numberEnds(in, end) || !isNear(gap) {
		return at
	}
	return end
}
