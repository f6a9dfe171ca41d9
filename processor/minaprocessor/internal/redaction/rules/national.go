package rules

import (
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

var national = []string{SetNationalIDs, SetPII}

// nationalRules find the numbers by which states know people. A check digit of one in ten
// proves nothing, so that most are only found behind a word that says what they are.
var nationalRules = []*Rule{
	{
		Name: "it_codice_fiscale", Sets: national,
		Finds:   "Italian codici fiscali: 16 characters with a date and a check character",
		Anchors: []string{"00\x02000\x02"},
		Match:   matchCodiceFiscale,
	},
	{
		Name: "br_cpf", Sets: national,
		Finds:      "Brazilian CPF, `ddd.ddd.ddd-dd`, or eleven digits behind the word, with two check digits",
		Anchors:    []string{"000.000.000-00"},
		Match:      matchBare(isCPF, 11),
		Keywords:   []string{"cpf"},
		Near:       behind(digitsOfLength(isCPF, 11), "cpf"),
		Except:     onlyBegins("cpf"),
		Separators: " -.",
	},
	{
		Name: "fr_nir", Sets: national,
		Finds:      "French social security numbers in their groups, or behind NIR, INSEE or sécurité sociale, with a key modulo 97",
		Anchors:    []string{"0 00 00 00 000 000 00"},
		Match:      matchBare(isNIR, 15),
		Keywords:   []string{"nir", "insee", "sécurité sociale", "securite sociale", "secu"},
		Near:       behind(digitsOfLength(isNIR, 15), "nir", "insee", "sécurité sociale", "securite sociale", "secu"),
		Except:     onlyBegins("nir", "secu"),
		Separators: " -.",
	},
	byWord("ca_sin", "Canadian social insurance numbers: nine digits with a check digit", digitsOfLength(isSIN, 9), "sin", "social insurance"),
	byWord("uk_nhs", "NHS numbers: ten digits with a check digit modulo 11", digitsOfLength(isNHS, 10), "nhs"),
	byWord("in_aadhaar", "Aadhaar numbers: twelve digits with Verhoeff's check digit", digitsOfLength(isAadhaar, 12), "aadhaar", "aadhar", "uidai"),
	byWord("de_tax_id", "German tax identification numbers: eleven digits with a check digit (ISO 7064, MOD 11,10)", digitsOfLength(isSteuerID, 11),
		"steuer-id", "steuer_id", "steuerid", "steueridentifikationsnummer", "identifikationsnummer", "idnr", "tax id", "tax_id"),
	byWord("au_tfn", "Australian tax file numbers: eight or nine digits with a weighted sum modulo 11", digitsOfLength(isTFN, 8, 9), "tfn", "tax file"),
	byWord("au_medicare", "Australian Medicare numbers: ten or eleven digits with a check digit", digitsOfLength(isMedicare, 10, 11), "medicare"),
	byWord("us_aba_routing", "ABA routing numbers: nine digits with a check digit", digitsOfLength(isABA, 9), "aba", "routing", "rtn"),
	byWord("pl_pesel", "Polish PESEL: eleven digits with a date and a check digit", digitsOfLength(isPESEL, 11), "pesel"),
	byWord("se_personnummer", "Swedish personal identity numbers: ten or twelve digits with a date and a check digit", digitsOfLength(isPersonnummer, 10, 12), "personnummer", "personnr", "pnr"),
	byWord("uk_nino", "national insurance numbers, `AA dddddd A`", ninoEnd, "nino", "national insurance", "ni number", "ni no"),
	byWord("in_pan", "Indian permanent account numbers, `AAAPAddddA`", panEnd, "pan", "permanent account"),
	byWord("eu_vat", "VAT identification numbers of the European Union and the United Kingdom", vatEnd,
		"vat", "ust-idnr", "ust-id", "ustid", "ustidnr", "tva", "partita iva", "p.iva", "btw", "moms"),
	byWord("passport", "numbers of passports: six to nine capitals and digits", passportEnd, "passport", "reisepass", "passeport"),
	byWord("driving_licence", "numbers of driving licences: six to 20 capitals and digits", licenceEnd,
		"driving licence", "driving license", "driver's license", "driver's licence", "drivers license", "driver license", "driver licence", "driver_license", "driving_licence", "driverlicense"),
}

// byWord returns a rule for what is only known by a word in front of it.
func byWord(name, finds string, end func(in string, at int) int, words ...string) *Rule {
	return &Rule{Name: name, Sets: national, Finds: finds + ", behind their word", Keywords: words, Near: behind(end, words...), Except: onlyBegins(words...), Separators: " -./"}
}

// behind finds a value behind one of the words, which must stand for themselves: in since,
// sin does not.
func behind(end func(in string, at int) int, words ...string) func(in string, at int, gap string) int {
	return func(in string, at int, gap string) int {
		stop := end(in, at)
		if stop == at {
			return at
		}
		word := at - len(gap)
		if word == 0 && gap == in[:at] {
			return stop // the name of the text has the word
		}
		for word > 0 && text.IsLetter(in[word-1]) {
			word--
		}
		for _, name := range words {
			if between, found := cutKeyword(in[word:at], name); found && belongs(between) {
				return stop
			}
		}
		return at
	}
}

// cutKeyword returns what is behind a word that a text begins with, whatever its case.
func cutKeyword(in, word string) (behind string, found bool) {
	if len(in) < len(word) || !strings.EqualFold(in[:len(word)], word) {
		return "", false
	}
	behind = in[len(word):]
	goesOn := behind != "" && text.IsLetter(behind[0]) && (text.IsLower(behind[0]) || !text.IsLower(in[len(word)-1]))
	return behind, !goesOn
}

// belongs reports whether what is between a word and a value says that the value is its.
func belongs(between string) bool {
	const longest = 32
	if len(between) > longest {
		return false
	}
	var list [maxWords]string
	for _, word := range text.SplitWords(list[:0], between) {
		switch text.Word(word) {
		case "", "id", "identifier", "no", "num", "number", "numbers", "nr", "nummer", "numero", "n", "u", "code", "card", "routing", "is", "was", "of", "the", "with", "value", "reg", "registration":
		default:
			return false
		}
	}
	return true
}

// onlyBegins reports whether a name has a word that only begins like one of these.
func onlyBegins(words ...string) func(name string) bool {
	return func(name string) bool {
		begins := false
		var list [maxWords]string
		for _, part := range text.SplitWords(list[:0], name) {
			part = strings.ToLower(part)
			if slices.Contains(words, part) {
				return false
			}
			begins = begins || slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(part, word) })
		}
		return begins
	}
}

