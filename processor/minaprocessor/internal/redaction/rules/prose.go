package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// hidesIn reports whether the value goes that an assignment in a text has: it may be prose,
// or no assignment at all.
func (v Verdict) hidesIn(in string, a text.Assignment, start, end int) bool {
	value := in[start:end]
	if isRole(in, a) || isReference(a.Name, in[a.Value:]) {
		return false
	}
	if start == a.Value { // it has no quotes
		switch {
		case v.kind.inQuery:
			return isInQuery(in, a, end) && v.hides(value)
		case a.Prose && in[start-1] == ' ' && v.isProse(in, a, start, end), isPlace(in, a, value), isParameter(value):
			return false
		case isTemplateIn(in, start, end), strings.Trim(firstWord(value), "-") == "", isObject(value):
			return false
		}
	}
	return v.Hides(value) || v.hasStrings(value)
}

// looksInto reports whether a value is in brackets, and what is in them is judged by itself.
func (v Verdict) looksInto(in string, a text.Assignment) bool {
	if a.Value >= len(in) || !v.kind.walked {
		return false
	}
	switch in[a.Value] {
	case '{':
		return true
	case '[', '(':
		return v.kind.hides != nil
	}
	return false
}

// tokensIn returns where in brackets the tokens are that go, from the first to the last. Of
// what has names, these may say it.
func (v Verdict) tokensIn(c *text.Cursor, at int) (start, end int) {
	const farthest = 256
	in := c.Text
	switch {
	case in[at] == '{':
		return membersIn(c, at)
	case v.hasStrings(in[at:min(len(in), at+maxTemplate)]):
		return lastString(in, at, min(len(in), at+farthest))
	}
	for i := at + 1; i < min(len(in), at+farthest) && strings.IndexByte(")]}\n", in[i]) < 0; i++ {
		next := tokenChars.EndWithin(in, i, maxTemplate)
		if next == i || !v.hides(in[i:next]) {
			i = max(i, next-1)
			continue
		}
		if end == 0 {
			start = i
		}
		i, end = next-1, next
	}
	return start, end
}

// isRole reports whether an assignment is a role of reStructuredText: :token:`expression`.
func isRole(in string, a text.Assignment) bool {
	colon := strings.LastIndexByte(in[:a.Value], ':')
	before := colon - len(lastWord(a.Name)) - 1
	return before >= 0 && in[before] == ':' && strings.HasPrefix(in[colon:], ":`")
}

// lastString returns the last string of a tuple: auth=('bo', '…').
func lastString(in string, at, limit int) (start, end int) {
	for i := at + 1; i < limit && in[i] != ')' && in[i] != '\n'; i++ {
		if in[i] != '"' && in[i] != '\'' {
			continue
		}
		closing := strings.IndexByte(in[i+1:limit], in[i])
		if closing < 0 {
			return i + 1, limit
		}
		start, end = i+1, i+1+closing
		i = end
	}
	return start, end
}

// endIn returns the end of a value: that of a session ends where the query of its URL begins.
func (v Verdict) endIn(in string, start, end int) int {
	if v.kind == numbered && start < end {
		if i := strings.IndexByte(in[start:end], '?'); i > 0 {
			return start + i
		}
	}
	return end
}

// lastWord returns the word of a name in prose that is next to the operator.
func lastWord(name string) string { return name[strings.LastIndexByte(name, ' ')+1:] }

// states say something about a secret in prose, and are none: "token: expired".
var states = wordSet(`absent accepted allowed authenticated available bad blocked cannot changed cleared closed complete configured created deleted denied disabled does empty enabled
	ended error expired expires failed failure found has hidden ignored incorrect invalid is loaded locked mismatch missing must needed no none not off ok on opened optional
	outdated passed pending present ready refreshed rejected removed renewed required reset revoked rotated rotating saved sent set should skipped started success successful
	succeeded too unauthorized unavailable unchanged unknown unset updated used valid validated verified was will wrong yes`)

