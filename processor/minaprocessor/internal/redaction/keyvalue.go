package redaction

import (
	"slices"
	"strings"
)

// sensitiveKey names what a key, and not the form of a value, has found.
const sensitiveKey = "sensitive_key"

// newKeyRule returns the rule that finds the values of sensitive keys inside a
// text: password=…, "token": "…", 'secret' => '…', Authorization: Bearer …
func newKeyRule(phrases []string, action Action) *rule {
	return &rule{name: sensitiveKey, anchors: anchorsOf(phrases), match: matchSensitive, action: action}
}

// assignment is a key in a text and where its value begins.
type assignment struct {
	key string
	// unescaped is the key without its first letter, where that may belong to an
	// escape: \npassword=…, but C:\token=…
	unescaped string
	value     int
	// prose says that the operator is one that prose has too, and field that the key
	// is in a list whose members end in a semicolon.
	prose, field bool
	// tag says that the value is in an element of XML.
	tag bool
}

// matchSensitive finds the value of a key that the word at a place is in.
func matchSensitive(s *scanner, at int) (start, end int, found bool) {
	a, ok := s.assignmentAt(at)
	if !ok || a.value < s.covered {
		return 0, 0, false // it is part of a value that goes anyway
	}
	r := s.ruleForKey(a.key)
	if r == nil && a.unescaped != "" {
		r = s.ruleForKey(a.unescaped)
	}
	if r == nil {
		return 0, 0, false
	}
	start, end = s.valueAt(a)
	if end <= start || s.kept(s.text[start:end], a.prose && s.text[start-1] == ' ') {
		return 0, 0, false
	}
	s.covered = end
	s.hit(r, start, end)
	return 0, 0, false
}

// matchGeneric finds the value of a key that only looks as if it were sensitive.
func matchGeneric(s *scanner, at int) (start, end int, found bool) {
	a, ok := s.assignmentAt(at)
	if !ok || a.value < s.covered || !isSecretName(a.key) || s.keyWords.allowed[a.key] {
		return 0, 0, false
	}
	start, end = s.valueAt(a)
	if a.prose && strings.EqualFold(a.key[strings.LastIndexByte(a.key, ' ')+1:], "pass") && s.text[start-1] == ' ' {
		return 0, 0, false // PASS: TestLogin/ipv6
	}
	if !isSecretValue(judged(s.text[start:end])) || s.isPlaceholder(s.text[start:end]) {
		return 0, 0, false
	}
	s.covered = end
	return start, end, true
}

// judged is what a value is judged by: its beginning, up to what is not ASCII, so
// that what follows does not make it look less random.
func judged(value string) string {
	value = value[:min(len(value), maxJudged)]
	if i := strings.IndexFunc(value, func(c rune) bool { return c >= 0x80 }); i >= minGeneric {
		return value[:i]
	}
	return value
}

// isSecretValue reports whether a value is long enough and as random as a secret.
func isSecretValue(value string) bool {
	return len(value) >= minGeneric && strings.ContainsAny(value, "0123456789") && strings.IndexFunc(value, isASCIILetter) >= 0 && entropy(value) >= minSecretEntropy
}

func isASCIILetter(c rune) bool { return c < 0x80 && isLetter(byte(c)) }

// What a secret has at least that only its name gives away: characters, and bits a
// character. By the first maxJudged bytes a long one is judged.
const (
	minGeneric       = 8
	minSecretEntropy = 2.75
	maxJudged        = 40
)

// secretEndings end the last word of a name that is one of a secret, and keyKinds
// are in front of the word key.
var (
	secretEndings = []string{"passwd", "pswd", "pwd", "secret", "token", "apikey", "creds", "cred", "signature", "pass"}
	otherEndings  = []string{"bypass", "compass", "trespass", "surpass", "encompass", "underpass", "overpass", "sacred"}
	keyKinds      = []string{"signing", "encryption", "decryption", "master", "license", "storage", "shared", "ssh", "deploy", "hmac", "webhook", "service", "account", "cipher", "aes", "rsa", "root", "app", "auth", "integration"}
)

func isSecretName(key string) bool {
	words := splitWords(nil, key)
	if len(words) == 0 {
		return false
	}
	last := word(words[len(words)-1])
	if kind, isKey := strings.CutSuffix(last, "key"); isKey {
		if kind == "" && len(words) > 1 {
			kind = word(words[len(words)-2])
		}
		return hasSuffix(kind, keyKinds)
	}
	return hasSuffix(last, secretEndings) && !hasSuffix(last, otherEndings)
}

