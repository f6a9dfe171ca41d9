package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// hashRules find what passwords are kept as, from which many can be guessed.
var hashRules = []*Rule{{
	Name: "password_hash", Sets: secrets,
	Finds: "hashes of passwords: bcrypt `$2b$…`, Argon2 `$argon2id$…`, crypt `$1$…`, `$5$…`, `$6$…`, `$y$…` and `$apr1$…`, phpass `$P$…`, PBKDF2 and scrypt as of Django, Werkzeug and passlib, " +
		"`SCRAM-SHA-256$…` of PostgreSQL, `{SSHA}…` of LDAP",
	Anchors: []string{"$2a$", "$2b$", "$2x$", "$2y$", "$0$", "$y$", "$P$", "$H$", "$S$", "$apr1$", "argon2", "pbkdf2", "scrypt:", "scrypt$", "scram-sha-", "{ssha", "{sha", "{crypt}"},
	Match:   matchHash,
}}

var (
	crypt64 = text.NewCharset("0-9A-Za-z./")
	// hashFields are what those of most have, and hashLists those with lists in them.
	hashFields = text.NewCharset("0-9A-Za-z./+=$,_-")
	hashLists  = text.NewCharset("0-9A-Za-z./+=$,_:-")
)

// cryptLengths are the lengths of the last part of what crypt(5) returns, by its beginning.
var cryptLengths = map[string]int{"$1$": 22, "$apr1$": 22, "$5$": 43, "$6$": 86, "$7$": 43, "$y$": 43}

// phpassLengths are the lengths of all that is behind the beginning.
var phpassLengths = map[string]int{"$P$": 31, "$H$": 31, "$S$": 52}

// matchHash finds a hash by how it begins.
func matchHash(c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	switch in[at] {
	case '$':
		end = cryptEnd(in, at)
		for _, name := range []string{"bcrypt$", "bcrypt_sha256$"} { // Django's
			if strings.HasSuffix(in[:at], name) {
				at -= len(name)
			}
		}
		return at, end, end > at
	case '{':
		brace := strings.IndexByte(in[at:min(len(in), at+16)], '}') + 1
		end = c.RunEnd(text.Base64Std, at+brace)
		return at, end, brace > 0 && end-at-brace >= 24 && isRandom(in[at+brace:end], 24)
	}
	chars := hashFields
	for _, name := range []string{"pbkdf2:", "scrypt:", "SCRAM-SHA-"} {
		if strings.HasPrefix(in[at:], name) {
			chars = hashLists
		}
	}
	if !text.StartsHere(in, at) {
		return 0, 0, false
	}
	const longest, least = 512, 20
	start, end = at, c.RunEnd(chars, at)
	for end > at && strings.IndexByte(".,:-", in[end-1]) >= 0 {
		end-- // what stands behind it in a sentence or a list
	}
	if end-at > longest {
		return 0, 0, false
	}
	if at > 0 && in[at-1] == '$' {
		start--
	}
	last := at + strings.LastIndexByte(in[at:end], '$') + 1
	return start, end, last > at && end-last >= least && isRandom(in[last:end], least)
}

// cryptEnd returns the end of a hash that begins with a dollar sign, or the place.
func cryptEnd(in string, at int) (end int) {
	const bcrypt, maxName = len("$2b$12$") + 53, 6
	second := strings.IndexByte(in[at+1:min(len(in), at+maxName)], '$')
	if second < 0 {
		return at
	}
	name, body := in[at:at+second+2], at+second+2
	switch length := phpassLengths[name]; {
	case length > 0:
		return exactRun(in, at, body, length)
	case name[1] == '2' && len(name) == len("$2b$"):
		if cost := body + len("12$"); cost <= len(in) && in[cost-1] == '$' && text.Digits.End(in, body) == cost-1 {
			return exactRun(in, at, cost, at+bcrypt-cost)
		}
		return at
	}
	// The parts in front of the hash are the rounds, if they are told, and the salt.
	const maxParts, maxPart = 3, 128
	for range maxParts {
		if end = exactRun(in, at, body, cryptLengths[name]); end > at {
			return end
		}
		dollar := strings.IndexByte(in[body:min(len(in), body+maxPart)], '$')
		if dollar < 0 || cryptLengths[name] == 0 {
			return at
		}
		body += dollar + 1
	}
	return at
}

// exactRun returns the end of so many characters of a hash, or the place. A full stop
// behind them may end a sentence.
func exactRun(in string, at, body, length int) int {
	end := body + length
	if run := crypt64.EndWithin(in, body, length+1); length == 0 || run < end || run > end && in[end] != '.' || !isRandom(in[body:end], length) {
		return at
	}
	return end
}