// openings begin a sentence behind a colon: "token: signature has expired".
var openings = wordSet(`a all an another any argument at authentication authorization base64 both check connection context could credentials data deadline decoding did due each either
	empty encoding end enter ensure every exactly expected field file for format from function given header identifier if illegal in insufficient internal it its length line link login
	malformed may method more name null number object one only operation padding parameter parse parsing password permission please provide provided remote request requests response
	segment server service signature some something string that the there these they this those timed timeout to tokens two type unable unexpected unrecognized unsupported use
	user username value values verification we when while with you your
	get post put patch delete open read write dial rpc refreshing creation still
	can't longer max maximum min minimum passwords shorter`)

// concerns are what a message about a field is about: "Too short", "Invalid token".
var concerns = wordSet(`be blank character characters code contain credentials csrf digit digits field fields format header key length long match null number password passwords short
	string than token tokens too type value values weak`)

// errorSources are what an error begins with that another one has in it.
var errorSources = wordSet("oauth2 asn1 jwt rpc grpc x509 tls pem http json yaml sql open dial eof")

// verbs follow what a sentence is about.
var verbs = wordSet(`missing has have had is are was were must may might should could can cannot does did will would not of`)

// isProse reports whether what stands behind a name and a blank goes on with the sentence.
func (v Verdict) isProse(in string, a text.Assignment, start, end int) bool {
	value := in[start:end]
	if isState(value) || strings.EqualFold(lastWord(a.Name), "pass") && !hasToken(value, minSecretLen, manyTurns) { // PASS: TestLogin
		return true
	}
	if v.kind.narrated {
		return false
	}
	word, rest := cutWord(in[start:])
	next, _ := cutWord(rest)
	switch lower := strings.ToLower(word); {
	case states[lower]:
		return true
	case next == "" || !isColon(in, start):
		return false
	case errorSources[lower] && strings.HasPrefix(in[start+len(word):], ": ") || strings.HasPrefix(lower, "pam_"):
		return true
	case lower == "token" || lower == "key": // Authorization: token …
		return !strings.ContainsAny(next, "0123456789")
	case text.Digits.End(word, 0) == len(word): // pin: 4 digits, token: 3 of 10
		return next == "of" || len(word) <= 2 && text.IsLower(next[0])
	case openings[lower]:
		return true
	default:
		return verbs[next] && identifierChars.End(lower, 0) == len(lower)
	}
}

func isState(value string) bool { return states[strings.ToLower(strings.TrimRight(value, ".!"))] }

// cutWord returns the first word of a line, and what is behind it.
func cutWord(in string) (word, rest string) {
	const longest = 24
	in = in[:min(len(in), 2*longest)]
	end := strings.IndexAny(in, " \r\n")
	if end < 0 {
		return strings.TrimRight(in, ".,;:!"), ""
	}
	if in[end] == ' ' {
		rest = in[end+1:]
	}
	return strings.TrimRight(in[:end], ".,;:!"), rest
}

func firstWord(value string) string {
	word, _, _ := strings.Cut(value, " ")
	return word
}

// isTemplateIn reports whether a value is a template, of which it may not have all.
func isTemplateIn(in string, start, end int) bool {
	in = in[start:min(len(in), start+maxTemplate)]
	rest := withoutScheme(in)
	if rest == "" {
		return false
	}
	n := templateEnd(rest)
	return n > 0 && (n+len(in)-len(rest) >= end-start || strings.HasPrefix(rest[n:], "::")) // $1::VARCHAR
}

// isColon reports whether the operator before a value is a colon.
func isColon(in string, start int) bool {
	return strings.HasSuffix(strings.TrimRight(in[:start], " "), ":")
}