// hasSuffix reports whether a text ends in one of several.
func hasSuffix(text string, suffixes []string) bool {
	return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(text, suffix) })
}

// assignmentAt returns the key that the word at a place belongs to, with what
// stands between it and its value: = : => := and the like, the comma of a pair
// ('key', 'value'), the blank behind an option --key, the end of a tag <key>.
func (s *scanner) assignmentAt(at int) (a assignment, found bool) {
	const maxWords, maxBlanks = 2, 3
	text := s.text
	end := nameChars.end(text[:min(len(text), at+maxKeyLen)], at)
	for words := 0; ; words++ {
		i := end
		for i < len(text) && text[i] == '\\' {
			i++
		}
		quoted := i < len(text) && (text[i] == '"' || text[i] == '\'')
		if quoted {
			i++
		} else {
			i = end
		}
		for i < len(text) && text[i] == ' ' && i-end < maxBlanks {
			i++
		}
		if i >= len(text) {
			return a, false
		}
		operator := i
		switch c := text[i]; {
		case c == '=' || c == ':':
			a.value = i + 1
		case c == ',' && quoted && isPair(text, end, i):
			a.value = i + 1
		case c == '>' && i == end && isTag(text, end):
			a.value = i + 1
			a.tag = true
		case !quoted && text[end] == ' ' && words == 0 && isOption(text, end):
			operator, a.value = end, end+1
		default:
			// "card number:" goes on with another word.
			if words == maxWords || text[end] != ' ' || end+1 >= len(text) || !nameChars[text[end+1]] || end-at > maxKeyLen {
				return a, false
			}
			end = nameChars.end(text[:min(len(text), end+maxKeyLen)], end+1)
			continue
		}
		a.key, found = keyBefore(text, end)
		if first := end - len(a.key); found && first > 0 && escaped(text, first+1) {
			a.unescaped = a.key[1:]
		}
		a.prose = text[operator] == ':' || text[operator] == '='
		a.field = strings.HasSuffix(strings.TrimRight(text[:nameStart(text, end)], " "), ";")
		for a.value < len(text) && (text[a.value] == '=' || text[a.value] == '>' || text[a.value] == ' ' || text[a.value] == '\t') && !a.tag {
			a.value++
		}
		return a, found
	}
}

// isPair reports whether a quoted key and the comma behind it begin a pair:
// ('key', 'value').
func isPair(text string, end, comma int) bool {
	start := nameStart(text, end)
	if start < 2 || text[start-1] != text[end] || text[start-2] != '(' {
		return false
	}
	value := strings.TrimLeft(text[comma+1:min(len(text), comma+4)], " b")
	return value != "" && (value[0] == '"' || value[0] == '\'')
}

// isTag reports whether a name is that of a start tag.
func isTag(text string, end int) bool {
	start := nameStart(text, end)
	return start > 0 && (text[start-1] == '<' || text[start-1] == ':' && start > 1)
}

// isOption reports whether a name is an option of a command line.
func isOption(text string, end int) bool {
	start := nameStart(text, end)
	return strings.HasPrefix(text[start:end], "--") && end+1 < len(text) && text[end+1] != '-' && text[end+1] != ' '
}

func nameStart(text string, end int) int {
	start := end
	for start > 0 && end-start < maxKeyLen && nameChars[text[start-1]] {
		start--
	}
	return start
}

// keyBefore returns the key that ends at a place: a name, with up to two words in
// front of it.
func keyBefore(text string, end int) (string, bool) {
	start, blanks := end, 0
	for start > 0 && end-start < maxKeyLen {
		c := text[start-1]
		if c == ' ' && start < end && text[start] != ' ' && blanks < 2 {
			blanks++
		} else if !nameChars[c] {
			break
		}
		start--
	}
	if start > 0 && text[start-1] == '[' {
		if m := strings.IndexByte(text[start:end], 'm'); m >= 0 && colored(text, start+m) {
			start += m + 1
		}
	}
	key := strings.TrimLeft(text[start:end], " .-")
	return key, key != ""
}

