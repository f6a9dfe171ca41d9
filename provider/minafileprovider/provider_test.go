package minafileprovider

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRetrieve(t *testing.T) {
	for name, tt := range map[string]struct {
		file, text string
		want       any
		err        string
	}{
		"a configuration":             {"a.yaml", "a: b", map[string]any{"a": "b"}, ""},
		"a list":                      {"a.yml", "[a]", []any{"a"}, ""},
		"nothing":                     {"a.yaml", "", nil, ""},
		"a text in YAML":              {"a.yaml", "text", "text", ""},
		"a token that is no YAML":     {"token", "@a: b: c", "@a: b: c", ""},
		"a token with its line's end": {"token", "tok-en\r\n", "tok-en", ""},
		"a token in quotes":           {"token", "\ufeff\"tok: en\"\n", "tok: en", ""},
		"a number":                    {"number", " 4711\n", 4711, ""},
		"a map without a name":        {"configuration", "a: b\n", map[string]any{"a": "b"}, ""},
		"a certificate":               {"ca.pem", "-----BEGIN\nMII\n-----END\n", "-----BEGIN\nMII\n-----END", ""},
		"wrong indentation":           {"a.yaml", "a: b\n  c: d", nil, "a.yaml is not YAML: yaml: line 2: mapping values are not allowed in this context"},
		"a password with an asterisk": {"a.yaml", "password: *hunter2", nil, "a.yaml is not YAML: a value begins with *, which refers to an anchor in YAML: put it in quotes"},
		"several documents":           {"a.yaml", "a: b\n---\nc: d\n", nil, "a.yaml is several YAML documents, of which only the first would be read"},
		"a broken second one":         {"a.yaml", "a: b\n---\nc: [\n", nil, "a.yaml is several YAML documents"},
		"one between its marks":       {"a.yaml", "---\na: b\n...\n", map[string]any{"a": "b"}, ""},
		"nothing behind the first":    {"a.yaml", "a: b\n---\n# no more\n", map[string]any{"a": "b"}, ""},
		"nothing in front":            {"a.yaml", "---\n---\na: b\n", nil, "a.yaml is several YAML documents"},
		"nothing behind a mark":       {"a.yaml", "---\n", nil, ""},
		"a tab":                       {"a.YAML", "a:\n\tb: c", nil, "a.YAML is not YAML: yaml: line 2: found character that cannot start any token"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), tt.file)
			require.NoError(t, os.WriteFile(path, []byte(tt.text), 0o600))
			p := NewFactory().Create(confmap.ProviderSettings{})
			retrieved, err := p.Retrieve(t.Context(), "file:"+path, nil)
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			got, err := retrieved.AsRaw()
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
			require.NoError(t, p.Shutdown(t.Context()))
		})
	}
}

func TestShippedFilesAreFoundFromAnywhere(t *testing.T) {
	shipped := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(shipped, "base.yaml"), []byte("a: shipped"), 0o600))
	working := t.TempDir()
	t.Chdir(working)
	require.NoError(t, os.WriteFile("own.yaml", []byte("a: own"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(shipped, "own.yaml"), []byte("a: shipped"), 0o600))
	for name, tt := range map[string]struct{ dir, path, want string }{
		"as in the documents":       {shipped, "config/base.yaml", "shipped"},
		"by its name":               {shipped, "base.yaml", "shipped"},
		"by its whole path":         {"", filepath.Join(shipped, "base.yaml"), "shipped"},
		"the working directory's":   {shipped, "own.yaml", "own"},
		"in quotes, of an env file": {`"` + shipped + `"`, "config/base.yaml", "shipped"},
		"without the variable":      {"", "config/base.yaml", ""},
		"neither here nor there":    {shipped, "config/none.yaml", ""},
		"a whole path, not shipped": {shipped, filepath.Join(working, "base.yaml"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("MINA_CONFIG_DIR", tt.dir)
			retrieved, err := NewFactory().Create(confmap.ProviderSettings{}).Retrieve(t.Context(), "file:"+tt.path, nil)
			if tt.want == "" {
				require.ErrorContains(t, err, filepath.Base(tt.path))
				require.ErrorContains(t, err, "MINA_CONFIG_DIR")
				return
			}
			require.NoError(t, err)
			got, err := retrieved.AsRaw()
			require.NoError(t, err)
			assert.Equal(t, map[string]any{"a": tt.want}, got)
		})
	}
}