// isReference reports whether an expression in source only names a value: self.token,
// get_token(request), request.headers['X-Token'], config('SECRET_KEY'), and of what is called
// the same, password.
func isReference(name, in string) bool {
	const longest = 64
	end := pathChars.EndWithin(in, 0, longest)
	if end == 0 || in[0] == '.' {
		return false
	}
	path, rest := in[:end], in[end:min(len(in), end+maxTemplate)]
	last := path[strings.LastIndexByte(path, '.')+1:]
	switch {
	case rest != "" && rest[0] == '(':
		arguments, _, _ := strings.Cut(rest[1:], ")")
		owner, _, _ := strings.Cut(path, ".")
		switch {
		case strings.ContainsAny(arguments, `"'`):
			isMethod := len(owner) < len(path) && last != "" && text.IsLower(last[0]) // password.encode('utf-8')
			return getters[strings.ToLower(firstOfWords(last))] || isMethod && isSame(owner, lastWord(name)) || isSame(strings.Trim(arguments, `"'`), lastWord(name))
		case owners[owner]:
			return true
		}
		return text.IsLower(path[0]) && (len(path) > len(last) || strings.Contains(last, "_") || arguments == "") && !strings.ContainsAny(arguments, "0123456789")
	case len(rest) > 1 && rest[0] == '[' && (rest[1] == '"' || rest[1] == '\''):
		return !text.IsUpper(path[0])
	case rest != "" && text.IsAlnum(rest[0]):
		return false
	case path == strings.TrimPrefix(name, "self."):
		return true
	}
	owner, _, isMember := strings.Cut(path, ".")
	return isMember && (owners[owner] || isSame(last, lastWord(name)))
}

var (
	pathChars = text.NewCharset("A-Za-z_.$")
	getters   = wordSet("get getenv read load fetch find from pop lookup split strip removeprefix removesuffix partition")
	owners    = wordSet("self this settings config cfg args opts options request req form os sys")
)

// firstOfWords returns the first word of a name of source: getItem is get, item.
func firstOfWords(name string) string {
	var list [maxWords]string
	if words := text.SplitWords(list[:0], name); len(words) > 0 {
		return words[0]
	}
	return ""
}

// isSame reports whether two names are spellings of one.
func isSame(one, other string) bool { return strings.EqualFold(withoutSigns(one), withoutSigns(other)) }

func withoutSigns(name string) string { return Without(name, "_-.") }

// isObject reports whether a value is what an object prints as that shows nothing:
// com.mina.Token@1b6d3586, Token{a64f992, [object Object].
func isObject(value string) bool {
	const least, most, usual = 5, 16, 7
	if strings.HasPrefix(value, "[object ") {
		return true
	}
	at := strings.IndexAny(value, "@{")
	if at <= 0 || classChars.End(value, 0) != at {
		return false
	}
	dot := strings.LastIndexByte(value[:at], '.')
	address := strings.TrimRight(value[at+1:], "}")
	isAlone := value[at] == '@' && dot < 0 && (len(address) < usual || strings.ContainsAny(value[:at], "0123456789")) // Passw0rd@123
	return text.IsUpper(value[dot+1]) && !isAlone && len(address) >= least && len(address) <= most && text.LowerHex.End(address, 0) == len(address)
}

var classChars = text.NewCharset("0-9A-Za-z_.$")

// isParameter reports whether a value is a parameter of SQL: :pw, @token, @p0.
func isParameter(value string) bool {
	if len(value) < 2 || value[0] != ':' && value[0] != '@' {
		return false
	}
	const maxDigits = 2
	name := identifierChars.End(value, 1)
	return name > 1 && text.Digits.EndWithin(value, name, maxDigits) == len(value)
}

// hasStrings reports whether a value is a call or tuple with strings, of which one is the
// secret: auth=HTTPBasicAuth('bo', '…').
func (v Verdict) hasStrings(value string) bool {
	opening := fieldChars.EndWithin(value, 0, maxTemplate)
	return v.kind == authLabel && opening+1 < len(value) && value[opening] == '(' && (value[opening+1] == '"' || value[opening+1] == '\'')
}

