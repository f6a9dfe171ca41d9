package pyformat

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAppendString(t *testing.T) {
	for text, want := range map[string]string{
		"":             `''`,
		"ana":          `'ana'`,
		"it's":         `"it's"`,
		`say "it"`:     `'say "it"'`,
		`it's "`:       `'it\'s "'`,
		"a\n\t\r\\":    `'a\n\t\r\\'`,
		"\x00\x1b\x7f": `'\x00\x1b\x7f'`,
		"é":            `'é'`,
	} {
		got := string(AppendString(nil, text))
		assert.Equal(t, want, got)
		literal, ok := Parse(got)
		require.True(t, ok)
		assert.Equal(t, text, literal.Text)
	}
}
