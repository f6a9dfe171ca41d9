package rules

import "strings"

// What states ask of the numbers that they give, whose digits are given as numbers.

func isSIN(number []byte) bool { return number[0] != 0 && number[0] != 8 && luhn(number, 0) }

func isNHS(number []byte) bool {
	check := (11 - weighted(number[:9], 10, 9, 8, 7, 6, 5, 4, 3, 2)%11) % 11
	return check == int(number[9]) && !areEqual(number)
}

func isTFN(number []byte) bool {
	if len(number) == 8 {
		return weighted(number, 10, 7, 8, 4, 6, 3, 5, 1)%11 == 0 && !areEqual(number)
	}
	return weighted(number, 1, 4, 3, 7, 5, 8, 6, 9, 10)%11 == 0 && !areEqual(number)
}

func isMedicare(number []byte) bool {
	return number[0] >= 2 && number[0] <= 6 && weighted(number[:8], 1, 3, 7, 9, 1, 3, 7, 9)%10 == int(number[8])
}

func isABA(number []byte) bool {
	prefix := number[0]*10 + number[1]
	known := prefix <= 12 || prefix >= 21 && prefix <= 32 || prefix >= 61 && prefix <= 72 || prefix == 80
	return known && weighted(number, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0 && !areEqual(number)
}

// isPESEL asks for a month, to which the century is added, and a day.
func isPESEL(number []byte) bool {
	month, day := (number[2]*10+number[3])%20, number[4]*10+number[5]
	return month >= 1 && month <= 12 && day >= 1 && day <= 31 && (10-weighted(number[:10], 1, 3, 7, 9, 1, 3, 7, 9, 1, 3)%10)%10 == int(number[10])
}

// isPersonnummer asks for a date, or for one with 60 added to the day.
func isPersonnummer(number []byte) bool {
	last := number[len(number)-10:]
	month, day := last[2]*10+last[3], last[4]*10+last[5]
	return month >= 1 && month <= 12 && day%60 >= 1 && day%60 <= 31 && luhn(last, 0)
}

func isCPF(number []byte) bool {
	check := func(n int) bool {
		sum := 0
		for i, d := range number[:n] {
			sum += int(d) * (n + 1 - i)
		}
		return sum*10%11%10 == int(number[n])
	}
	return !areEqual(number) && check(9) && check(10)
}

// isNIR asks for the key modulo 97 of a sex, a year, a month and a place of birth.
func isNIR(number []byte) bool {
	value := 0
	for _, d := range number[:13] {
		value = value*10 + int(d)
	}
	month := number[3]*10 + number[4]
	return (number[0] == 1 || number[0] == 2) && (month >= 1 && month <= 12 || month >= 20) && 97-value%97 == int(number[13])*10+int(number[14])
}

// isSteuerID asks for ISO 7064, MOD 11,10, and for a digit that is there twice or more.
func isSteuerID(number []byte) bool {
	var counts [10]int
	product, repeated := 10, false
	for _, d := range number[:10] {
		counts[d]++
		repeated = repeated || counts[d] > 1
		sum := (int(d) + product) % 10
		if sum == 0 {
			sum = 10
		}
		product = sum * 2 % 11
	}
	return number[0] != 0 && repeated && (11-product)%10 == int(number[10])
}

// isAadhaar asks for Verhoeff's check digit, of the dihedral group of ten elements.
func isAadhaar(number []byte) bool {
	if number[0] < 2 {
		return false
	}
	check := byte(0)
	for i := range number {
		check = dihedral(check, permuted(i%8, number[len(number)-1-i]))
	}
	return check == 0
}

// dihedral is the product of two elements of the group.
func dihedral(a, b byte) byte {
	switch {
	case a < 5 && b < 5:
		return (a + b) % 5
	case a < 5:
		return 5 + (a+b)%5
	case b < 5:
		return 5 + (a-b)%5
	}
	return (a - b + 5) % 5
}

// permuted applies Verhoeff's permutation so often.
func permuted(times int, d byte) byte {
	for range times {
		d = "\x01\x05\x07\x06\x02\x08\x03\x00\x09\x04"[d]
	}
	return d
}

// isCodiceFiscale asks for the letters of months, for days, to which 40 are added for
// women, and for the check character.
func isCodiceFiscale(in string) bool {
	const months = "ABCDEHLMPRST"
	odd := [...]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}
	upper := strings.ToUpper(in)
	if upper != in && strings.ToLower(in) != in || strings.IndexByte(months, upper[8]) < 0 {
		return false
	}
	sum := 0
	for i := range 15 {
		c := upper[i]
		isDigit := c >= '0' && c <= '9'
		if wantsDigit := i == 6 || i == 7 || i == 9 || i == 10 || i > 11; isDigit != wantsDigit || !isDigit && (c < 'A' || c > 'Z') {
			return false
		}
		value := int(c - 'A')
		if isDigit {
			value = int(c - '0')
		}
		if i%2 == 0 {
			value = odd[value]
		}
		sum += value
	}
	day := int(upper[9]-'0')*10 + int(upper[10]-'0')
	return day%40 >= 1 && day%40 <= 31 && day < 72 && upper[15] == byte('A'+sum%26)
}

// weighted is the sum of digits by their weights.
func weighted(number []byte, weights ...int) (sum int) {
	for i, weight := range weights {
		sum += int(number[i]) * weight
	}
	return sum
}

func areEqual(number []byte) bool {
	for _, d := range number {
		if d != number[0] {
			return false
		}
	}
	return true
}
