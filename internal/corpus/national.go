package corpus

import (
	"fmt"
	"strings"
)

// nationalKinds are the numbers by which states know people.
var nationalKinds = []kind{
	{rule: "ca_sin", secret: func(r random) string { return checked(r.of(1, "1245679")+r.digits(7), 0) }, phrases: []string{"SIN %", "sin: %", "social insurance number %"}},
	{rule: "uk_nhs", secret: func(r random) string {
		return r.untilValid(func() string { return r.digits(10) }, func(d []int) bool { return d[0] > 0 && weigh(d, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)%11 == 0 })
	}, phrases: []string{"NHS number %", "nhs_number=%", "NHS: %"}},
	{rule: "in_aadhaar", secret: func(r random) string { return verhoeff(r.of(1, "23456789") + r.digits(10)) }, phrases: []string{"Aadhaar %", "aadhaar: %", "UIDAI %"}},
	{rule: "au_tfn", secret: func(r random) string {
		return r.untilValid(func() string { return "1" + r.digits(8) }, func(d []int) bool { return weigh(d, 1, 4, 3, 7, 5, 8, 6, 9, 10)%11 == 0 })
	}, phrases: []string{"TFN %", "tax file number: %", "tfn=%"}},
	{rule: "au_medicare", secret: func(r random) string {
		return r.untilValid(func() string { return r.of(1, "23456") + r.digits(8) + "1" }, func(d []int) bool { return weigh(d, 1, 3, 7, 9, 1, 3, 7, 9, 9)%10 == 0 })
	}, phrases: []string{"Medicare %", "medicare card %"}},
	{rule: "us_aba_routing", secret: func(r random) string {
		return r.untilValid(func() string { return "07" + r.digits(7) }, func(d []int) bool { return weigh(d, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0 })
	}, phrases: []string{"ABA %", "routing number %", "RTN %"}},
	{rule: "pl_pesel", secret: func(r random) string {
		return r.untilValid(func() string { return r.birthday() + r.digits(5) }, func(d []int) bool { return weigh(d, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)%10 == 0 })
	}, phrases: []string{"PESEL %", "pesel: %"}},
	{rule: "se_personnummer", secret: func(r random) string {
		number := checked(r.birthday()+r.digits(3), 0)
		return r.one("", "19") + number[:6] + r.one("", "-") + number[6:]
	}, phrases: []string{"personnummer %", "pnr %"}},
	{rule: "br_cpf", secret: func(r random) string {
		n := r.untilValid(func() string { return "2" + r.digits(10) }, func(d []int) bool {
			return weigh(d, 10, 9, 8, 7, 6, 5, 4, 3, 2)*10%11%10 == d[9] && weigh(d, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)*10%11%10 == d[10]
		})
		return grouped(n[:9], ".", 3) + "-" + n[9:]
	}},
	{rule: "fr_nir", secret: func(r random) string {
		n := r.one("1", "2") + r.birthday()[:4] + "75" + r.digits(6)
		var value int
		_, _ = fmt.Sscan(n, &value)
		return fmt.Sprintf("%s%02d", n, 97-value%97)
	}, phrases: []string{"NIR %", "INSEE %"}},
	{rule: "it_codice_fiscale", secret: func(r random) string {
		day := r.birthday()
		text := r.of(6, "BCDFGLMNPRSTVZ") + day[:2] + r.of(1, "ABCDEHLMPRST") + day[4:] + r.of(1, "ABCDEFGHIL") + r.digits(3)
		sum := 0
		for i, c := range text {
			place := strings.IndexRune(numerals+upperCase, c)
			if c >= 'A' {
				place -= len(numerals)
			}
			if i%2 == 0 { // the values by place of digits and letters alike
				place = []int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}[place]
			}
			sum += place
		}
		return text + upperCase[sum%26:sum%26+1]
	}},
	{rule: "uk_nino", secret: func(r random) string { return r.of(2, "ABCEGHJKLMNPRST") + r.digits(6) + r.of(1, "ABCD") }, phrases: []string{"NINO %", "national insurance number %"}},
	{rule: "in_pan", secret: func(r random) string {
		return r.of(3, upperCase) + "P" + r.of(1, upperCase) + r.digits(4) + r.of(1, upperCase)
	}, phrases: []string{"PAN %", "PAN card %"}},
	{rule: "eu_vat", secret: func(r random) string { return r.one("DE", "GB", "EE") + r.digits(9) }, phrases: []string{"VAT %", "VAT ID: %", "USt-IdNr. %"}},
	{rule: "passport", secret: func(r random) string { return r.of(1, upperCase) + r.digits(8) }, phrases: []string{"passport %", "passport no. %", "passport number: %"}},
	{rule: "driving_licence", secret: func(r random) string { return r.of(1, upperCase) + r.digits(7) }, phrases: []string{"driving licence %", "driver's license %"}},
}

// birthday is a date in six digits.
func (r random) birthday() string {
	return fmt.Sprintf("%02d%02d%02d", r.between(40, 99), r.between(1, 12), r.between(1, 28))
}

// untilValid makes numbers until one is valid.
func (r random) untilValid(next func() string, valid func(digits []int) bool) string {
	for {
		number := next()
		var digits []int
		for _, c := range number {
			digits = append(digits, int(c-'0'))
		}
		if valid(digits) {
			return number
		}
	}
}

func weigh(digits []int, weights ...int) (sum int) {
	for i, weight := range weights {
		sum += digits[i] * weight
	}
	return sum
}

// verhoeff appends Verhoeff's check digit.
func verhoeff(number string) string {
	products := []string{"0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"}
	permuted := []string{"0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"}
	for _, last := range numerals {
		text, check := number+string(last), 0
		for i := range text {
			check = int(products[check][permuted[i%8][text[len(text)-1-i]-'0']-'0'] - '0')
		}
		if check == 0 {
			return text
		}
	}
	return ""
}
