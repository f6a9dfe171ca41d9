package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// query is an expression of docs/monitoring in PromQL.
type query struct {
	// place tells where it is.
	place, expr string
	// said has labels that are shown beside it: {{severity}}, $labels.pipeline.
	said string
}

func TestMonitoringIsTrueOfACollectorThatRuns(t *testing.T) {
	t.Parallel()
	addresses, there := everySeries(t)
	t.Run("it names what is there", func(t *testing.T) { requireNamed(t, there) })
	t.Run("Prometheus evaluates it", func(t *testing.T) { requireEvaluated(t, addresses) })
}

// requireNamed asserts that the metrics, labels and values of the rules and dashboards are
// among series.
func requireNamed(t *testing.T, there series) {
	t.Helper()
	recorded, queries := ruleQueries(t)
	queries = append(queries, dashboardQueries(t)...)
	require.Greater(t, len(queries), 60)
	for name, part := range underFaults {
		requireDeclared(t, name, part)
		there[name] = 0
	}
	for _, q := range queries {
		metrics, labels := namesOf(q.expr)
		for _, metric := range metrics {
			_, found := there.of(metric)
			assert.True(t, found || recorded[metric] || metric == "up", "%s: there is no metric %s", q.place, metric)
		}
		for _, label := range append(labels, shownLabels(q.said)...) {
			_, found := there.labelled(label + "=")
			assert.True(t, found || label == "instance" || label == "job", "%s: there is no label %s", q.place, label)
		}
		for _, selector := range selectors.FindAllStringSubmatch(q.expr, -1) {
			for _, matcher := range equal.FindAllString(selector[2], -1) {
				_, found := there.of(selector[1], matcher)
				assert.True(t, found || recorded[selector[1]] || selector[1] == "up", "%s: no series of %s has %s", q.place, selector[1], matcher)
			}
		}
	}
}

// underFaults are metrics that a collector has only once something is refused, and the
// packages that declare them.
var underFaults = map[string]string{
	"otelcol_receiver_refused_log_records":                 "go.opentelemetry.io/collector/receiver/receiverhelper",
	"otelcol_processor_memory_limiter_refused_log_records": "go.opentelemetry.io/collector/processor/memorylimiterprocessor",
}

// requireDeclared asserts that a package has a metric in the version that is built.
func requireDeclared(t *testing.T, metric, part string) {
	t.Helper()
	cmd := exec.Command("go", "list", "-f", "{{.Dir}}", part)
	cmd.Dir = filepath.Join(program.Root(), "_build")
	folder, err := cmd.Output()
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(folder)), "metadata.yaml"))
	require.NoError(t, err)
	require.Contains(t, string(text), "\n    "+strings.TrimPrefix(metric, "otelcol_")+":\n")
}

// labelled returns a series that has a text in its labels.
func (s series) labelled(text string) (name string, found bool) {
	for name := range s {
		if strings.Contains(name, "{"+text) || strings.Contains(name, ","+text) {
			return name, true
		}
	}
	return "", false
}

// everySeries are the metrics of a collector with alert rules, the page and Kafka that has
// read lines of all kinds, from both of its addresses.
func everySeries(t *testing.T) (addresses []string, all series) {
	t.Helper()
	e, path := newEndpoint(t), filepath.Join(t.TempDir(), "app.log")
	s := explore(t, t.TempDir(), path, e.URL, "acknowledged")
	readKafkaToo(t, &s)
	s.Env = append(s.Env, "MINA_METRICS_NAMES=4", "ALERTMANAGER_URL=http://"+program.FreeAddress())
	own, ofRecords := program.FreeAddress(), program.FreeAddress()
	records := logMetricsAt(&s, ofRecords)
	_, port, err := net.SplitHostPort(own)
	require.NoError(t, err)
	s.Configs = append(s.Configs, "alerts.yaml")
	s.Overrides = append(s.Overrides, "service::telemetry::metrics::level: normal",
		// as base.yaml has it, but for the port
		fmt.Sprintf("service::telemetry::metrics::readers: [{pull: {exporter: {prometheus: {host: localhost, port: %s}}}}]", port))
	appendTo(t, path, line("ERROR", "app", `, "exception": {"type": "ValueError", "message": "x"}`)+
		line("INFO", "app", `, "http": {"method": "GET"}, "status_code": 500, "processing_time_ms": 5, "latency_ms": 7`)+
		`203.0.113.9 - - [01/Oct/2025:16:12:05 +0000] "GET /a HTTP/1.1" 404 3 "-" "curl" 0.2`+"\n")
	startCollector(t, s)
	counted := func(lines float64) func() bool {
		return func() bool { n, _ := records().of("mina_log_records_total"); return n == lines }
	}
	eventually(t, counted(3), "the lines are counted")
	appendTo(t, path, line("INFO", "a name too many", ""))
	eventually(t, counted(4), "and one more")
	all = series{}
	eventually(t, func() bool {
		maps.Copy(all, records())
		maps.Copy(all, scrape(own))
		_, alerts := all.of("mina_alert_matched_total")
		_, delivered := all.of("otelcol_receiver_mina_delivery_seconds_bucket")
		return alerts && delivered
	}, "and what else is measured")
	return []string{own, ofRecords}, all
}