// ruleForKey judges a key in a text, where the words before the key may or may not
// belong to it: those must only make up a phrase that reaches to its end.
func (s *scanner) ruleForKey(key string) *rule {
	name := key[strings.LastIndexByte(key, ' ')+1:]
	if r := s.textKeys.Find(name).Known; r != nil {
		if name == key {
			return r
		}
		s.words = splitWords(s.words[:0], key)
		if s.keyWords.excepted(s.words, len(s.words)-1) {
			return nil
		}
		return r
	}
	for name != key {
		before := strings.LastIndexByte(key[:len(key)-len(name)-1], ' ') + 1
		name = key[before:]
		s.words = splitWords(s.words[:0], name)
		if len(s.words) == 0 {
			continue
		}
		for _, p := range s.keyWords.phrases[word(s.words[0])] {
			if len(p.words) == len(s.words) && p.at(s.words, 0) {
				return p.rule
			}
		}
	}
	return nil
}

// valueAt returns the value of an assignment, without its quotes.
func (s *scanner) valueAt(a assignment) (start, end int) {
	text, at := s.text, a.value
	if at >= len(text) {
		return at, at
	}
	if a.tag {
		if i := strings.IndexByte(text[at:], '<'); i >= 0 {
			return at, at + i
		}
		return at, plainEnd(text, at)
	}
	switch c := text[at]; {
	case c == '"' || c == '\'':
		return at + 1, closingQuote(text, at+1, text[at:at+1])
	case c == '\\':
		quote := at
		for quote < len(text) && text[quote] == '\\' {
			quote++
		}
		if quote < len(text) && (text[quote] == '"' || text[quote] == '\'') {
			return quote + 1, closingQuote(text, quote+1, text[at:quote+1])
		}
	case (c == 'b' || c == 'r' || c == 'u' || c == 'f') && at+1 < len(text) && (text[at+1] == '"' || text[at+1] == '\''):
		return at + 2, closingQuote(text, at+2, text[at+1:at+2])
	case c == '{' || c == '[' || c == '(':
		end = closingBracket(text, at)
		if more := plainEnd(text, end); strings.Trim(text[end:more], ".") != "" {
			end = more
		}
		return at, end
	}
	switch {
	case isHeader(a.key):
		return at, headerEnd(text, at)
	case a.field:
		return at, fieldEnd(text, at)
	case hasSuffixFold(a.key, "diagnosis") || hasSuffixFold(a.key, "passphrase"):
		return at, wordsEnd(text, at)
	}
	if at < s.plain.start || at >= s.plain.end {
		s.plain.start, s.plain.end = at, plainEnd(text, at)
	}
	end = s.plain.end
	if isSourceLine(text, at) && isExpression(text, at, end) {
		return at, at
	}
	return at, end
}

// closingQuote returns where a string ends, or the end of the text.
func closingQuote(text string, at int, quote string) int {
	for i := at; i < len(text); i++ {
		if strings.HasPrefix(text[i:], quote) {
			return i
		}
		if text[i] == '\\' && len(quote) == 1 {
			i++
		}
	}
	return len(text)
}

