package corpus

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExamplesSayWhatGoesAndWhatStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	for line, want := range map[string]Example{
		"+ all":              {Text: "all", Secrets: []string{"all"}, Around: []string{"", ""}},
		"+ a=⟨b⟩":            {Text: "a=b", Secrets: []string{"b"}, Around: []string{"a=", ""}},
		"+ ⟨b⟩ c":            {Text: "b c", Secrets: []string{"b"}, Around: []string{"", " c"}},
		"+ a=⟨b⟩&c=⟨d⟩&e":    {Text: "a=b&c=d&e", Secrets: []string{"b", "d"}, Around: []string{"a=", "&c=", "&e"}},
		"+ a=‹F('›⟨b⟩‹')› c": {Text: "a=F('b') c", Secrets: []string{"b"}, Around: []string{"a=", " c"}},
		"+ a=‹F(›⟨b⟩‹, ›⟨c⟩‹)›": {Text: "a=F(b, c)", Secrets: []string{"b", "c"}, Around: []string{"a=", ""}},
		`+ "a=⟨b⟩\n"`:          {Text: "a=b\n", Secrets: []string{"b"}, Around: []string{"a=", "\n"}},
		`+ {"a": "⟨b⟩"}`:       {Text: `{"a": "b"}`, Secrets: []string{"b"}, Around: []string{`{"a": "`, `"}`}},
		"- a=b":                {Text: "a=b"},
		"# nothing\n\n- `a\\`": {Text: `a\`},
		"- 'a'":                {Text: "'a'"},
	} {
		require.NoError(t, os.WriteFile(path, []byte(line+"\n"), 0o600))
		got, err := ReadExamples(path)
		require.NoError(t, err)
		assert.Equal(t, []Example{want}, got, line)
	}
	require.NoError(t, os.WriteFile(path, []byte("- a\n?\n"), 0o600))
	_, err := ReadExamples(path)
	assert.EqualError(t, err, path+`:2: a line must begin with "+ ", "- " or "#"`)
}
