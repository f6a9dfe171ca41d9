package kubernetes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"helm.sh/helm/v4/pkg/chart/v2/lint"
	"helm.sh/helm/v4/pkg/chart/v2/lint/support"
)

// TestManifests holds what the values of testdata/values become: testdata/manifests, which
// MINA_UPDATE_GOLDEN=1 writes anew. Every object is one that Kubernetes knows to its last
// field.
func TestManifests(t *testing.T) {
	for name, given := range cases(t) {
		t.Run(name, func(t *testing.T) {
			_, text, notes, err := render(t, given)
			require.NoError(t, err)
			golden := filepath.Join("testdata", "manifests", name+".yaml")
			got := text + "---\n# NOTES.txt\n" + comment(notes)
			if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), got)
		})
	}
}

// TestLint is helm lint.
func TestLint(t *testing.T) {
	for name, given := range cases(t) {
		t.Run(name, func(t *testing.T) {
			for _, message := range lint.RunAll(chartFolder(), given, "observability").Messages {
				assert.LessOrEqual(t, message.Severity, support.InfoSev, message.Error())
			}
		})
	}
}

// TestRefuses holds what is said of values that cannot work.
func TestRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		given values
		want  string
	}{
		"no destination":          {values{}, "where are the records to go?"},
		"none at all":             {values{"destinations": []any{}, "env": values{"DD_SITE": "x"}}, "destinations is empty"},
		"a destination misspelt":  {values{"destinations": []any{"datdog"}}, "at '/destinations/0': value must be one of"},
		"an unknown mode":         {values{"mode": "sidecar"}, "at '/mode': value must be one of 'agent', 'gateway', 'intake'"},
		"an unknown value":        {values{"destination": []any{"otlp"}}, "additional properties 'destination' not allowed"},
		"a variable twice":        {values{"destinations": []any{"datadog"}, "env": values{"DD_API_KEY": "a"}, "secretEnv": values{"DD_API_KEY": "b"}}, "DD_API_KEY is in env and in secretEnv"},
		"a pod that is a path":    {values{"logs": values{"include": []any{values{"pod": "a/b"}}}}, "at '/logs/include/0/pod'"},
		"the exclusion of all":    {values{"logs": values{"exclude": []any{values{}}}}, "at '/logs/exclude/0'"},
		"no variable's name":      {values{"env": values{"DD-SITE": "x"}}, "invalid propertyName 'DD-SITE'"},
		"a folder that is none":   {values{"logs": values{"path": "pods"}}, "at '/logs/path'"},
		"an unknown kind of gate": {values{"gateway": values{"from": "syslog"}}, "at '/gateway/from': value must be one of 'otlp', 'kafka'"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, _, err := render(t, tt.given)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

// comment makes a text a comment of YAML.
func comment(text string) string {
	return "# " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n# ") + "\n"
}