// closingBracket returns the end of a container, or of the text.
func closingBracket(text string, at int) int {
	depth := 0
	for i := at; i < len(text); i++ {
		switch c := text[i]; c {
		case '"', '\'':
			i = closingQuote(text, i+1, string(c))
		case '{', '[', '(':
			depth++
		case '}', ']', ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

var (
	valueEnds = newCharset(" \t\r\n,;&)]}<>\"'`|\\")
	closers   = newCharset(")]}")
)

// plainEnd returns the end of a value without quotes.
func plainEnd(text string, at int) int {
	end := at
	for end < len(text) {
		c := text[end]
		switch {
		case !valueEnds[c]:
		case c == '\\' && !escapeAt(text, end) && (end+1 == len(text) || text[end+1] != '"' && text[end+1] != '\'' && text[end+1] != '\\'):
		case closers[c] && end > at && end+1 < len(text) && isAlnum(text[end+1]): // it is inside: ab)cd
		default:
			return sentenceEnd(text, at, end)
		}
		end++
	}
	return sentenceEnd(text, at, end)
}

// sentenceEnd leaves out a full stop that ends the sentence, and not the value.
func sentenceEnd(text string, at, end int) int {
	for end > at+1 && text[end-1] == '.' && (end == len(text) || isSpace(text[end])) {
		end--
	}
	return end
}

// wordsEnd returns the end of a value that has several words.
func wordsEnd(text string, at int) int {
	end := plainEnd(text, at)
	for end+1 < len(text) && text[end] == ' ' && !valueEnds[text[end+1]] && text[end-1] != '.' {
		end = plainEnd(text, end+1)
	}
	return end
}

// fieldEnd returns the end of a value in a list with semicolons, as in the
// connection strings of ODBC, where blanks belong to it.
func fieldEnd(text string, at int) int {
	const maxField = 256
	end := plainEnd(text, at)
	if i := strings.IndexAny(text[end:min(len(text), at+max(maxField, end-at))], ";\"'\r\n\\"); i >= 0 && text[end+i] == ';' {
		return end + i
	}
	return end
}

// isSourceLine reports whether a place is in a line of source that a traceback
// shows: it is indented by four, and a line with the name of the file is above it.
func isSourceLine(text string, at int) bool {
	const maxLine, maxLines = 512, 6
	end := at
	for range maxLines {
		window := max(0, end-maxLine)
		start := window + strings.LastIndexByte(text[window:end], '\n') + 1
		if start == window && window > 0 {
			return false
		}
		line := text[start:end]
		if strings.HasPrefix(line, "  File ") {
			return true
		}
		if !strings.HasPrefix(line, "    ") || start == 0 {
			return false
		}
		end = start - 1
	}
	return false
}

// isExpression reports whether what stands for a value in a line of source only
// names it: get_token(…), self.token, os.environ[…].
func isExpression(text string, at, end int) bool {
	if end < len(text) && (text[end] == '(' || text[end] == '[') {
		return true
	}
	value := text[at:end]
	if i := strings.IndexAny(value, "(["); i > 0 {
		value = value[:i]
	}
	for i := range len(value) {
		if c := value[i]; !isLetter(c) && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// isHeader reports whether the key is an HTTP header whose value has several words.
func isHeader(key string) bool {
	key = key[strings.LastIndexByte(key, ' ')+1:]
	return hasSuffixFold(key, "cookie") || hasSuffixFold(key, "authorization")
}

func hasSuffixFold(text, suffix string) bool {
	return len(text) >= len(suffix) && strings.EqualFold(text[len(text)-len(suffix):], suffix)
}

// headerEnd returns the end of a header's value: that of the line, or of the
// string that the header stands in.
func headerEnd(text string, at int) int {
	scheme := plainEnd(text, at)
	if strings.EqualFold(text[at:scheme], "digest") { // RFC 7616: name="value", …
		return lineEnd(text, at)
	}
	end := scheme
	for end < len(text) && strings.IndexByte("\r\n\"'`", text[end]) < 0 && !escapeAt(text, end) && !strings.HasPrefix(text[end:], `\"`) {
		if text[end] == ',' || text[end] == ')' || text[end] == '}' || text[end] == ']' {
			break
		}
		if text[end] == ' ' && end > scheme && !isCookieOrScheme(text[at:end]) {
			break
		}
		end++
	}
	return max(end, scheme)
}

func lineEnd(text string, at int) int {
	for at < len(text) && text[at] != '\r' && text[at] != '\n' && !escapeAt(text, at) {
		at++
	}
	return at
}

// isCookieOrScheme reports whether a header's value goes on behind a blank: behind
// a cookie, or behind the scheme of an Authorization header.
func isCookieOrScheme(value string) bool {
	return strings.HasSuffix(value, ";") || strings.IndexByte(value, ' ') < 0
}

// states say something about a secret in prose, and are none: "token: expired".
var states = func() map[string]bool {
	list := map[string]bool{}
	for _, name := range strings.Fields("absent accepted allowed authenticated available bad blocked cannot changed cleared closed complete created deleted denied disabled does empty enabled " +
		"ended error expired expires failed failure found has hidden ignored incorrect invalid is loaded locked mismatch missing must needed no none not off ok on opened optional " +
		"outdated passed pending present ready refreshed rejected removed renewed required reset revoked rotated rotating saved sent set should skipped started success successful " +
		"succeeded too unauthorized unavailable unchanged unknown unset updated used valid validated verified was will wrong yes") {
		list[name] = true
	}
	return list
}()

// kept reports whether a value says nothing.
func (s *scanner) kept(value string, prose bool) bool {
	switch value {
	case "null", "None", "true", "false", "True", "False", "nil", "undefined":
		return true
	}
	if prose && states[strings.ToLower(strings.TrimRight(value, ".!"))] {
		return true
	}
	return strings.Trim(value, "*") == "" || s.isPlaceholder(value)
}
