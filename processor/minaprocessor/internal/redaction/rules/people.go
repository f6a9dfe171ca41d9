package rules

import (
	"net/netip"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// personRules find what identifies a person.
var personRules = []*Rule{
	{
		Name: "us_ssn", Sets: []string{SetDefault, SetPHI, SetPII},
		Finds:      "social security numbers, `ddd-dd-dddd` or with spaces, except what is never assigned; nine digits in a row near the word",
		Anchors:    []string{"000-00-0000", "000 00 0000"},
		Match:      matchSSN,
		Keywords:   []string{"ssn", "social security", "social_security", "social-security", "socialsecurity"},
		Near:       matchPlainSSN,
		Separators: " -",
	},
	{
		Name: "us_itin", Sets: []string{SetDefault, SetPII},
		Finds:      "individual taxpayer identification numbers, `9dd-dd-dddd`, with the groups that the IRS assigns",
		Anchors:    []string{"900-00-0000", "900 00 0000"},
		Match:      matchITIN,
		Separators: " -",
	},
	{
		Name: "email", Sets: []string{SetPII},
		Finds:   "addresses of e-mail",
		Anchors: []string{"\x01@\x01"},
		Match:   matchEmail,
	},
	{
		Name: "phone", Sets: []string{SetPII},
		Finds:      "phone numbers: of North America with separators, international ones with their plus sign",
		Anchors:    []string{"000", "+00", "+0 0", "+0-0"},
		Match:      matchPhone,
		Separators: " -.()",
	},
	{
		Name: "ip_address", Sets: []string{SetPII},
		Finds:   "addresses of IPv4 and IPv6",
		Anchors: []string{"0.0", "\x01:\x01", "\x01::", "::\x01"},
		Match:   matchIP,
	},
}

// matchSSN finds ddd-dd-dddd.
func matchSSN(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	end = at + len("ddd-dd-dddd")
	return at, end, isGroupedNumber(in, at, end) && isSSN(in[at:at+3], in[at+4:at+6], in[at+7:end])
}

// isGroupedNumber reports whether groups with hyphens or spaces between them are
// no part of longer ones.
func isGroupedNumber(in string, at, end int) bool {
	return in[at+3] == in[at+6] && numberStarts(in, at) && (at < 2 || in[at-1] != '-' || !text.IsDigit(in[at-2])) &&
		(end == len(in) || !text.IsAlnum(in[end]) && (in[end] != '-' || end+1 == len(in) || !text.IsDigit(in[end+1])))
}

// matchPlainSSN finds nine digits.
func matchPlainSSN(in string, at int, gap string) (end int) {
	end = at + len("ddddddddd")
	if !text.IsDigit(in[at]) || !numberStarts(in, at) || text.Digits.EndWithin(in, at, end-at+1) != end || !numberEnds(in, end) ||
		!isSSN(in[at:at+3], in[at+3:at+5], in[at+5:end]) || !isNear(gap) {
		return at
	}
	return end
}

// isSSN excludes what the Social Security Administration never assigns.
func isSSN(area, group, serial string) bool {
	return area != "000" && area != "666" && area[0] != '9' && group != "00" && serial != "0000"
}

// matchITIN finds 9dd-dd-dddd with one of the groups of the IRS.
func matchITIN(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	end = at + len("9dd-dd-dddd")
	if in[at] != '9' || !isGroupedNumber(in, at, end) {
		return 0, 0, false
	}
	group := int(in[at+4]-'0')*10 + int(in[at+5]-'0')
	return at, end, group >= 50 && group <= 65 || group >= 70 && group <= 88 || group >= 90 && group <= 92 || group >= 94
}

var localPart = text.NewCharset("A-Za-z0-9._%+'-")

// matchEmail finds an address from the bytes around its @.
func matchEmail(c *text.Cursor, at int) (start, end int, found bool) {
	const maxLocal, maxDomain = 64, 253
	in := c.Text
	start = at
	for start > 0 && at-start < maxLocal && localPart[in[start-1]] {
		start--
	}
	for in[start] == '.' || in[start] == '\'' || in[start] == '-' {
		start++
	}
	at += len("a@")
	end, label := at, at
	for end < len(in) && end-at < maxDomain && (text.IsAlnum(in[end]) || in[end] == '-' || in[end] == '.' && end+1 < len(in) && text.IsAlnum(in[end+1])) {
		if in[end] == '.' {
			label = end + 1
		}
		end++
	}
	domain := in[label:end]
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
func matchPhone(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	if in[at] == '+' {
		return internationalPhone(in, at)
	}
	// ddd, a separator, ddd, a separator, dddd; the area code may be in parentheses.
	if text.Digits.End(in, at) != at+3 || in[at] < '2' || at+3 >= len(in) {
		return 0, 0, false
	}
	start = at
	i := at + 3
	if at > 0 && in[at-1] == '(' && in[i] == ')' {
		start--
		if i++; i < len(in) && in[i] == ' ' {
			i++
		}
	} else {
		if strings.IndexByte("-. ", in[i]) < 0 || !numberStarts(in, at) || at > 1 && (in[at-1] == '-' || in[at-1] == '.') && text.IsDigit(in[at-2]) {
			return 0, 0, false
		}
		i++
	}
	if i >= len(in) || in[i] < '2' || text.Digits.End(in, i) != i+3 || i+3 >= len(in) || strings.IndexByte("-. ", in[i+3]) < 0 {
		return 0, 0, false
	}
	line := i + 4
	end = line + 4
	return start, end, text.Digits.End(in, line) == end && numberEnds(in, end)
}

// internationalPhone finds a number as in ITU-T E.164, with separators or not.
func internationalPhone(in string, at int) (start, end int, found bool) {
	const minDigits, maxDigits = 8, 15
	if !text.StartsHere(in, at) {
		return 0, 0, false
	}
	n, digit := 0, at
	for i := at + 1; i < len(in) && n <= maxDigits; i++ {
		if text.IsDigit(in[i]) {
			n, digit = n+1, i
			if n >= minDigits && n <= maxDigits && numberEnds(in, i+1) {
				end = i + 1 // what follows may belong to it or not
			}
		} else if strings.IndexByte(" -.()", in[i]) < 0 || i > digit+2 {
			break
		}
	}
	return at, end, end > 0 && in[at+1] != '0'
}

var addressChars = text.NewCharset("0-9a-fA-F:.")

// matchIP finds an address from two of its parts.
func matchIP(c *text.Cursor, at int) (start, end int, found bool) {
	const maxAddress = 45
	in := c.Text
	start = at
	for start > 0 && at-start < maxAddress && addressChars[in[start-1]] {
		start--
	}
	end = at
	for end < len(in) && end-start <= maxAddress && addressChars[in[end]] {
		end++
	}
	for end > at && (in[end-1] == '.' || in[end-1] == ':' && !strings.HasSuffix(in[start:end], "::")) {
		end--
	}
	if end-start > maxAddress || start > 0 && text.IsAlnum(in[start-1]) && !text.StartsHere(in, start) || end < len(in) && text.IsAlnum(in[end]) {
		return 0, 0, false
	}
	address, err := netip.ParseAddr(in[start:end])
	if err != nil && !address.IsValid() {
		// A port may follow: 203.0.113.9:443.
		if colon := strings.LastIndexByte(in[start:end], ':'); colon > 0 && strings.Count(in[start:end], ":") == 1 {
			end = start + colon
			_, err = netip.ParseAddr(in[start:end])
		}
	}
	return start, end, err == nil && end-start > 2
}
