package rules

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// personRules find what identifies a person.
var personRules = []*Rule{
	{
		Name: "us_ssn", Sets: []string{SetDefault, SetPHI, SetPII},
		Finds:      "social security numbers, `ddd-dd-dddd` or with spaces or dots, except what is never assigned; nine digits in a row near the word",
		Anchors:    taxNumberAnchors,
		Match:      grouped(isSSN),
		Keywords:   []string{"ssn", "social security", "social_security", "social-security", "socialsecurity"},
		Near:       plain(isSSN),
		Separators: " -.",
	},
	{
		Name: "us_itin", Sets: []string{SetDefault, SetPII},
		Finds:      "individual taxpayer identification numbers, `9dd-dd-dddd`, with the groups that the IRS assigns; nine digits in a row near ITIN",
		Anchors:    taxNumberAnchors,
		Match:      grouped(isITIN),
		Keywords:   []string{"itin", "taxpayer"},
		Near:       plain(isITIN),
		Separators: " -.",
	},
	{
		Name: "email", Sets: []string{SetPII},
		Finds:   "addresses of e-mail",
		Anchors: []string{"\x01@\x01", "\x03@\x03", "\x01@\x03", "\x03@\x01"},
		Match:   matchEmail,
	},
	{
		Name: "phone", Sets: []string{SetPII},
		Finds:      "phone numbers: of North America with separators, international ones with their plus sign, both with their extension; with blanks alone, or ten digits, near a word such as phone",
		Anchors:    []string{"000", "+00", "+0 0", "+0-0"},
		Match:      matchPhone,
		Keywords:   []string{"phone", "mobile", "telephone", "tel:", "tel ", "tel.", "tel=", "cell", "fax", "whatsapp", "call 0", "dial 0"},
		Near:       matchPhoneNear,
		Separators: " -.()",
	},
	{
		Name: "ip_address", Sets: []string{SetPII},
		Finds:   "addresses of IPv4 and IPv6",
		Anchors: []string{"0.0", "\x01:\x01", "\x01::", "::\x01"},
		Match:   matchIP,
	},
}

var taxNumberAnchors = []string{"000-00-0000", "000 00 0000", "000.00.0000"}

// grouped finds ddd-dd-dddd.
func grouped(valid func(area, group, serial string) bool) func(c *text.Cursor, at int) (start, end int, found bool) {
	return func(c *text.Cursor, at int) (start, end int, found bool) {
		in := c.Text
		end = at + len("ddd-dd-dddd")
		isAlone := numberStarts(in, at) && (at < 2 || in[at-1] != '-' || !text.IsDigit(in[at-2]))
		return at, end, isAlone && groupsEnd(in, at, end) && valid(in[at:at+3], in[at+4:at+6], in[at+7:end])
	}
}

// groupsEnd reports whether groups have one separator and are no part of longer ones.
func groupsEnd(in string, at, end int) bool {
	return in[at+3] == in[at+6] && numberEnds(in, end) && (end == len(in) || in[end] != '-' || end+1 == len(in) || !text.IsDigit(in[end+1]))
}

// plain finds nine digits, also in groups, near a word, which may be in front without a blank.
func plain(valid func(area, group, serial string) bool) func(in string, at int, gap string) (end int) {
	return func(in string, at int, gap string) (end int) {
		if !text.IsDigit(in[at]) || gap != "" && !numberStarts(in, at) || at > 0 && text.IsDigit(in[at-1]) || !isNear(gap) {
			return at
		}
		digits := text.Digits.EndWithin(in, at, len("ddddddddd")+1)
		if digits-at == len("ddddddddd") && numberEnds(in, digits) && valid(in[at:at+3], in[at+3:at+5], in[at+5:digits]) {
			return digits
		}
		end = at + len("ddd-dd-dddd")
		if end <= len(in) && strings.IndexByte("- .", in[at+3]) >= 0 && text.Digits.End(in, at) == at+3 && text.Digits.End(in, at+4) == at+6 && text.Digits.End(in, at+7) == end &&
			groupsEnd(in, at, end) && valid(in[at:at+3], in[at+4:at+6], in[at+7:end]) {
			return end
		}
		return at
	}
}

// isSSN excludes what the Social Security Administration never assigns.
func isSSN(area, group, serial string) bool {
	return area != "000" && area != "666" && area[0] != '9' && group != "00" && serial != "0000"
}

// isITIN asks for one of the groups of the IRS.
func isITIN(area, group, _ string) bool {
	n := int(group[0]-'0')*10 + int(group[1]-'0')
	return area[0] == '9' && (n >= 50 && n <= 65 || n >= 70 && n <= 88 || n >= 90 && n <= 92 || n >= 94)
}

var localPart = text.NewCharset("A-Za-z0-9._%+'-")

