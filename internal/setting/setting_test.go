package setting

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCleanLeavesWhatWasMeant(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		" \r\n\t":              "",
		"token":                "token",
		"token\n":              "token",
		"token\r\n":            "token",
		"\ttoken ":             "token",
		"\ufefftoken":          "token",
		"\u200btoken\u00a0":    "token",
		"token\x00":            "token",
		`"token"`:              "token",
		"'token'\n":            "token",
		"\"token\n\"":          "token",
		`''`:                   "",
		`"`:                    `"`,
		`"token`:               `"token`,
		`"a" and "b"`:          `"a" and "b"`,
		`'{"a": "b"}'`:         `{"a": "b"}`,
		"two words":            "two words",
		"two\nlines":           "two\nlines",
		"p\xffss":              "p\xffss",
		"Bearer token==\r\n":   "Bearer token==",
		"it's a pass'":         "it's a pass'",
		"'it's a pass'":        "'it's a pass'",
		"-----BEGIN\nEND---\n": "-----BEGIN\nEND---",
	} {
		assert.Equal(t, want, Clean(text), "%q", text)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("\"token\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		clean := Clean(text)
		require.Contains(t, text, clean)
		require.Equal(t, clean, Clean(" "+text+"\r\n"))
	})
}
