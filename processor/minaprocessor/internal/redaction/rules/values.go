package rules

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// What a secret has at least that only its name gives away: characters, and bits a
// character. By the first maxJudged bytes a long one is judged.
const (
	minSecretLen     = 8
	minSecretEntropy = 2.75
	maxJudged        = 40
)

// judged is what a value is judged by: its beginning, up to what is not ASCII, so
// that what follows does not make it look less random.
func judged(value string) string {
	value = value[:min(len(value), maxJudged)]
	if i := strings.IndexFunc(value, func(c rune) bool { return c >= 0x80 }); i >= minSecretLen {
		return value[:i]
	}
	return value
}

// looksSecret reports whether a value is long enough and as random as a secret.
func looksSecret(value string) bool {
	whole := value
	value = judged(value)
	return !isPath(whole) && !strings.Contains(value, "://") && len(value) >= minSecretLen && strings.ContainsAny(value, "0123456789") && strings.IndexFunc(value, isASCIILetter) >= 0 && text.Entropy(value) >= minSecretEntropy
}

func isASCIILetter(c rune) bool { return c < 0x80 && text.IsLetter(byte(c)) }

// tokenChars are what tokens are written in, in base64 too.
var tokenChars = text.NewCharset("0-9A-Za-z_.~+/=-")

// hasToken reports whether a value has a token of some length in which letters and digits
// take turns, as they do not in names with a number: SCRAM-SHA-256, 0x14ed93111f20027.
func hasToken(value string, least, fewest int) bool {
	const looked = 512
	value = value[:min(len(value), looked)]
	for i := 0; i < len(value); i++ {
		end := tokenChars.End(value, i)
		if takesTurns(value[i:end], least, fewest) {
			return true
		}
		i = end
	}
	return false
}

func takesTurns(token string, least, fewest int) bool {
	return len(token) >= least && !isNumber(token) && !isPath(token) && turns(token) >= fewest
}

// turns counts where a letter follows a digit, or a digit a letter.
func turns(token string) (n int) {
	for i := 1; i < len(token); i++ {
		if a, b := token[i-1], token[i]; text.IsDigit(a) && text.IsLetter(b) || text.IsLetter(a) && text.IsDigit(b) {
			n++
		}
	}
	return n
}

// isSentence reports whether a value says something about another one: "This field is
// required.", "Shorter than minimum length 8.", "Wrong password".
func isSentence(value string) bool {
	const fewest, several, longest = 2, 3, 256
	if len(value) > longest {
		return false
	}
	value = strings.Trim(value, `[]"'`)
	words := strings.Fields(strings.ToLower(strings.TrimRight(value, ".")))
	if len(words) < fewest {
		return false
	}
	first, second := words[0], words[1]
	begins := openings[first] || states[first] || verbs[first]
	switch {
	case begins && (states[second] || concerns[second]):
		return true
	case len(words) < several:
		return false
	case begins:
		return verbs[second] || verbs[words[2]] || strings.HasSuffix(value, ".")
	default:
		return concerns[first] && (verbs[second] || states[words[2]])
	}
}

// isBasic reports whether a value decodes to a user and a password (RFC 7617, section 2).
func isBasic(value string) bool {
	const maxCredentials = 4096
	value = strings.TrimRight(value, "=")
	if len(value) < 4 || len(value) > maxCredentials {
		return false
	}
	decoded, err := base64.RawStdEncoding.DecodeString(value)
	return err == nil && slices.Contains(decoded, ':') && !slices.ContainsFunc(decoded, func(c byte) bool { return c < ' ' || c == 0x7f })
}

var numberChars = text.NewCharset("0-9_-")

// isNumber reports whether a value is a number, which may be hexadecimal.
func isNumber(value string) bool {
	if hex, isHex := strings.CutPrefix(value, "0x"); isHex {
		return hex != "" && text.HexDigits.End(hex, 0) == len(hex)
	}
	return value != "" && numberChars.End(value, 0) == len(value)
}

// isSmallNumber reports whether a value is a number of one or two digits.
func isSmallNumber(value string) bool {
	return len(value) <= 2 && text.Digits.End(value, 0) == len(value)
}

// hasDigits reports whether a value has as many digits as a number that identifies.
func hasDigits(value string) bool {
	const fewest = 4
	return countDigits(value[:min(len(value), maxJudged)]) >= fewest
}

// isPath reports whether a value is an absolute path: /run/secrets/db, C:\Users. What
// looks as random as base64 is none.
func isPath(value string) bool {
	const longest = 1024
	if len(value) > longest {
		return false
	}
	if len(value) > 2 && text.IsLetter(value[0]) && value[1] == ':' && value[2] == '\\' {
		return true
	}
	if value == "" || value[0] != '/' || strings.ContainsAny(value, "+=") {
		return false
	}
	for part := range strings.SplitSeq(value, "/") {
		if takesTurns(part, minSecretLen, manyTurns) {
			return false
		}
	}
	return true
}

