package destination

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxPrinted is how much of an answer is printed, in bytes.
	maxPrinted = 300
	// minSecret is how long a secret must be to be looked for in texts.
	minSecret = 6
	hidden    = "[secret]"
)

var (
	addresses = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://[^\s"'<>]+`)
	// hostName is what may be shown of an address that is no URL. Tokens have
	// capitals, underscores, or no dot.
	hostName = regexp.MustCompile(`^(localhost|[a-z0-9-]{1,40}(\.[a-z0-9-]{1,40}){1,5}|\[[0-9a-f:]+\])(:[0-9]{1,5})?$`)
	// word is a part of a path that is no token, such as "ingest" in /ingest/v1/logs.
	word = regexp.MustCompile(`^[a-z]{1,13}$`)
)

// ShownAddress returns what may be shown of an address that may be malformed and hold
// a token anywhere but in its host: that there is a path or a query, and not which.
func ShownAddress(address string) string {
	scheme, rest, isURL := strings.Cut(address, "://")
	if !isURL {
		scheme, rest = "", address
	} else if scheme = strings.ToLower(scheme) + "://"; len(scheme) > 8 || !word.MatchString(scheme[:len(scheme)-3]) {
		scheme = "…://"
	}
	host, behind := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host, behind = rest[:i], rest[i:]
	}
	if i := strings.LastIndex(host, "@"); i >= 0 {
		host = host[i+1:]
	}
	if host != "" && !hostName.MatchString(host) {
		host = "…"
	}
	switch {
	case strings.Trim(behind, "/") == "":
		return scheme + host + behind
	case behind[0] == '/':
		return scheme + host + "/…"
	}
	return scheme + host + behind[:1] + "…"
}

// secrets are texts that must not be printed.
type secrets []string

// secretsOf returns what of a request may be a secret: the values of its headers, and
// of its URL everything but the host and plain words of the path.
func secretsOf(request *http.Request) (all secrets) {
	add := func(text string) {
		for _, form := range formsOf(text) {
			if len(form) >= minSecret && !slices.Contains(all, form) {
				all = append(all, form)
			}
		}
	}
	for _, header := range headersOf(request) {
		for name, values := range header {
			if slices.Contains(harmless, name) || strings.HasPrefix(name, ":") {
				continue
			}
			for _, value := range values {
				secretsOfHeader(name, value, add)
			}
		}
	}
	for segment := range strings.SplitSeq(request.URL.Path, "/") {
		if !word.MatchString(segment) {
			add(segment)
		}
	}
	for _, values := range request.URL.Query() {
		for _, value := range values {
			add(value)
		}
	}
	add(request.URL.RawQuery)
	if user := request.URL.User; user != nil {
		add(user.Username())
		password, _ := user.Password()
		add(password)
	}
	// The longest first: one may hold another.
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return all
}

// secretsOfHeader finds what an answer may quote of a header: the whole value, its words,
// and the values in them.
func secretsOfHeader(name, value string, add func(string)) {
	add(value)
	words := strings.Fields(value)
	if (strings.HasSuffix(name, "Authorization") || name == "X-Sentry-Auth") && len(words) > 1 {
		words = words[1:] // "Bearer" is no secret
	}
	for _, word := range words {
		add(word)
		add(strings.TrimRight(word, "="))
		for part := range strings.SplitSeq(word, ",") {
			if _, assigned, ok := strings.Cut(part, "="); ok && strings.Trim(assigned, "=") != "" {
				part = assigned
			}
			add(part)
			key, _, _ := strings.Cut(part, "/") // of AWS, in front of the day and the region
			add(key)
		}
		user, password, _ := strings.Cut(decoded(word), ":")
		add(user + ":" + password)
		add(user)
		add(password)
	}
}

// harmless are headers without secrets, whose values are words of any answer.
var harmless = []string{
	"Accept", "Accept-Encoding", "Connection", "Content-Type", "Content-Encoding", "Content-Length", "Host", "Transfer-Encoding", "Traceparent", "User-Agent",
	"X-Amz-Date", "X-Aws-Log-Group", "X-Aws-Log-Stream",
}

// decoded returns the text of a Basic authorization, or nothing.
func decoded(value string) string {
	value = strings.TrimRight(value, "=")
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if text, err := encoding.DecodeString(value); err == nil && utf8.Valid(text) && bytes.IndexByte(text, ':') >= 0 {
			return string(text)
		}
	}
	return ""
}

// formsOf returns a text as answers in a URL, in JSON and in HTML quote it.
func formsOf(text string) []string {
	forms := []string{text, url.QueryEscape(text), url.PathEscape(text), html.EscapeString(text)}
	if quoted, err := json.Marshal(text); err == nil {
		forms = append(forms, string(quoted[1:len(quoted)-1]))
	}
	for _, quoted := range []string{strconv.Quote(text), strconv.QuoteToASCII(text)} {
		forms = append(forms, quoted[1:len(quoted)-1])
	}
	return forms
}

// scrub returns the beginning of a text on one line, without secrets and without more
// of a URL than its host.
func (s secrets) scrub(text string) string {
	for _, secret := range s {
		text = strings.ReplaceAll(text, secret, hidden)
	}
	text = addresses.ReplaceAllStringFunc(text, ShownAddress)
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxPrinted {
		text = strings.ToValidUTF8(text[:maxPrinted], "") + "…"
	}
	return text
}

// scrubbed is an error under another text.
type scrubbed struct {
	text string
	err  error
}

func (s *scrubbed) Error() string { return s.text }
func (s *scrubbed) Unwrap() error { return s.err }

// scrubError returns an error whose text quotes no address that the HTTP client was
// given: url.Error does.
func (s secrets) scrubError(err error) error {
	cause := err
	if quoting := (*url.Error)(nil); errors.As(err, &quoting) {
		cause = quoting.Err
	}
	return &scrubbed{s.scrub(cause.Error()), err}
}