// isPlace reports whether a name and what is behind its colon are a place in source, in a
// network or a registry: token.py:31, app.auth.token:refresh:42, mina/auth:2.1.0.
func isPlace(in string, a text.Assignment, value string) bool {
	at := a.Value - 1
	if in[at] != ':' {
		return false
	}
	name := lastWord(a.Name)
	start := at - len(name)
	switch {
	case start < 0 || in[start:at] != name:
		return false
	case value[0] == ':': // std::token::Kind
		return true
	case start > 1 && in[start-1] == '/' && (in[start-2] == '/' || text.IsAlnum(in[start-2])):
		return true
	case strings.IndexByte(name, '.') > 0 && len(value) <= 5 && text.Digits.End(value, 0) == len(value):
		return true
	}
	end := a.Value + len(value)
	isInBrackets := start > 0 && in[start-1] == '(' && end < len(in) && in[end] == ')' && isWord(value) // pam_unix(gdm-password:auth)
	return isInBrackets || architectures[value] || isLine(value) || isInURN(in[:start])
}

// architectures follow the names of packages of Debian: python3-jwt:all.
var architectures = wordSet("all any native amd64 i386 arm64 armel armhf mips64el ppc64el riscv64 s390x")

// isLine reports whether a value is a function or artifact and a number: refresh:42,
// jjwt-api:0.11.5, or a version alone: 1.2.3.
func isLine(value string) bool {
	name, number, found := strings.Cut(value, ":")
	if !found {
		name, number = "", strings.TrimPrefix(value, "v")
	}
	return number != "" && text.IsDigit(number[0]) && versionChars.End(number, 0) == len(number) && (found || strings.Contains(number, ".")) &&
		functionChars.End(name, 0) == len(name)
}

var (
	versionChars  = text.NewCharset("0-9.")
	functionChars = text.NewCharset("0-9A-Za-z_.<>-")
)

// isInURN reports whether a text ends within the name of a resource: arn:aws:…
func isInURN(in string) bool {
	const longest = 128
	in = in[max(0, len(in)-longest):]
	word := in[strings.LastIndexAny(in, " \t\r\n\"'=(,[{")+1:]
	return strings.HasPrefix(word, "arn:") || strings.HasPrefix(word, "urn:")
}

// isInQuery reports whether an assignment is one in the query of a URL.
func isInQuery(in string, a text.Assignment, end int) bool {
	at := a.Value - 1
	start := at - len(a.Name)
	switch {
	case in[at] != '=' || start < 0:
		return false
	case start > 0 && (in[start-1] == '?' || in[start-1] == '&'):
		return true
	}
	return end < len(in) && in[end] == '&' && (start == 0 || in[start-1] == '"' || in[start-1] == '\'')
}

// inProse finds what stands behind a name without an operator, where it is quoted, in
// parentheses, or looks like a token: wrong password 'granite' for bo.
func (n *Names) inProse(r *Rule, c *text.Cursor, at int) (start, end int, found bool) {
	in := c.Text
	nameStart, nameEnd := wordAt(in, at)
	start, end = loneValue(in, nameEnd)
	if start >= end || c.Covered(start) {
		return 0, 0, false
	}
	value, isQuoted := in[start:end], in[start-1] == '"' || in[start-1] == '\''
	isStated := strings.Trim(in[nameEnd:start], ` "'(`) != ""
	isCode := isStated && isOneTimeCode(in[nameStart:nameEnd], value)
	if !isQuoted && !isCode && (!takesTurns(value, minSecretLen, fewTurns) || tokenChars.End(value, 0) < len(value)) {
		return 0, 0, false
	}
	v := n.InText(in[phraseStart(in, nameStart):nameEnd])
	if v.Rule != r || v.kind.walked && v.kind.hides != nil || !v.Hides(value) {
		return 0, 0, false
	}
	switch ofPassword := isPassword(in[nameStart:nameEnd]); {
	case isQuoted:
		found = ofPassword || turns(value) >= fewTurns && looksSecret(value)
	case in[start-1] == '(', isCode, ofPassword && isStated:
		found = true
	case ofPassword:
		found = turns(value) >= manyTurns
	default:
		found = takesTurns(value, minSessionLen, manyTurns)
	}
	if found {
		c.Cover(end)
	}
	return start, end, found
}

