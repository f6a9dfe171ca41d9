package varprovider

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
)

func TestRetrieve(t *testing.T) {
	t.Setenv("MINA_SET", "12345")
	t.Setenv("MINA_EMPTY", "")
	t.Setenv("MINA_MAP", "a: b c")
	t.Setenv("MINA_BROKEN", "{a: ")
	t.Setenv("MINA_LIST", "[a, 'b c', 1.10]")
	t.Setenv("MINA_COMMAS", "a, b c,")
	t.Setenv("MINA_LIST_OF_MAPS", "[{a: b}]")
	t.Setenv("MINA_NEGATIVE", "-5")
	t.Setenv("MINA_BROKEN_LIST", "[a")
	t.Setenv("MINA_BLANK", " \r\n")
	t.Setenv("MINA_PASTED", "\ufeff\"to ken\"\t\r\n")
	t.Setenv("MINA_PASTED_N", "'12345'\n")
	t.Setenv("MINA_PASTED_MAP", "'{\"a\": \"b c\"}'\r\n")
	t.Setenv("MINA_LINES", "s3cret\nline")
	t.Setenv("MINA_BELL", "s3cret\a.")
	for text, want := range map[string]any{
		"var:MINA_SET:?a token":   "12345",
		"var:MINA_SET:?":          "12345",
		"var:MINA_SET:+-":         "-",
		"var:MINA_EMPTY:+-":       nil,
		"var:MINA_UNSET:+-":       nil,
		"var:MINA_SET:+a: b/c":    map[string]any{"a": "b/c"},
		"var:MINA_SET:-7":         "12345",
		"var:MINA_EMPTY:-7":       "7",
		"var:MINA_UNSET:-":        "",
		"var:MINA_BLANK:-7":       "7",
		"var:MINA_BLANK:+-":       nil,
		"var:MINA_PASTED:?":       "to ken",
		"var:MINA_PASTED:-7":      "to ken",
		"var:MINA_PASTED_N:#7":    int64(12345),
		"var:MINA_PASTED_MAP:{":   map[string]any{"a": "b c"},
		"var:MINA_SET:+a:?b:+c d": "a:?b:+c d",
		"var:MINA_SET:#7":         int64(12345),
		"var:MINA_EMPTY:#7":       int64(7),
		"var:MINA_MAP:{":          map[string]any{"a": "b c"},
		"var:MINA_UNSET:{":        nil,
		"var:MINA_LIST:[":         []any{"a", "b c", "1.10"},
		"var:MINA_COMMAS:[":       []any{"a", "b c"},
		"var:MINA_SET:[":          []any{"12345"},
		"var:MINA_EMPTY:[":        []any{},
	} {
		t.Run(text, func(t *testing.T) {
			retrieved, err := NewFactory().Create(confmap.ProviderSettings{}).Retrieve(t.Context(), text, nil)
			require.NoError(t, err)
			got, err := retrieved.AsRaw()
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
	for text, want := range map[string]string{
		"var:MINA_UNSET:?an API key, under Settings": "set the environment variable MINA_UNSET: an API key, under Settings",
		"var:MINA_MAP:#7":         "the environment variable MINA_MAP must be a whole number without a unit (got \"a: b c\")",
		"var:MINA_BROKEN_LIST:[":  "the environment variable MINA_BROKEN_LIST must be a list: [a, b], or a, b",
		"var:MINA_LIST_OF_MAPS:[": "the environment variable MINA_LIST_OF_MAPS must be a list: [a, b], or a, b",
		"var:MINA_NEGATIVE:#7":    `the environment variable MINA_NEGATIVE must be a whole number without a unit (got "-5")`,
		"var:MINA_UNSET:#":        "the environment variable MINA_UNSET must be a whole number without a unit (got \"\")",
		"var:MINA_SET:{":          `the environment variable MINA_SET must be a map in YAML or JSON: {"name": "value"}`,
		"var:MINA_BROKEN:{":       `the environment variable MINA_BROKEN must be a map in YAML or JSON: {"name": "value"}`,
		"var:MINA_EMPTY:?":        "set the environment variable MINA_EMPTY",
		"var:MINA_SET":            "${var:MINA_SET}: " + usage,
		"var:MINA_SET:=a":         "${var:MINA_SET:=a}: " + usage,
		"var:MINA_BLANK:?":        "set the environment variable MINA_BLANK",
		"var:MINA_LINES:?":        "the environment variable MINA_LINES holds a line break or another control character; it must be one line of text",
		"var:MINA_BELL:-a":        "the environment variable MINA_BELL holds a line break or another control character; it must be one line of text",
		"env:MINA_SET:?a":         "${env:MINA_SET:?a}: " + usage,
	} {
		t.Run(text, func(t *testing.T) {
			_, err := provider{}.Retrieve(t.Context(), text, nil)
			require.EqualError(t, err, want)
		})
	}
}

// TestAMapThatIsNotThereSwitchesNothingOn: what is optional, such as tls, is on as soon as
// there is a map, even an empty one.
func TestAMapThatIsNotThereSwitchesNothingOn(t *testing.T) {
	t.Setenv("MINA_EMPTY", "{}")
	for variable, want := range map[string]bool{"MINA_UNSET": false, "MINA_EMPTY": true} {
		path := filepath.Join(t.TempDir(), "config.yaml")
		require.NoError(t, os.WriteFile(path, []byte("tls: ${var:"+variable+":{}"), 0o600))
		resolver, err := confmap.NewResolver(confmap.ResolverSettings{
			URIs:              []string{"file:" + path},
			ProviderFactories: []confmap.ProviderFactory{fileprovider.NewFactory(), NewFactory()},
		})
		require.NoError(t, err)
		conf, err := resolver.Resolve(t.Context())
		require.NoError(t, err)
		var config struct {
			TLS configoptional.Optional[struct {
				CAFile string `mapstructure:"ca_file"`
			}] `mapstructure:"tls"`
		}
		require.NoError(t, conf.Unmarshal(&config))
		assert.Equal(t, want, config.TLS.HasValue(), variable)
	}
}

func FuzzRetrieve(f *testing.F) {
	f.Add("var:A:?b")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = provider{}.Retrieve(t.Context(), text, nil)
	})
}

// TestAValueIsNotExpandedItself holds passwords with dollars, as they come out of the whole
// configuration.
func TestAValueIsNotExpandedItself(t *testing.T) {
	t.Setenv("MINA_OTHER", "another secret")
	for _, secret := range []string{"$", "$$", "a$b", "a$$b", "a$$$b", "${var:MINA_OTHER:?}", "$${var:MINA_OTHER:?}", "${", "a${b", "$(b)", "b$"} {
		t.Setenv("MINA_SECRET", secret)
		t.Setenv("MINA_HEADERS", `{"authorization": "`+secret+`"}`)
		t.Setenv("MINA_LIST", secret+", other")
		conf := resolve(t, map[string]any{
			"alone":   "${var:MINA_SECRET:?a secret}",
			"default": "${var:MINA_SECRET:-other}",
			"inside":  "user:${var:MINA_SECRET:?a secret}",
			"map":     "${var:MINA_HEADERS:{}",
			"list":    "${var:MINA_LIST:[}",
		})
		assert.Equal(t, map[string]any{
			"alone": secret, "default": secret, "inside": "user:" + secret,
			"map": map[string]any{"authorization": secret}, "list": []any{secret, "other"},
		}, conf)
	}
}

// resolve returns what a configuration is when all is expanded.
func resolve(t *testing.T, conf map[string]any) map[string]any {
	t.Helper()
	source := confmap.NewProviderFactory(func(confmap.ProviderSettings) confmap.Provider { return constant{conf: conf} })
	resolver, err := confmap.NewResolver(confmap.ResolverSettings{URIs: []string{"constant:"}, ProviderFactories: []confmap.ProviderFactory{source, NewFactory()}})
	require.NoError(t, err)
	resolved, err := resolver.Resolve(t.Context())
	require.NoError(t, err)
	require.NoError(t, resolver.Shutdown(t.Context()))
	return resolved.ToStringMap()
}

// constant is a provider of one configuration.
type constant struct {
	provider
	conf map[string]any
}

func (c constant) Retrieve(context.Context, string, confmap.WatcherFunc) (*confmap.Retrieved, error) {
	return confmap.NewRetrieved(c.conf)
}

func (constant) Scheme() string { return "constant" }
