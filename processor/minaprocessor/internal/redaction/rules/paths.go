package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// pathRules find tokens that are a segment of a path.
var pathRules = []*Rule{{
	Name: "path_token", Sets: secrets,
	Finds:   "the token in the path of a link that needs no password: `/password-reset/…`, `/reset/MTc/…`, `/token/…`, `/magic-link/…`",
	Anchors: pathAnchors(),
	Match:   matchPathToken,
}}

// oneTimePaths are the segments in front of what is as good as a password, and of those that
// are also in front of what is only a number of something, a token must be random.
var oneTimePaths = []string{
	"password-reset", "password_reset", "reset-password", "reset_password", "passwordreset", "resetpassword", "magic-link", "magic_link", "magiclink", "token", "reset",
	"verify-email", "verify_email", "confirm-email", "confirm_email", "activate", "one-time", "otp",
}

func pathAnchors() (anchors []string) {
	for _, path := range oneTimePaths {
		anchors = append(anchors, "/"+path+"/")
	}
	return anchors
}

// matchPathToken finds the first random segment of the next two behind a name.
func matchPathToken(c *text.Cursor, at int) (start, end int, found bool) {
	const segments = 2
	end = at + 1 + strings.IndexByte(c.Text[at+1:], '/')
	for range segments {
		if end >= len(c.Text) || c.Text[end] != '/' {
			return 0, 0, false
		}
		start = end + 1
		end = start + len(strings.TrimRight(c.Text[start:c.RunEnd(text.TokenDots, start)], "."))
		if isPathToken(c.Text[start:end]) {
			return start, end, true
		}
	}
	return 0, 0, false
}

// isPathToken reports whether a segment is as long and as random as a token.
func isPathToken(segment string) bool {
	const minToken, floor = 16, 3
	return len(segment) >= minToken && strings.ContainsAny(segment, "0123456789") && text.Entropy(segment[:min(len(segment), maxJudged)]) >= floor &&
		strings.IndexFunc(segment, isASCIILetter) >= 0 && !strings.Contains(segment, "..") && !isVersioned(segment)
}

// isVersioned reports whether a segment is a name with words and numbers in it, such as that
// of a file or a package: mina-client-2.17.0.js.
func isVersioned(segment string) bool {
	dot := strings.LastIndexByte(segment, '.')
	return dot >= 0 && len(segment)-dot <= len(".json5") && strings.IndexFunc(segment[dot+1:], isASCIILetter) == 0
}
