package corpus

import (
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"strings"
)

// random makes the parts of lines.
type random struct{ *rand.Rand }

func newRandom(seed uint64) random { return random{rand.New(rand.NewPCG(seed, 0x6d696e61))} }

const (
	numerals  = "0123456789"
	lowerCase = "abcdefghijklmnopqrstuvwxyz"
	upperCase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	hexLower  = "0123456789abcdef"
	base62    = numerals + upperCase + lowerCase
)

// of returns n characters of an alphabet.
func (r random) of(n int, alphabet string) string {
	out := make([]byte, n)
	for i := range out {
		out[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(out)
}

func (r random) digits(n int) string { return r.of(n, numerals) }
func (r random) hex(n int) string    { return r.of(n, hexLower) }
func (r random) token(n int) string  { return r.of(n, base62) }
func (r random) url64(n int) string  { return r.of(n, base62+"-_") }

// between returns a number from low to high.
func (r random) between(low, high int) int { return low + r.IntN(high-low+1) }

// one returns one of several.
func (r random) one(list ...string) string { return list[r.IntN(len(list))] }

func (r random) uuid() string {
	return fmt.Sprintf("%s-%s-4%s-%s%s-%s", r.hex(8), r.hex(4), r.hex(3), r.one("8", "9", "a", "b"), r.hex(3), r.hex(12))
}

func (r random) bytes(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

// checked appends the check digit of Luhn's formula.
func checked(number string, sumBefore int) string {
	sum := sumBefore
	for i := range len(number) {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return number + string(rune('0'+(10-sum%10)%10))
}

// crc62 is the checksum at the end of GitHub's tokens.
func crc62(text string) string {
	sum := crc32.ChecksumIEEE([]byte(text))
	out := make([]byte, 6)
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = base62[sum%62]
		sum /= 62
	}
	return string(out)
}

// iban computes the check digits of an account.
func iban(country, account string) string {
	remainder := 0
	for _, c := range account + country + "00" {
		if c >= 'A' {
			remainder = (remainder*100 + int(c-'A') + 10) % 97
		} else {
			remainder = (remainder*10 + int(c-'0')) % 97
		}
	}
	return fmt.Sprintf("%s%02d%s", country, 98-remainder, account)
}

// grouped puts a separator behind every n characters.
func grouped(text, separator string, sizes ...int) string {
	var parts []string
	for i := 0; text != ""; i++ {
		n := min(len(text), sizes[min(i, len(sizes)-1)])
		parts = append(parts, text[:n])
		text = text[n:]
	}
	return strings.Join(parts, separator)
}

func (r random) jwt() string {
	part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	header := fmt.Sprintf(`{"alg":"%s","typ":"JWT"}`, r.one("HS256", "RS256", "ES256", "PS512", "EdDSA"))
	if r.IntN(3) == 0 {
		header = fmt.Sprintf(`{"typ":"JWT","kid":"%s","alg":"%s"}`, r.hex(8), r.one("HS256", "RS256"))
	}
	return part(header) + "." + part(fmt.Sprintf(`{"sub":"%d","iat":%d,"name":"%s"}`, r.IntN(1e9), 1759335125+r.IntN(1e6), r.name())) + "." + r.url64(43+43*r.IntN(2))
}

func (r random) name() string {
	return r.one("ana", "ben", "chloé", "dmitri", "elif", "farid", "grete", "hiro", "ines", "jörg", "kofi", "lena", "mia", "noor", "olga", "pavel")
}

// password is one that a person might choose.
func (r random) password() string {
	switch r.IntN(5) {
	case 0:
		return r.one("hunter", "dragon", "sommer", "letmein", "Passw0rd", "tiger") + r.digits(r.between(1, 4))
	case 1:
		return r.of(r.between(8, 16), base62+"!$%*+-_.~^#@")
	case 2:
		return r.one("correct", "horse", "battery", "staple") + "-" + r.one("tree", "lake", "moon") + "-" + r.digits(3)
	case 3:
		return r.of(r.between(6, 9), lowerCase)
	default:
		return r.token(r.between(10, 32))
	}
}