// matchEmail finds an address from the bytes around its @. Letters of other scripts may be
// in both parts (RFC 6531).
func matchEmail(c *text.Cursor, at int) (start, end int, found bool) {
	const maxLocal, maxDomain = 64, 253
	in := c.Text
	at += strings.IndexByte(in[at:], '@')
	start = at
	for start > 0 && at-start < maxLocal {
		letter, size := utf8.DecodeLastRuneInString(in[:start])
		if !localPart[in[start-1]] && !isForeignLetter(letter) {
			break
		}
		start -= size
	}
	for start < at && strings.IndexByte(".'-", in[start]) >= 0 {
		start++
	}
	at++
	end, label := at, at
	for end < len(in) && end-at < maxDomain {
		letter, size := utf8.DecodeRuneInString(in[end:])
		if in[end] == '.' && isLabel(in[end+1:]) {
			label = end + 1
		} else if !text.IsAlnum(in[end]) && in[end] != '-' && !isForeignLetter(letter) {
			break
		}
		end += size
	}
	for label > at { // what is behind a domain may look like more of it: .de.0, .de.A
		last := end
		if text.IsAlnum(in[label]) { // no top-level domain is of two scripts
			last = label + strings.IndexFunc(in[label:end]+"é", isForeignLetter)
		}
		domain := in[label:last]
		if isNumber := strings.ContainsAny(domain, "0123456789-") && !strings.HasPrefix(domain, "xn--"); !isNumber && len(domain) >= 2 {
			return start, last, !isFileType(domain) && start < at-1
		}
		end = label - 1
		label = at + strings.LastIndexByte(in[at:end], '.') + 1
	}
	return 0, 0, false
}

// isForeignLetter is for letters beyond ASCII, and what is written above them.
func isForeignLetter(c rune) bool {
	return c >= utf8.RuneSelf && c != utf8.RuneError && (unicode.IsLetter(c) || unicode.IsMark(c))
}

// isLabel reports whether a label of a domain begins a text.
func isLabel(in string) bool {
	letter, _ := utf8.DecodeRuneInString(in)
	return in != "" && (text.IsAlnum(in[0]) || isForeignLetter(letter))
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
		start, end, found = internationalPhone(in, at)
		return start, withExtension(in, end), found
	}
	// ddd, a separator, ddd, a separator, dddd; the area code may be in parentheses.
	if text.Digits.End(in, at) != at+3 || in[at] < '2' || at+3 >= len(in) {
		return 0, 0, false
	}
	start = at
	i := at + 3
	separators := "-."
	if at > 0 && in[at-1] == '(' && in[i] == ')' {
		start--
		separators = "-. "
		if i++; i < len(in) && in[i] == ' ' {
			i++
		}
	} else {
		if strings.IndexByte(separators, in[i]) < 0 || !numberStarts(in, at) || at > 1 && (in[at-1] == '-' || in[at-1] == '.') && text.IsDigit(in[at-2]) {
			return 0, 0, false
		}
		i++
	}
	if end = localPhoneEnd(in, i, separators); end == i {
		return 0, 0, false
	}
	return start, withExtension(in, end), true
}

// localPhoneEnd returns the end of ddd-dddd, or the place.
func localPhoneEnd(in string, at int, separators string) (end int) {
	line := at + len("ddd-")
	end = line + len("dddd")
	if end > len(in) || in[at] < '2' || text.Digits.End(in, at) != at+3 || strings.IndexByte(separators, in[at+3]) < 0 || text.Digits.EndWithin(in, line, end-line+1) != end || !numberEnds(in, end) && !isExtension(in, end) {
		return at
	}
	return end
}

// matchPhoneNear finds ten digits, also with blanks between their groups.
func matchPhoneNear(in string, at int, gap string) (end int) {
	if !text.IsDigit(in[at]) || in[at] < '2' || !numberStarts(in, at) || !isNear(gap) {
		return at
	}
	switch text.Digits.EndWithin(in, at, len("dddddddddd")+1) - at {
	case len("dddddddddd"):
		if end = at + len("dddddddddd"); in[at+3] >= '2' && numberEnds(in, end) {
			return withExtension(in, end)
		}
	case len("ddd"):
		if i := at + len("ddd "); i < len(in) && in[i-1] == ' ' {
			if end = localPhoneEnd(in, i, " -"); end > i {
				return withExtension(in, end)
			}
		}
	}
	return at
}

// extensions are the words in front of an extension, the longest first.
var extensions = []string{"extension", "ext.", "ext", "x", "#"}

// withExtension returns the end of the extension behind a phone number, or of the number.
func withExtension(in string, end int) int {
	const maxDigits = 6
	at := end
	if at < len(in) && in[at] == ' ' || strings.HasPrefix(in[at:], ", ") {
		at += 1 + strings.IndexByte(in[at:], ' ')
	}
	for _, word := range extensions {
		if len(in)-at >= len(word) && strings.EqualFold(in[at:at+len(word)], word) {
			digits := at + len(word)
			if digits < len(in) && in[digits] == ' ' {
				digits++
			}
			if stop := text.Digits.EndWithin(in, digits, maxDigits+1); stop > digits && stop-digits <= maxDigits && numberEnds(in, stop) {
				return stop
			}
		}
	}
	return end
}

func isExtension(in string, end int) bool { return withExtension(in, end) > end }

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
	return at, end, end > 0 && in[at+1] != '0' && !isFraction(in[at+1:end])
}

// isFraction reports whether a number has one point in it, and nothing else.
func isFraction(number string) bool {
	return strings.Count(number, ".") == 1 && strings.Trim(number, numerals+".") == ""
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