// readKafkaToo adds the receiver of the gateway for Kafka to the settings.
func readKafkaToo(t *testing.T, s *program.Settings) {
	t.Helper()
	b := newBroker(t, kfake.SeedTopics(1, kafkaTopic))
	s.Configs = append(s.Configs, "gateway-kafka.yaml")
	s.Env = append(s.Env, "KAFKA_SOURCE_BROKERS="+b.address)
	s.Overrides = append(s.Overrides, "service::pipelines::logs: {receivers: [mina, lossless_kafka], processors: [memory_limiter, mina]}")
}

func ruleQueries(t *testing.T) (recorded map[string]bool, queries []query) {
	t.Helper()
	var file struct {
		Groups []struct {
			Rules []struct {
				Record, Alert, Expr string
				Annotations         map[string]string
			}
		}
	}
	require.NoError(t, yaml.Unmarshal(readFile(t, "rules.yml"), &file))
	recorded = map[string]bool{}
	for _, group := range file.Groups {
		for _, rule := range group.Rules {
			recorded[rule.Record] = true
			queries = append(queries, query{"rules.yml: " + rule.Record + rule.Alert, rule.Expr, rule.Annotations["summary"]})
		}
	}
	return recorded, queries
}

func dashboardQueries(t *testing.T) (queries []query) {
	t.Helper()
	for _, name := range []string{"logs.json", "collector.json"} {
		var dashboard struct {
			Panels []struct {
				Title   string
				Targets []struct{ Expr, LegendFormat string }
			}
			Templating struct{ List []struct{ Query any } }
		}
		require.NoError(t, json.Unmarshal(readFile(t, filepath.Join("dashboards", name)), &dashboard))
		for _, panel := range dashboard.Panels {
			for _, target := range panel.Targets {
				queries = append(queries, query{name + ": " + panel.Title, variables.Replace(target.Expr), target.LegendFormat})
			}
		}
		for _, variable := range dashboard.Templating.List {
			if values, ok := variable.Query.(map[string]any); ok {
				metric, _, _ := strings.Cut(strings.TrimPrefix(values["query"].(string), "label_values("), ",")
				queries = append(queries, query{place: name + ": a variable", expr: metric})
			}
		}
	}
	return queries
}

// variables are what Grafana puts into an expression.
var variables = strings.NewReplacer("$__rate_interval", "5m", "$instance", ".*")

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(program.Root(), "docs", "monitoring", name))
	require.NoError(t, err)
	return text
}

var (
	quotedTexts = regexp.MustCompile(`"[^"]*"`)
	groupings   = regexp.MustCompile(`\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)`)
	braces      = regexp.MustCompile(`\{[^}]*\}`)
	ranges      = regexp.MustCompile(`\[[^\]]*\]|\boffset\s+\w+`)
	identifiers = regexp.MustCompile(`\b[a-zA-Z_][a-zA-Z0-9_:]*\b(\s*\()?`)
	operators   = []string{"and", "or", "unless", "bool"}
	selectors   = regexp.MustCompile(`([a-zA-Z_:][a-zA-Z0-9_:]*)\{([^}]*)\}`)
	equal       = regexp.MustCompile(`\w+="[^"]+"`)
	shown       = regexp.MustCompile(`\{\{\s*(?:\$labels\.)?([a-z_]+)\s*\}\}`)
)

// namesOf returns the metrics and the labels of an expression.
func namesOf(expr string) (metrics, labels []string) {
	expr = quotedTexts.ReplaceAllString(expr, "")
	for _, list := range append(groupings.FindAllString(expr, -1), braces.FindAllString(expr, -1)...) {
		list = list[strings.IndexAny(list, "({"):]
		labels = append(labels, identifiers.FindAllString(list, -1)...)
	}
	for _, part := range []*regexp.Regexp{groupings, braces, ranges} {
		expr = part.ReplaceAllString(expr, " ")
	}
	for _, word := range identifiers.FindAllString(expr, -1) {
		if !strings.HasSuffix(word, "(") && !slices.Contains(operators, word) {
			metrics = append(metrics, word)
		}
	}
	return metrics, labels
}

