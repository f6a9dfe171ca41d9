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
	for name, given := range examples(t) {
		t.Run(name, func(t *testing.T) {
			installation := rendered(t, given)
			golden := filepath.Join("testdata", "manifests", name+".yaml")
			got := installation.Manifest + "---\n# NOTES.txt\n" + comment(installation.Notes)
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
	for name, given := range examples(t) {
		t.Run(name, func(t *testing.T) {
			for _, message := range lint.RunAll(Chart(), given, "observability").Messages {
				assert.LessOrEqual(t, message.Severity, support.InfoSev, message.Error())
			}
		})
	}
}

// TestRefuses holds what is said of values that cannot work.
func TestRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		given Values
		want  string
	}{
		"no destination":          {Values{}, "where are the records to go?"},
		"none at all":             {Values{"destinations": []any{}, "env": Values{"DD_SITE": "x"}}, "destinations is empty"},
		"no brokers":              {Values{"mode": "gateway", "gateway": Values{"from": "kafka"}, "env": Values{"OTLP_ENDPOINT": "x"}}, "gateway.from is kafka: which?"},
		"a destination misspelt":  {Values{"destinations": []any{"datdog"}}, "at '/destinations/0': value must be one of"},
		"an unknown mode":         {Values{"mode": "sidecar"}, "at '/mode': value must be one of 'agent', 'gateway', 'intake'"},
		"an unknown value":        {Values{"destination": []any{"otlp"}}, "additional properties 'destination' not allowed"},
		"a variable twice":        {Values{"destinations": []any{"datadog"}, "env": Values{"DD_API_KEY": "a"}, "secretEnv": Values{"DD_API_KEY": "b"}}, "DD_API_KEY is in env and in secretEnv"},
		"a pod that is a path":    {Values{"logs": Values{"include": []any{Values{"pod": "a/b"}}}}, "at '/logs/include/0/pod'"},
		"the exclusion of all":    {Values{"logs": Values{"exclude": []any{Values{}}}}, "at '/logs/exclude/0'"},
		"no variable's name":      {Values{"env": Values{"DD-SITE": "x"}}, "invalid propertyName 'DD-SITE'"},
		"a folder that is none":   {Values{"logs": Values{"path": "pods"}}, "at '/logs/path'"},
		"a name in capitals":      {Values{"fullnameOverride": "Mina_Logs"}, "at '/fullnameOverride'"},
		"an unknown kind of gate": {Values{"gateway": Values{"from": "syslog"}}, "at '/gateway/from': value must be one of 'otlp', 'kafka'"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Render(Chart(), tt.given)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

// comment makes a text a comment of YAML.
func comment(text string) string {
	return "# " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n# ") + "\n"
}

func examples(t *testing.T) map[string]Values {
	t.Helper()
	all, err := Examples()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all
}

func rendered(t *testing.T, given Values) *Installation {
	t.Helper()
	installation, err := Render(Chart(), given)
	require.NoError(t, err)
	return installation
}
