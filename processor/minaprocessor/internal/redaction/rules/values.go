package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
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

// isSecretValue reports whether a value is long enough and as random as a secret.
func isSecretValue(value string) bool {
	return len(value) >= minSecretLen && strings.ContainsAny(value, "0123456789") && strings.IndexFunc(value, isASCIILetter) >= 0 && text.Entropy(value) >= minSecretEntropy
}

func isASCIILetter(c rune) bool { return c < 0x80 && text.IsLetter(byte(c)) }

// What a secret has at least that only its name gives away: characters, and bits a
// character. By the first maxJudged bytes a long one is judged.
const (
	minSecretLen     = 8
	minSecretEntropy = 2.75
	maxJudged        = 40
)

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

// saysNothing reports whether a value gives nothing away.
func saysNothing(value string) bool {
	switch value {
	case "null", "None", "true", "false", "True", "False", "nil", "undefined":
		return true
	}
	return strings.Trim(value, "* ") == ""
}

// isState reports whether a value in prose says what became of a secret.
func isState(value string) bool { return states[strings.ToLower(strings.TrimRight(value, ".!"))] }