// matchBare finds a number in its usual groups without a word.
func matchBare(valid func(number []byte) bool, length int) func(c *text.Cursor, at int) (start, end int, found bool) {
	find := digitsOfLength(valid, length)
	return func(c *text.Cursor, at int) (start, end int, found bool) {
		end = find(c.Text, at)
		return at, end, end > at
	}
}

// digitsOfLength finds so many digits that are valid, also in groups.
func digitsOfLength(valid func(number []byte) bool, lengths ...int) func(in string, at int) int {
	longest := slices.Max(lengths)
	return func(in string, at int) int {
		if !text.IsDigit(in[at]) || at > 0 && (text.IsDigit(in[at-1]) || in[at-1] == '.' && !numberStarts(in, at)) {
			return at
		}
		number := make([]byte, 0, longest)
		end := at
		for i := at; ; i++ {
			for ; i < len(in) && text.IsDigit(in[i]); i++ {
				if len(number) == longest {
					return end
				}
				number = append(number, in[i]-'0')
			}
			if slices.Contains(lengths, len(number)) && numberEnds(in, i) && valid(number) {
				end = i
			}
			if i+1 >= len(in) || strings.IndexByte(" -./", in[i]) < 0 || !text.IsDigit(in[i+1]) {
				return end
			}
		}
	}
}

