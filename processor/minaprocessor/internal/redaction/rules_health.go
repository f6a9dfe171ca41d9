package redaction

import "strings"

// healthRules find identifiers of patients and of those who treat them.
var healthRules = []*rule{
	{
		name: "us_mbi", sets: phi,
		finds:      "Medicare beneficiary identifiers in the format of CMS, with or without dashes",
		anchors:    []string{"\x0200"},
		match:      matchMBI,
		separators: "-",
		examples:   []string{"1EG4-TE5-MK73", "1EG4TE5MK73", "9AA9-AA9-AA99", "2CD5F67GH89", "7X00-M45-QT12"},
		nearMisses: []string{"1eg4te5mk73", "0EG4TE5MK73", "1SG4TE5MK73", "1EG4-TE5MK73", "A1EG4TE5MK73", "1EG4TE5MK731", "1EGATE5MK73", "1EG4-TE5-MO73", "1EG4_TE5_MK73"},
	},
	{
		name: "us_npi", sets: phi,
		finds:    "national provider identifiers near a word such as NPI or provider: ten digits and the check digit over 80840",
		keywords: []string{"npi", "provider", "prescriber", "physician", "practitioner", "clinician"},
		near:     matchNPI,
		examples: []string{"NPI ⟨1234567893⟩", "npi=⟨1245319599⟩", `"provider_npi": ⟨1679576722⟩`, "referring provider ⟨1234567893⟩", "⟨1245319599⟩ (NPI)", "prescriber_id: ⟨1679576722⟩"},
		nearMisses: []string{
			"npi 1234567890", "1234567893", "provider 3234567893", "npi 12345678931", "npi a1234567893", "created 1759335125 by a worker", "npi 123456789", "provider 1234567893.5", "provider whisper answered at 1234567893",
		},
	},
	{
		name: "us_dea", sets: phi,
		finds:    "DEA numbers: the code of a practitioner or distributor, a letter or 9, and seven digits with their check digit; near DEA also other codes",
		anchors:  []string{"\x0200"},
		match:    matchDEA,
		keywords: []string{"dea ", "dea_", "dea-", "dea#", "dea:", "deanumber", "dea="},
		near:     matchDEANear,
		examples: []string{
			"AB1234563", "F91234563", "BR5678909", "MJ2345672", "G91234563", "DEA number ⟨KB1234563⟩", "dea_no=⟨XD1234563⟩",
		},
		nearMisses: []string{"AB1234567", "IB1234563", "AB12345634", "XAB1234563", "ab1234563", "AB-1234563", "ID-AB1234563", "ref_AB1234563", "NB1234563", "KB1234563"},
	},
	{
		name: "medical_record_number", sets: phi,
		finds:    "five to ten digits, with up to three letters before them, near MRN, medical record, or patient with id or number",
		keywords: []string{"mrn", "medical record", "medical-record", "medical_record", "medicalrecord", "patient id", "patient_id", "patient-id", "patientid", "patient number", "patient no", "patient #", "chart number"},
		near:     matchMRN,
		examples: []string{
			"MRN ⟨00123456⟩", "MRN#⟨8675309⟩", "mrn: ⟨A1234567⟩", "medical record number ⟨12345678⟩", "patient id ⟨5551234⟩", `"patient_id": "⟨PT-882731⟩"`, "Medical Record No. ⟨987654⟩", "MRN⟨4455667⟩",
		},
		nearMisses: []string{"mrn 1234", "record 12345678", "patient 12345678", "medical record opened 2025-10-01", "mrn lookup took 125 ms", "chart 12345678", "mrn 123456789012345"},
	},
}

// matchMBI finds Medicare beneficiary identifiers by their last three characters.
func matchMBI(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	const plain, dashed = "CANNANNAANN", "CANN-ANN-AANN"
	if !isUpper(text[at]) || at < len(plain)-3 || !isUpper(text[at-1]) {
		return 0, 0, false
	}
	end = at + 3
	for _, format := range []string{plain, dashed} {
		if start = end - len(format); start >= 0 && startsHere(text, start) && numberEnds(text, end) && isMBI(text[start:end], format) {
			return start, end, true
		}
	}
	return 0, 0, false
}