// TestAFileIsFoundBesideTheOneThatNamesIt holds "auth: ${file:auth/token.yaml}", in a file
// of another directory than the working one.
func TestAFileIsFoundBesideTheOneThatNamesIt(t *testing.T) {
	first, second, working := t.TempDir(), t.TempDir(), t.TempDir()
	for path, text := range map[string]string{
		filepath.Join(first, "base.yaml"):        "a: ${file:parts/a.yaml}",
		filepath.Join(first, "parts", "a.yaml"):  "a: first, ${file:token}",
		filepath.Join(second, "mine.yaml"):       "b: ${file:parts/b.yaml}\nc: ${file:parts/${env:MINA_PART:-c}.yaml}\nd: ${file:d.yaml}",
		filepath.Join(second, "parts", "a.yaml"): "a: second",
		filepath.Join(second, "parts", "b.yaml"): "b: second",
		filepath.Join(second, "parts", "c.yaml"): "c: second",
		filepath.Join(second, "d.yaml"):          "d: second",
		filepath.Join(working, "d.yaml"):         "d: working",
		filepath.Join(first, "parts", "token"):   "of a part\n",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	t.Chdir(working)
	resolver, err := confmap.NewResolver(confmap.ResolverSettings{
		URIs:              []string{filepath.Join(first, "base.yaml"), filepath.Join(second, "mine.yaml")},
		ProviderFactories: []confmap.ProviderFactory{NewFactory(), envprovider.NewFactory()},
		DefaultScheme:     "env",
	})
	require.NoError(t, err)
	config, err := resolver.Resolve(t.Context())
	require.NoError(t, err)
	require.NoError(t, resolver.Shutdown(t.Context()))
	assert.Equal(t, map[string]any{
		"a": map[string]any{"a": "first, of a part"}, "b": map[string]any{"b": "second"},
		"c": map[string]any{"c": "second"}, "d": map[string]any{"d": "working"},
	}, config.ToStringMap())
}

// TestATokenInsideOfAValueHasNoLineEnd holds "Bearer ${file:/run/secrets/token}".
func TestATokenInsideOfAValueHasNoLineEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(path, []byte("4711\n"), 0o600))
	retrieved, err := NewFactory().Create(confmap.ProviderSettings{}).Retrieve(t.Context(), "file:"+path, nil)
	require.NoError(t, err)
	text, err := retrieved.AsString()
	require.NoError(t, err)
	assert.Equal(t, "4711", text)
}

// TestATokenIsNotExpandedItself holds passwords with dollars.
func TestATokenIsNotExpandedItself(t *testing.T) {
	directory := t.TempDir()
	config := filepath.Join(directory, "config.yaml")
	require.NoError(t, os.WriteFile(config, []byte("a: ${file:token}\nb: user:${file:token}"), 0o600))
	for _, token := range []string{"a$b", "a$$b", "${env:HOME}", "a${b", "$"} {
		require.NoError(t, os.WriteFile(filepath.Join(directory, "token"), []byte(token+"\n"), 0o600))
		resolver, err := confmap.NewResolver(confmap.ResolverSettings{URIs: []string{config}, ProviderFactories: []confmap.ProviderFactory{NewFactory(), envprovider.NewFactory()}})
		require.NoError(t, err)
		resolved, err := resolver.Resolve(t.Context())
		require.NoError(t, err)
		require.NoError(t, resolver.Shutdown(t.Context()))
		assert.Equal(t, map[string]any{"a": token, "b": "user:" + token}, resolved.ToStringMap())
	}
}

func TestAMissingFileIsNamed(t *testing.T) {
	_, err := NewFactory().Create(confmap.ProviderSettings{}).Retrieve(t.Context(), "file:missing.yaml", nil)
	require.ErrorContains(t, err, "missing.yaml")
}

func FuzzRetrieve(f *testing.F) {
	f.Add("a: b", "a.yaml")
	f.Fuzz(func(t *testing.T, text, name string) {
		path := filepath.Join(t.TempDir(), filepath.Base(filepath.Clean("/"+name)))
		if os.WriteFile(path, []byte(text), 0o600) != nil {
			t.Skip()
		}
		_, _ = NewFactory().Create(confmap.ProviderSettings{}).Retrieve(t.Context(), "file:"+path, nil)
	})
}