// loneValue returns what is behind a name and a blank: the inside of quotes or parentheses
// that has no blank, or a word with a digit.
func loneValue(in string, nameEnd int) (start, end int) {
	const longest = 256
	if nameEnd >= len(in) || in[nameEnd] != ' ' {
		return 0, 0
	}
	start = behindStatement(in, behindOwner(in, nameEnd+1))
	line := in[:min(len(in), start+longest)]
	if start >= len(line) {
		return 0, 0
	}
	closing := line[start]
	switch closing {
	case '(':
		closing = ')'
	case '"', '\'':
	default:
		end = start + len(strings.TrimRight(line[start:tokenChars.End(line, start)], "."))
		if !strings.ContainsAny(line[start:end], "0123456789") || strings.ContainsAny(line[start:end], "=/") {
			return 0, 0
		}
		return start, end
	}
	start++
	end = start + strings.IndexByte(line[start:], closing)
	if end <= start || strings.ContainsAny(line[start:end], " \t\r\n") {
		return 0, 0
	}
	return start, end
}

// becomes say what something is, or has become, the longest first.
var becomes = []string{
	"has been changed to", "has been reset to", "has been set to", "was changed to", "was reset to", "is changed to", "changed to", "was set to", "is set to", "reset to", "set to", "was", "is:", "is",
}

// behindStatement returns the place behind words that say what something is.
func behindStatement(in string, at int) int {
	for _, words := range becomes {
		if end := at + len(words); strings.HasPrefix(in[at:], words) && end < len(in) && in[end] == ' ' {
			return end + 1
		}
	}
	return at
}

// behindOwner returns the place behind whose password it is: for user 'ana' is …
func behindOwner(in string, at int) int {
	const longest = 48
	if owner := in[at:min(len(in), at+longest)]; strings.HasPrefix(owner, "for ") {
		for _, verb := range []string{" is ", " was ", " has been ", " set to ", " reset to ", " changed to "} {
			if i := strings.Index(owner, verb); i > 0 && !strings.ContainsAny(owner[:i], ".;,\n") {
				return at + i + 1
			}
		}
	}
	return at
}

// wordAt returns the word of a name that a place is in.
func wordAt(in string, at int) (start, end int) {
	start = at
	for start > 0 && at-start < maxTemplate && text.TokenDots[in[start-1]] {
		start--
	}
	return start, text.TokenDots.EndWithin(in, at, maxTemplate)
}

// phraseStart returns where the words begin that may be a phrase with the one at a place.
func phraseStart(in string, word int) int {
	const before = 2
	for range before {
		start := word - 1
		if start < 0 || in[start] != ' ' {
			break
		}
		for start > 0 && word-start < maxTemplate && text.TokenDots[in[start-1]] {
			start--
		}
		if start == word-1 {
			break
		}
		word = start
	}
	return word
}

var passwordWords = []string{"password", "passwd", "passphrase", "passcode", "pwd", "pin", "otp", "key"}

// isOneTimeCode reports whether a number is a code, by the last word of its name: your
// verification code is 483920.
func isOneTimeCode(name, value string) bool {
	const shortest, longest = 4, 8
	return hasSuffix(strings.ToLower(name), codeWords) && len(value) >= shortest && len(value) <= longest && text.Digits.End(value, 0) == len(value)
}

var codeWords = []string{"code", "otp", "pin"}

// isPassword reports whether a name is that of a password, and not of a thing that has a name.
func isPassword(name string) bool {
	return hasSuffix(strings.ToLower(name), passwordWords)
}
