package engines

import (
	"encoding/json"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// lokiConfig is a single Loki that keeps everything in a folder. The limits are the
// defaults, but for the first %s, and what a query may return.
const lokiConfig = `
auth_enabled: %s
server: {http_listen_address: 127.0.0.1, http_listen_port: %s, grpc_listen_address: 127.0.0.1, grpc_listen_port: %s, log_level: warn}
common:
  instance_addr: 127.0.0.1
  path_prefix: %s
  replication_factor: 1
  ring: {kvstore: {store: inmemory}}
  storage: {filesystem: {chunks_directory: %[4]s/chunks, rules_directory: %[4]s/rules}}
schema_config:
  configs: [{from: "2020-10-24", store: tsdb, object_store: filesystem, schema: v13, index: {prefix: index_, period: 24h}}]
ingester: {lifecycler: {min_ready_duration: 0s, final_sleep: 0s}}
query_range: {cache_results: false}
limits_config: {max_entries_limit_per_query: 1000000%s}
analytics: {reporting_enabled: false}
`

// loki says how a Loki is started.
type loki struct {
	dir, http, grpc string
	// tenants says that each request has to name its tenant.
	tenants bool
	// limits are settings of limits_config.
	limits string
}

func newLoki(t *testing.T, limits string) *loki {
	return &loki{dir: t.TempDir(), http: loopback(t), grpc: loopback(t), limits: limits}
}

// start starts Loki; a second time, with what it had stored.
func (l *loki) start(t *testing.T) *engine {
	t.Helper()
	path := binary(t, "loki")
	config := filepath.Join(l.dir, "loki.yaml")
	limits := l.limits
	if limits != "" {
		limits = ", " + limits
	}
	write(t, config, lokiConfig, strconv.FormatBool(l.tenants), port(l.http), port(l.grpc), l.dir, limits)
	return run(t, exec.Command(path, "-config.file="+config, "-target=all"), l.http, "/otlp/v1/logs", "/ready")
}

// loopback returns a free address by number.
func loopback(t testing.TB) string {
	t.Helper()
	return "127.0.0.1:" + port(program.FreeAddress())
}

func port(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}

// lokiLines returns what a LogQL query finds in the last days: labels, and text as _msg.
func (e *engine) lokiLines(t require.TestingT, query string) []map[string]string {
	status, text := e.get("/loki/api/v1/query_range", url.Values{
		"query": {query}, "limit": {"1000000"}, "direction": {"forward"},
		"start": {nanoseconds(time.Now().Add(-7 * 24 * time.Hour))}, "end": {nanoseconds(time.Now().Add(time.Hour))},
	})
	require.Equal(t, http.StatusOK, status, text)
	var answer struct {
		Data struct {
			Result []struct {
				Stream map[string]string
				Values [][2]string
			}
		}
	}
	require.NoError(t, json.NewDecoder(strings.NewReader(text)).Decode(&answer))
	var lines []map[string]string
	for _, stream := range answer.Data.Result {
		for _, value := range stream.Values {
			line := maps.Clone(stream.Stream)
			line["_msg"] = value[1]
			lines = append(lines, line)
		}
	}
	return lines
}

func nanoseconds(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }

// lokiCount returns how many lines a LogQL query finds.
func (e *engine) lokiCount(t require.TestingT, query string) int {
	series := e.lokiSeries(t, "sum(count_over_time("+query+"[7d]))")
	if len(series) == 0 {
		return 0
	}
	n, err := strconv.Atoi(series[0]["n"])
	require.NoError(t, err)
	return n
}

// lokiSeries returns the labels of what a query in LogQL is now, with its value as n.
func (e *engine) lokiSeries(t require.TestingT, query string) []map[string]string {
	status, text := e.get("/loki/api/v1/query", url.Values{"query": {query}})
	require.Equal(t, http.StatusOK, status, text)
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Value  [2]any
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(text), &answer))
	var series []map[string]string
	for _, one := range answer.Data.Result {
		labels := map[string]string{"n": one.Value[1].(string)}
		maps.Copy(labels, one.Metric)
		series = append(series, labels)
	}
	return series
}