// shownLabels returns the labels that a legend or an annotation shows.
func shownLabels(text string) (labels []string) {
	for _, match := range shown.FindAllStringSubmatch(text, -1) {
		labels = append(labels, match[1])
	}
	return labels
}

func TestNamesOfExpressions(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string][2][]string{
		`sum by (a, b) (rate(m_total{c="d", e=~"f|g"}[5m]))`: {{"m_total"}, {"a", "b", "c", "e"}},
		`(time() - m > 600) and on (i) sum(n{x!=""})`:        {{"m", "n"}, {"i", "x"}},
		`histogram_quantile(0.95, sum by (le) (m_bucket))`:   {{"m_bucket"}, {"le"}},
		`m > 1e9 or level:m:rate5m / (n > 0) offset 1d`:      {{"m", "level:m:rate5m", "n"}, nil},
		`vector(1)`: {nil, nil},
	} {
		metrics, labels := namesOf(expr)
		slices.Sort(labels)
		assert.Equal(t, want[0], metrics, expr)
		assert.Equal(t, want[1], labels, expr)
	}
}

// promtool runs Prometheus' own checks.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed: make test does it")
	}
	cmd := exec.Command(tool, args...)
	cmd.Dir = filepath.Join(program.Root(), "docs", "monitoring")
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, string(output))
}

func TestMonitoringRulesDoWhatTheirTestsSay(t *testing.T) {
	t.Parallel()
	promtool(t, "check", "rules", "rules.yml")
	promtool(t, "test", "rules", "rules_test.yml")
}

// TestEveryAlertIsSeenToFire holds each rule to a test in which it does.
func TestEveryAlertIsSeenToFire(t *testing.T) {
	t.Parallel()
	var tests struct {
		Tests []struct {
			Alerts []struct {
				Name string `yaml:"alertname"`
				Want []any  `yaml:"exp_alerts"`
			} `yaml:"alert_rule_test"`
		}
	}
	require.NoError(t, yaml.Unmarshal(readFile(t, "rules_test.yml"), &tests))
	fired := map[string]bool{}
	for _, test := range tests.Tests {
		for _, alert := range test.Alerts {
			fired[alert.Name] = fired[alert.Name] || len(alert.Want) > 0
		}
	}
	_, queries := ruleQueries(t)
	for _, q := range queries {
		if name := strings.TrimPrefix(q.place, "rules.yml: "); strings.HasPrefix(name, "Mina") {
			assert.True(t, fired[name], "%s fires in no test of rules_test.yml", name)
		}
	}
}

// TestPanelsHaveTheirPlace: Grafana moves what overlaps, and mixes up what has one number.
func TestPanelsHaveTheirPlace(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"logs.json", "collector.json"} {
		var dashboard struct {
			Panels []struct {
				ID      int
				Title   string
				GridPos struct{ X, Y, W, H int }
				Targets []struct{ RefID string }
			}
		}
		require.NoError(t, json.Unmarshal(readFile(t, filepath.Join("dashboards", name)), &dashboard))
		numbers, places := map[int]string{}, map[[2]int]string{}
		for _, panel := range dashboard.Panels {
			assert.Empty(t, numbers[panel.ID], "%s: %s has the number of another", name, panel.Title)
			numbers[panel.ID] = panel.Title
			at := panel.GridPos
			assert.LessOrEqual(t, at.X+at.W, 24, "%s: %s", name, panel.Title)
			for x := at.X; x < at.X+at.W; x++ {
				for y := at.Y; y < at.Y+at.H; y++ {
					require.Empty(t, places[[2]int{x, y}], "%s: %s lies on another", name, panel.Title)
					places[[2]int{x, y}] = panel.Title
				}
			}
			queries := map[string]bool{}
			for _, target := range panel.Targets {
				assert.False(t, queries[target.RefID], "%s: %s has two queries %s", name, panel.Title, target.RefID)
				queries[target.RefID] = true
			}
		}
	}
}

// Prometheus has to take what the dashboards ask.
func TestDashboardsArePromQL(t *testing.T) {
	t.Parallel()
	type rule struct {
		Record, Expr string
	}
	var rules []rule
	for i, q := range dashboardQueries(t) {
		rules = append(rules, rule{fmt.Sprintf("query:%d", i), q.expr})
	}
	text, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"name": "dashboards", "rules": rules}}})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "dashboards.yml")
	require.NoError(t, os.WriteFile(path, text, 0o600))
	promtool(t, "check", "rules", path)
}
