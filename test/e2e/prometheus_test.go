package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// startPrometheus starts a Prometheus with the rules of docs/monitoring that scrapes
// addresses every second, and returns its own.
func startPrometheus(t *testing.T, scraped []string) (address string) {
	t.Helper()
	tool, err := exec.LookPath("prometheus")
	if err != nil {
		t.Skip("prometheus is not installed: make test does it")
	}
	state := t.TempDir()
	text, err := yaml.Marshal(map[string]any{
		"global":         map[string]any{"scrape_interval": "1s", "evaluation_interval": "1s"},
		"rule_files":     []string{filepath.Join(program.Root(), "docs", "monitoring", "rules.yml")},
		"scrape_configs": []any{map[string]any{"job_name": "otelcol-mina", "static_configs": []any{map[string]any{"targets": scraped}}}},
	})
	require.NoError(t, err)
	file := filepath.Join(state, "prometheus.yml")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	address = program.FreeAddress()
	start(t, exec.Command(tool, "--config.file="+file, "--storage.tsdb.path="+filepath.Join(state, "data"), "--web.listen-address="+address))
	return address
}

// ask returns what Prometheus' API answers, or why it does not.
func ask[T any](address, path string, query url.Values) (data T, refusal string) {
	response, err := http.Get("http://" + address + "/api/v1/" + path + "?" + query.Encode())
	if err != nil {
		return data, err.Error()
	}
	defer response.Body.Close()
	answer := struct {
		Data  T
		Error string
	}{}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return data, err.Error()
	}
	return answer.Data, answer.Error
}

type ruleGroups struct {
	Groups []struct {
		Rules []struct{ Name, Health, LastError, State string }
	}
}

// requireEvaluated asserts that Prometheus can evaluate all rules and panels on what it
// scrapes: which series match which is only known then.
func requireEvaluated(t *testing.T, scraped []string) {
	t.Helper()
	address := startPrometheus(t, scraped)
	eventually(t, func() bool {
		up, _ := ask[struct{ Result []any }](address, "query", url.Values{"query": {"up == 1"}})
		return len(up.Result) == len(scraped)
	}, "it scrapes")
	var rules ruleGroups
	eventually(t, func() bool {
		rules, _ = ask[ruleGroups](address, "rules", nil)
		for _, group := range rules.Groups {
			for _, rule := range group.Rules {
				if rule.Health == "unknown" {
					return false
				}
			}
		}
		return len(rules.Groups) > 0
	}, "the rules are evaluated")
	for _, group := range rules.Groups {
		for _, rule := range group.Rules {
			assert.Equal(t, "ok", rule.Health, "%s: %s", rule.Name, rule.LastError)
			assert.Equal(t, rule.Name == "MinaWatchdog", rule.State == "firing", "%s, of a collector that is well", rule.Name)
		}
	}
	for _, q := range dashboardQueries(t) {
		_, refusal := ask[any](address, "query", url.Values{"query": {q.expr}})
		assert.Empty(t, refusal, q.place)
	}
}