// matchCodiceFiscale finds it by the last of its digits.
func matchCodiceFiscale(c *text.Cursor, at int) (start, end int, found bool) {
	const day, length = 9, 16
	start, end = at-day, at-day+length
	in := c.Text
	if start < 0 || end > len(in) || !text.StartsHere(in, start) || end < len(in) && text.IsAlnum(in[end]) {
		return 0, 0, false
	}
	return start, end, isCodiceFiscale(in[start:end])
}

// ninoEnd finds two letters, six digits and a letter, also with blanks.
func ninoEnd(in string, at int) int {
	i := at
	for position := range len("AA123456A") {
		if position > 0 && position%2 == 0 && i < len(in) && in[i] == ' ' {
			i++
		}
		if i == len(in) {
			return at
		}
		letter := in[i] &^ 0x20
		switch {
		case position == 8 && letter >= 'A' && letter <= 'D':
		case position == 0 && text.IsLetter(in[i]) && strings.IndexByte("DFIQUV", letter) < 0:
		case position == 1 && text.IsLetter(in[i]) && strings.IndexByte("DFIQUVO", letter) < 0:
		case position > 1 && position < 8 && text.IsDigit(in[i]):
		default:
			return at
		}
		i++
	}
	return endsHere(in, at, i)
}

// panEnd finds five letters, of which the fourth says whose it is, four digits and a letter.
func panEnd(in string, at int) int {
	end := at + len("AAAPA1234A")
	if end > len(in) || text.UpperNum.End(in[:end], at) < end || text.Digits.End(in, at+5) != at+9 || strings.IndexByte("ABCFGHJLPT", in[at+3]) < 0 || !areUpper(in[at:at+5]) || !text.IsUpper(in[end-1]) {
		return at
	}
	return endsHere(in, at, end)
}

func areUpper(in string) bool {
	return strings.IndexFunc(in, func(c rune) bool { return c < 'A' || c > 'Z' }) < 0
}

// vatCountries are the prefixes of VAT identification numbers.
const vatCountries = "AT BE BG CY CZ DE DK EE EL ES FI FR GB HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI"

// vatEnd finds a country's prefix and eight to twelve characters, of which most are digits.
func vatEnd(in string, at int) int {
	const prefix, shortest, longest, digits = 2, 8, 12, 7
	if at+prefix > len(in) || !areUpper(in[at:at+prefix]) || !strings.Contains(vatCountries, in[at:at+prefix]) {
		return at
	}
	end := text.UpperNum.EndWithin(in, at, prefix+longest+1)
	if n := end - at - prefix; n < shortest || n > longest || countDigits(in[at:end]) < digits {
		return at
	}
	return endsHere(in, at, end)
}

func passportEnd(in string, at int) int {
	const shortest, longest, digits = 6, 9, 5
	end := text.UpperNum.EndWithin(in, at, longest+1)
	if n := end - at; n < shortest || n > longest || countDigits(in[at:end]) < digits {
		return at
	}
	return endsHere(in, at, end)
}

// licenceEnd finds capitals and digits, with dashes if there is a letter: without, it is a date.
func licenceEnd(in string, at int) int {
	const shortest, longest, digits = 6, 20, 4
	end := upperDashed.EndWithin(in, at, longest+1)
	n, numbers := end-at, countDigits(in[at:end])
	if n < shortest || n > longest || in[at] == '-' || in[end-1] == '-' || numbers < digits || strings.IndexByte(in[at:end], '-') >= 0 && numbers+strings.Count(in[at:end], "-") == n {
		return at
	}
	return endsHere(in, at, end)
}

func countDigits(in string) (n int) {
	for i := range len(in) {
		if text.IsDigit(in[i]) {
			n++
		}
	}
	return n
}

// endsHere returns the end if nothing of the word goes on behind it, or the place.
func endsHere(in string, at, end int) int {
	if end < len(in) && text.IsAlnum(in[end]) {
		return at
	}
	return end
}
