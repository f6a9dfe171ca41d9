package redaction

import (
	"net/netip"
	"strings"
)

// personRules find what identifies a person.
var personRules = []*rule{
	{
		name: "us_ssn", sets: []string{setDefault, setPHI, setPII},
		finds:      "social security numbers, `ddd-dd-dddd` or with spaces, except what is never assigned; nine digits in a row near the word",
		anchors:    []string{"000-00-0000", "000 00 0000"},
		match:      matchSSN,
		keywords:   []string{"ssn", "social security", "social_security", "social-security", "socialsecurity"},
		near:       matchPlainSSN,
		separators: " -",
		examples:   []string{"123-45-6789", "123 45 6789", "SSN ⟨123456789⟩", "ssn=⟨078051120⟩", "social security no. ⟨219099999⟩", "⟨123456789⟩ (SSN)"},
		nearMisses: []string{
			"123456789", "000-45-6789", "666-45-6789", "123-00-6789", "123-45-0000", "123-45 6789", "123-45-67890", "1123-45-6789", "123-45-6789-1", "1-123-45-6789", "v123-45-6789", "2025-10-0123",
		},
	},
	{
		name: "us_itin", sets: []string{setDefault, setPII},
		finds:      "individual taxpayer identification numbers, `9dd-dd-dddd`, with the groups that the IRS assigns",
		anchors:    []string{"900-00-0000", "900 00 0000"},
		match:      matchITIN,
		separators: " -",
		examples:   []string{"912-70-1234", "912 84 1234", "900-50-0000", "999-99-9999", "987-65-4321"},
		nearMisses: []string{"912-66-1234", "912-69-1234", "912-89-1234", "912-93-1234", "912-49-1234", "912-70 1234", "912-70-12345", "8912-70-1234", "912-70-1234-5", "x912-70-1234"},
	},
	{
		name: "email", sets: []string{setPII},
		finds:      "addresses of e-mail",
		anchors:    []string{"\x01@\x01"},
		match:      matchEmail,
		examples:   []string{"ana@example.com", "ana.maria+tag@mail.example.co.uk", "a_b-c@x-y.org", "user1@sub.domain.io"},
		nearMisses: []string{"ana@localhost", "icon@2x.png", "@mention", "a @ b.com", "user@host", "a@b.c1", "decorator @app.route"},
	},
	{
		name: "phone", sets: []string{setPII},
		finds:      "phone numbers: of North America with separators, international ones with their plus sign",
		anchors:    []string{"000", "+00", "+0 0", "+0-0"},
		match:      matchPhone,
		separators: " -.()",
		examples:   []string{"415-555-2671", "(415) 555-2671", "415.555.2671", "+1 415 555 2671", "+1-415-555-2671", "+4915112345678", "+49 151 1234 5678", "+442071838750"},
		nearMisses: []string{"4155552671", "115-555-2671", "415-155-2671", "415-555-26711", "2025-10-01", "+12", "415-555", "1415-555-2671-9", "+1.5"},
	},
	{
		name: "ip_address", sets: []string{setPII},
		finds:    "addresses of IPv4 and IPv6",
		anchors:  []string{"0.0", "\x01:\x01", "\x01::", "::\x01"},
		match:    matchIP,
		examples: []string{"203.0.113.9", "10.0.0.1", "2001:db8::1", "fe80::1ff:fe23:4567:890a", "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "::ffff:192.0.2.1"},
		nearMisses: []string{
			"1.2.3", "256.1.1.1", "1.2.3.4.5", "12:30:45", "v1.2.3.4", "std::string", "a::b::c", "01:23:45", "3.14159",
		},
	},
}

// matchSSN finds ddd-dd-dddd.
func matchSSN(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	end = at + len("ddd-dd-dddd")
	return at, end, isGroupedNumber(text, at, end) && isSSN(text[at:at+3], text[at+4:at+6], text[at+7:end])
}

// isGroupedNumber reports whether groups with hyphens or spaces between them are
// no part of longer ones.
func isGroupedNumber(text string, at, end int) bool {
	return text[at+3] == text[at+6] && numberStarts(text, at) && (at < 2 || text[at-1] != '-' || !isDigit(text[at-2])) &&
		(end == len(text) || !isAlnum(text[end]) && (text[end] != '-' || end+1 == len(text) || !isDigit(text[end+1])))
}

// matchPlainSSN finds nine digits.
func matchPlainSSN(text string, at int, gap string) (end int) {
	end = at + len("ddddddddd")
	if !isDigit(text[at]) || !numberStarts(text, at) || digits.endWithin(text, at, end-at+1) != end || !numberEnds(text, end) ||
		!isSSN(text[at:at+3], text[at+3:at+5], text[at+5:end]) || !isNear(gap) {
		return at
	}
	return end
}

// isSSN excludes what the Social Security Administration never assigns.
func isSSN(area, group, serial string) bool {
	return area != "000" && area != "666" && area[0] != '9' && group != "00" && serial != "0000"
}

// matchITIN finds 9dd-dd-dddd with one of the groups of the IRS.
func matchITIN(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	end = at + len("9dd-dd-dddd")
	if text[at] != '9' || !isGroupedNumber(text, at, end) {
		return 0, 0, false
	}
	group := int(text[at+4]-'0')*10 + int(text[at+5]-'0')
	return at, end, group >= 50 && group <= 65 || group >= 70 && group <= 88 || group >= 90 && group <= 92 || group >= 94
}

var localPart = newCharset("A-Za-z0-9._%+'-")

// matchEmail finds an address from the bytes around its @.
func matchEmail(s *scanner, at int) (start, end int, found bool) {
	const maxLocal, maxDomain = 64, 253
	text := s.text
	start = at
	for start > 0 && at-start < maxLocal && localPart[text[start-1]] {
		start--
	}
	for text[start] == '.' || text[start] == '\'' || text[start] == '-' {
		start++
	}
	at += len("a@")
	end, label := at, at
	for end < len(text) && end-at < maxDomain && (isAlnum(text[end]) || text[end] == '-' || text[end] == '.' && end+1 < len(text) && isAlnum(text[end+1])) {
		if text[end] == '.' {
			label = end + 1
		}
		end++
	}
	domain := text[label:end]
	if label == at || len(domain) < 2 || strings.ContainsAny(domain, "0123456789-") || isFileType(domain) {
		return 0, 0, false
	}
	return start, end, true
}

// isFileType recognizes "icon@2x.png".
func isFileType(label string) bool {
	switch strings.ToLower(label) {
	case "png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js":
		return true
	}
	return false
}

// matchPhone finds a phone number from its first digits or its plus sign.
func matchPhone(s *scanner, at int) (start, end int, found bool) {
	text := s.text
	if text[at] == '+' {
		return internationalPhone(text, at)
	}
	// ddd, a separator, ddd, a separator, dddd; the area code may be in parentheses.
	if digits.end(text, at) != at+3 || text[at] < '2' || at+3 >= len(text) {
		return 0, 0, false
	}
	start = at
	i := at + 3
	if at > 0 && text[at-1] == '(' && text[i] == ')' {
		start--
		if i++; i < len(text) && text[i] == ' ' {
			i++
		}
	} else {
		if strings.IndexByte("-. ", text[i]) < 0 || !numberStarts(text, at) || at > 1 && (text[at-1] == '-' || text[at-1] == '.') && isDigit(text[at-2]) {
			return 0, 0, false
		}
		i++
	}
	if i >= len(text) || text[i] < '2' || digits.end(text, i) != i+3 || i+3 >= len(text) || strings.IndexByte("-. ", text[i+3]) < 0 {
		return 0, 0, false
	}
	line := i + 4
	end = line + 4
	return start, end, digits.end(text, line) == end && numberEnds(text, end)
}

// internationalPhone finds a number as in ITU-T E.164, with separators or not.
func internationalPhone(text string, at int) (start, end int, found bool) {
	const minDigits, maxDigits = 8, 15
	if !startsHere(text, at) {
		return 0, 0, false
	}
	n, digit := 0, at
	for i := at + 1; i < len(text) && n <= maxDigits; i++ {
		if isDigit(text[i]) {
			n, digit = n+1, i
			if n >= minDigits && n <= maxDigits && numberEnds(text, i+1) {
				end = i + 1 // what follows may belong to it or not
			}
		} else if strings.IndexByte(" -.()", text[i]) < 0 || i > digit+2 {
			break
		}
	}
	return at, end, end > 0 && text[at+1] != '0'
}

var addressChars = newCharset("0-9a-fA-F:.")

// matchIP finds an address from two of its parts.
func matchIP(s *scanner, at int) (start, end int, found bool) {
	const maxAddress = 45
	text := s.text
	start = at
	for start > 0 && at-start < maxAddress && addressChars[text[start-1]] {
		start--
	}
	end = at
	for end < len(text) && end-start <= maxAddress && addressChars[text[end]] {
		end++
	}
	for end > at && (text[end-1] == '.' || text[end-1] == ':' && !strings.HasSuffix(text[start:end], "::")) {
		end--
	}
	if end-start > maxAddress || start > 0 && isAlnum(text[start-1]) && !startsHere(text, start) || end < len(text) && isAlnum(text[end]) {
		return 0, 0, false
	}
	address, err := netip.ParseAddr(text[start:end])
	if err != nil && !address.IsValid() {
		// A port may follow: 203.0.113.9:443.
		if colon := strings.LastIndexByte(text[start:end], ':'); colon > 0 && strings.Count(text[start:end], ":") == 1 {
			end = start + colon
			_, err = netip.ParseAddr(text[start:end])
		}
	}
	return start, end, err == nil && end-start > 2
}