// isDeliveryStatus reports whether a value is a status of RFC 3463, or a version: 4.0.0.
func isDeliveryStatus(value string) bool {
	return strings.Count(value, ".") == 2 && versionChars.End(value, 0) == len(value)
}

// nothings are what stands for a value that there is not, in any brackets.
var nothings = wordSet("null none nil undefined true false n/a yes no redacted filtered hidden masked removed omitted empty unset protected sensitive encrypted confidential")

// saysNothing reports whether a value gives nothing away: there is none, or it has been
// masked.
func saysNothing(value string) bool {
	const longest = 16
	if value = strings.Trim(value, " \t\r\n*-.?•"); value == "" {
		return true
	}
	if isX := strings.Trim(value, "xX") == ""; isX || len(value) > longest {
		return isX && len(value) > 2
	}
	value = strings.ToLower(strings.Trim(value, "()<>[]{}"))
	return value == "" || nothings[value] || isPointer(value)
}

// isPointer reports whether a value is where an object is in memory: 0x7f3a5c0d2e10.
func isPointer(value string) bool {
	const least = len("0x7f3a5c0d")
	return len(value) >= least && strings.HasPrefix(value, "0x") && text.HexDigits.End(value, len("0x")) == len(value)
}

// isTemplate reports whether a value is only where one is to be put: ${DB_PASSWORD},
// {token}, %(password)s, <token>, or where one is taken from, also behind a scheme, or only
// that: 'Bearer ' + token.
func isTemplate(value string) bool {
	value = withoutScheme(value)
	return value == "" || templateEnd(value) == len(value)
}

// withoutScheme returns the credentials of an Authorization header.
func withoutScheme(value string) string {
	for _, scheme := range []string{"Bearer ", "Basic ", "Token "} {
		value = strings.TrimPrefix(value, scheme)
	}
	return value
}

// sources are how programs say where a secret is taken from.
var sources = []string{"os.environ", "os.getenv(", "process.env.", "System.getenv(", "getenv(", "ENV["}

// templateEnd returns the end of the template that a text begins with, or 0.
func templateEnd(in string) int {
	switch {
	case strings.HasPrefix(in, "${"), strings.HasPrefix(in, "{{"), strings.HasPrefix(in, "$("), strings.HasPrefix(in, "%("):
		return bracedEnd(in)
	case in[0] == '{' || in[0] == '<':
		return fieldEnd(in)
	case in[0] == '$' && len(in) > 1:
		return max(variableEnd(in, 1), text.Digits.End(in, 1))
	case in[0] == '%' && len(in) > 1:
		return percentEnd(in)
	}
	for _, source := range sources {
		if strings.HasPrefix(in, source) {
			return len(in)
		}
	}
	return 0
}

// variableEnd returns the end of the name of a variable that begins at a place, or 0:
// DB_PASSWORD, db_password, dbPassword. With a capital that begins no word it is a password.
func variableEnd(in string, at int) int {
	end := identifierChars.End(in, at)
	name := in[at:end]
	if strings.ToUpper(name) == name {
		return end
	}
	for i := range len(name) {
		if text.IsUpper(name[i]) && (i+1 == len(name) || text.IsUpper(name[i+1])) {
			return 0
		}
	}
	return end
}

// maxTemplate is the length in bytes of the longest template.
const maxTemplate = 128

// bracedEnd returns the end of ${…}, ${{…}}, {{…}}, $(…) or %(…)s. What it has for a
// value that is missing is one.
func bracedEnd(in string) int {
	closing := "}"
	switch {
	case strings.HasPrefix(in, "${{"), strings.HasPrefix(in, "{{"):
		closing = "}}"
	case in[1] == '(':
		closing = ")"
	}
	i := strings.Index(in[:min(len(in), maxTemplate)], closing)
	if i < 0 || strings.ContainsAny(strings.TrimLeft(in[:i], "$%{("), "{}") {
		return 0
	}
	end := i + len(closing)
	if _, other, found := strings.Cut(in[:i], ":-"); found && !saysNothing(other) {
		return 0
	}
	if in[0] == '%' && end < len(in) && text.IsLetter(in[end]) {
		end++
	}
	return end
}

var (
	identifierChars = text.NewCharset("A-Za-z_")
	fieldChars      = text.NewCharset("0-9A-Za-z_.!:")
	labelChars      = text.NewCharset("A-Za-z_ -")
)

// fieldEnd returns the end of {name} or <name>.
func fieldEnd(in string) int {
	chars, closing := fieldChars, byte('}')
	if in[0] == '<' {
		chars, closing = labelChars, '>'
	}
	if end := 1 + chars.EndWithin(in[1:], 0, maxTemplate); end < len(in) && in[end] == closing {
		return end + 1
	}
	return 0
}

// percentEnd returns the end of %s and its like, or of %NAME%.
func percentEnd(in string) int {
	name := identifierChars.EndWithin(in, 1, maxTemplate)
	switch {
	case name > 1 && name < len(in) && in[name] == '%':
		return name + 1
	case name == 2 && strings.IndexByte("sdrvqwx", in[1]) >= 0:
		return 2
	}
	return 0
}