// isMBI compares with a format: C is 1 to 9, and every A or N stands for what CMS
// defines by position.
func isMBI(text, format string) bool {
	position := 0
	for i := range len(text) {
		c := text[i]
		if format[i] == '-' {
			if c != '-' {
				return false
			}
			continue
		}
		position++
		letter := isUpper(c) && strings.IndexByte("SLOIBZ", c) < 0
		var ok bool
		switch position {
		case 1:
			ok = c >= '1' && c <= '9'
		case 2, 5, 8, 9:
			ok = letter
		case 3, 6:
			ok = letter || isDigit(c)
		default:
			ok = isDigit(c)
		}
		if !ok {
			return false
		}
	}
	return true
}

// matchNPI finds ten digits that begin with 1 or 2 and have a check digit.
func matchNPI(text string, at int, gap string) (end int) {
	const length, sumOf80840 = 10, 24
	end = at + length
	if text[at] != '1' && text[at] != '2' || !numberStarts(text, at) || digits.endWithin(text, at, length+1) != end || !numberEnds(text, end) || !connects(gap) {
		return at
	}
	var number [length]byte
	for i := range number {
		number[i] = text[at+i] - '0'
	}
	if !luhn(number[:], sumOf80840) {
		return at
	}
	return end
}

// connects reports whether what stands between a word and a number says that the
// number belongs to it. One in ten times of a clock has the check digit of an NPI.
func connects(gap string) bool {
	for _, part := range splitWords(nil, gap) {
		switch word(part) {
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

func isNear(gap string) bool { return len(splitWords(nil, gap)) <= maxWordsBetween }

// matchDEA finds the numbers of the Drug Enforcement Administration by their last
// letter, or the letter before a 9, and the digits behind it.
func matchDEA(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	if !isUpper(text[at]) {
		return 0, 0, false
	}
	start = at
	if text[at+1] != '9' || at > 0 && isUpper(text[at-1]) {
		start--
	}
	if start < 0 || start > 1 && (text[start-1] == '-' || text[start-1] == '_') && isAlnum(text[start-2]) {
		return 0, 0, false
	}
	const practitioners = "ABFGMPR"
	end = deaEnd(text, start, practitioners)
	return start, end, end > start
}

// matchDEANear finds such a number with any registrant's code.
func matchDEANear(text string, at int, _ string) (end int) {
	return deaEnd(text, at, "ABCDEFGHJKLMPRSTUX")
}

// deaEnd returns the end of a DEA number, or the place.
func deaEnd(text string, at int, codes string) (end int) {
	end = at + len("AB1234563")
	if end > len(text) || strings.IndexByte(codes, text[at]) < 0 || !isUpper(text[at+1]) && text[at+1] != '9' || digits.end(text, at+2) != end ||
		!startsHere(text, at) || !numberEnds(text, end) {
		return at
	}
	d := func(i int) int { return int(text[at+1+i] - '0') }
	if (d(1)+d(3)+d(5)+2*(d(2)+d(4)+d(6)))%10 != d(7) {
		return at
	}
	return end
}

// matchMRN finds a medical record number; its shape differs from house to house.
func matchMRN(text string, at int, gap string) (end int) {
	const maxLetters, minDigits, maxDigits = 3, 5, 10
	number := at
	for number < len(text) && number-at <= maxLetters && isLetter(text[number]) {
		number++
	}
	if number-at > maxLetters {
		return at
	}
	if number > at && number < len(text) && text[number] == '-' {
		number++
	}
	end = digits.endWithin(text, number, maxDigits+1)
	if end-number < minDigits || end-number > maxDigits || !numberEnds(text, end) || !isNear(gap) {
		return at
	}
	return end
}
