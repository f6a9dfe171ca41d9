package doctor

import (
	"encoding/pem"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/otelcol"
	"github.com/mina-observability/otelcol-mina/internal/collectorstatus"
	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

func configured(t *testing.T, text string) *examination {
	t.Helper()
	e := &examination{timeout: 5 * time.Second}
	require.NoError(t, yaml.Unmarshal([]byte(text), &e.config))
	return e
}

// verdicts returns checks as their verdict and what they are of.
func verdicts(checks []Check) (all []string) {
	for _, check := range checks {
		all = append(all, string(check.Verdict)+" "+check.Of)
	}
	return all
}

func TestFilesThatAreThereAreRead(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"app.log", "app.log.1", "other.log", "nested/deep/app.log"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("x"), 0o600))
	}
	for pattern, want := range map[string]string{
		"app.log*":   "2 files of PATTERN can be read",
		"**/app.log": "2 files of PATTERN can be read",
		"*.log":      "1 file of PATTERN can be read", // the other one is excluded
		"nothing":    "no file matches PATTERN",
		"missing/*":  "no file matches PATTERN: no such file or directory",
		"app.log[":   `the pattern "PATTERN": syntax error in pattern`,
		"nested":     "no file matches PATTERN",
	} {
		path := filepath.Join(folder, pattern)
		checks := matching(path, []string{filepath.Join(folder, "other*")})
		require.Len(t, checks, 1, pattern)
		assert.Equal(t, strings.ReplaceAll(want, "PATTERN", path), checks[0].Found)
	}
}

func TestFilesOfReceiversThatAreUsedAreRead(t *testing.T) {
	e := configured(t, `
receivers: {mina: {file: {include: [/nowhere/a, /nowhere/b]}}, mina/unused: {file: {include: [/nowhere/c]}}, file_log: {include: [/nowhere/d]}}
service: {pipelines: {logs: {receivers: [mina, file_log]}}}`)
	assert.Len(t, e.files(), 2)
}

func TestTheStateDirectoryIsWrittenTo(t *testing.T) {
	folder := t.TempDir()
	existing, err := writable(filepath.Join(folder, "not", "yet"))
	require.NoError(t, err)
	assert.Equal(t, folder, existing)
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, entries, "what was written is taken away")
	file := filepath.Join(folder, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err = writable(file)
	require.Error(t, err)

	e := configured(t, `
extensions: {state_storage: {directory: `+folder+`}, state_storage/unused: {directory: /proc/nowhere}}
connectors: {fanout: {queue_bytes: 1}}
service: {extensions: [state_storage], pipelines: {logs/a: {receivers: [fanout]}, logs/b: {receivers: [fanout]}}}`)
	checks := e.state()
	assert.Equal(t, []string{"ok state", "ok disk"}, verdicts(checks))
	assert.Contains(t, checks[1].Found, "and queues may take 2 B")
	e.config.Section("connectors", "fanout")["queue_bytes"] = 1 << 60
	assert.Equal(t, "warn disk", verdicts(e.state())[1])
	e.config.Section("extensions", "state_storage")["directory"] = "/proc/nowhere"
	assert.Equal(t, []string{"fail state"}, verdicts(e.state()))
}

func TestPortsAreFreeOrTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	e := configured(t, `
receivers: {mina: {http: {endpoint: "`+taken.Addr().String()+`"}}, otlp: {protocols: {grpc: {endpoint: "127.0.0.1:0"}, http: null}}}
extensions: {health_check: {http: {endpoint: "127.0.0.1:0"}}, log_page: {endpoint: "127.0.0.1:0"}}
exporters: {prometheus: {endpoint: "127.0.0.1:0"}}
service:
  extensions: [health_check]
  pipelines: {logs: {receivers: [mina, otlp]}, metrics: {exporters: [prometheus]}}
  telemetry: {metrics: {level: Normal, readers: [{pull: {exporter: {prometheus: {host: 192.0.2.1, port: 8888}}}}]}}`)
	checks := e.ports()
	assert.Equal(t, []string{"fail ports", "fail ports", "ok ports"}, verdicts(checks))
	assert.Contains(t, checks[0].Found, taken.Addr().String()+" is taken by doctor.test (pid ")
	assert.Contains(t, checks[1].Found, "cannot listen on 192.0.2.1:8888")
	assert.Equal(t, "set service::telemetry::metrics::readers", checks[1].Do)
	assert.Equal(t, "free: 127.0.0.1:0, 127.0.0.1:0, 127.0.0.1:0", checks[2].Found)

	e.running = &collectorstatus.Status{PID: os.Getpid()}
	assert.Equal(t, Check{Verdict: OK, Of: "ports", Found: taken.Addr().String() + " is the collector's"}, e.ports()[0])
	e.running.PID++
	assert.Equal(t, Fail, e.ports()[0].Verdict)
}

func TestTheLimitOfTheControlGroupIsFound(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		want  float64
	}{
		"none":              {nil, math.Inf(1)},
		"version 2":         {map[string]string{"proc/7/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "1048576\n"}, 1 << 20},
		"one above":         {map[string]string{"proc/7/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "max\n", "sys/fs/cgroup/a/memory.max": "1048576\n"}, 1 << 20},
		"of a container":    {map[string]string{"proc/7/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "1048576\n"}, 1 << 20},
		"version 1":         {map[string]string{"proc/7/cgroup": "9:memory:/x\n8:cpu:/y\n0::/z\n", "sys/fs/cgroup/memory/x/memory.limit_in_bytes": "1048576\n", "sys/fs/cgroup/cpu/y/memory.max": "1\n"}, 1 << 20},
		"version 1, none":   {map[string]string{"proc/7/cgroup": "9:memory:/x\n", "sys/fs/cgroup/memory/x/memory.limit_in_bytes": "9223372036854771712\n"}, math.Inf(1)},
		"mounted as a part": {map[string]string{"proc/7/cgroup": "9:memory:/docker/x\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "1048576\n"}, 1 << 20},
	} {
		root := t.TempDir()
		for file, text := range test.files {
			require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(root, file)), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(root, file), []byte(text), 0o600))
		}
		assert.InDelta(t, test.want, cgroupLimit(root, "7"), 0, name)
	}
}

func TestExportersSendTo(t *testing.T) {
	for name, test := range map[string]struct{ id, config, want string }{
		"OTLP":             {"lossless_otlp_http/datadog", `{endpoint: "https://otlp.datadoghq.com", logs_path: /v1/logs, logs_endpoint: ""}`, "https://otlp.datadoghq.com/v1/logs otlp.datadoghq.com:443"},
		"OTLP, whole":      {"otlp_http", `{endpoint: "", logs_endpoint: "http://ana:hunter2@[::1]:4318/x"}`, "http://ana:hunter2@[::1]:4318/x [::1]:4318"},
		"gRPC":             {"otlp", `{endpoint: "backend:4317"}`, "tls://backend:4317 backend:4317"},
		"gRPC, plain":      {"otlp", `{endpoint: "http://backend:4317"}`, "tcp://backend:4317 backend:4317"},
		"syslog":           {"papertrail", `{endpoint: "logs.papertrailapp.com:514", tls: {}}`, "tls://logs.papertrailapp.com:514 logs.papertrailapp.com:514"},
		"syslog, plain":    {"papertrail", `{endpoint: "localhost:514", tls: {insecure: true}}`, "tcp://localhost:514 localhost:514"},
		"Sentry":           {"sentry_events", `{dsn: "https://key@o1.ingest.sentry.io/1"}`, "https://key@o1.ingest.sentry.io/1 o1.ingest.sentry.io:443"},
		"Alertmanager":     {"alertmanager", `{endpoints: ["http://a:9093", "http://b:9093"]}`, "http://a:9093 a:9093 http://b:9093 b:9093"},
		"Kafka":            {"kafka", `{brokers: ["a:9092", "b:9092"], tls: null}`, "tcp://a:9092 a:9092 tcp://b:9092 b:9092"},
		"Kafka, TLS":       {"kafka", `{brokers: ["a:9092"], tls: {}}`, "tls://a:9092 a:9092"},
		"a file":           {"file/local", `{path: x}`, ""},
		"the page's store": {"lossless_otlp_http/explore", `{endpoint: "http://log_store/insert", auth: {authenticator: log_store}}`, ""},
	} {
		var config rawconfig.Config
		require.NoError(t, yaml.Unmarshal([]byte(test.config), &config))
		targets, err := targetsOf(test.id, config)
		require.NoError(t, err, name)
		var got []string
		for _, target := range targets {
			got = append(got, target.url.String(), target.address())
		}
		assert.Equal(t, test.want, strings.Join(got, " "), name)
	}
	_, err := targetsOf("otlp_http", rawconfig.Config{"logs_endpoint": "http://ana:hunter2@ %"})
	require.EqualError(t, err, "its address is not one")
}

func TestTheClockIsTheSameForAllDestinations(t *testing.T) {
	reached, good, bad := ok("destination", "a"), ok("clock", "b"), warn("clock", "", "c")
	assert.Equal(t, []Check{reached, reached, good}, oneClock([]Check{reached, good, reached, good}))
	assert.Equal(t, []Check{reached, reached, bad}, oneClock([]Check{reached, good, reached, bad}))
	assert.Equal(t, []Check{reached}, oneClock([]Check{reached}))
}

func TestDestinationsAreReached(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Empty(t, r.Header.Get("Authorization"))
		assert.Equal(t, http.MethodHead, r.Method)
		assert.Empty(t, r.URL.RawQuery)
		w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer server.Close()
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of those who do not know its certificate
	server.StartTLS()
	closed := httptest.NewServer(nil)
	closed.Close()
	authority := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))
	address := server.Listener.Addr().String()
	known := rawconfig.Config{"ca_file": authority, "server_name_override": "example.com"}
	for name, test := range map[string]struct {
		url  string
		tls  rawconfig.Config
		want []string
		says string
	}{
		"HTTP":          {"https://ana:hunter2@" + address + "/v1?token=hunter2", known, []string{"ok destination", "warn clock"}, "answers at " + address + " (HTTP 401, without a token)"},
		"TLS":           {"tls://" + address, known, []string{"ok destination"}, "takes a connection with TLS"},
		"TCP":           {"tcp://" + address, nil, []string{"ok destination"}, "takes a connection"},
		"no authority":  {"https://ana:hunter2@" + address, nil, []string{"fail destination"}, "certificate"},
		"nothing there": {strings.Replace(closed.URL, "://", "://ana:hunter2@", 1), nil, []string{"fail destination"}, "connection refused"},
		"no such name":  {"https://ana:hunter2@mina.invalid", nil, []string{"fail destination"}, "the name mina.invalid cannot be looked up"},
		"no such file":  {"tls://" + address, rawconfig.Config{"ca_file": "/nowhere.pem"}, []string{"fail destination"}, "tls::ca_file: open /nowhere.pem"},
	} {
		t.Run(name, func(t *testing.T) {
			parsed, err := url.Parse(test.url)
			require.NoError(t, err)
			checks := (&examination{collector: &otelcol.Collector{}, timeout: 5 * time.Second}).reach(t.Context(), target{"otlp_http", parsed, test.tls, ""})
			assert.Equal(t, test.want, verdicts(checks))
			assert.Contains(t, checks[0].Found, test.says)
			for _, check := range checks {
				assert.NotContains(t, check.Found+check.Do, "hunter2")
			}
		})
	}
}

func TestDestinationsAreReachedThroughTheProxy(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "http://backend.invalid/v1/logs", r.RequestURI)
		w.WriteHeader(http.StatusMethodNotAllowed)
	}))
	defer proxy.Close()
	withPassword := strings.Replace(proxy.URL, "://", "://ana:hunter2@", 1)
	parsed, err := url.Parse("http://backend.invalid/v1/logs")
	require.NoError(t, err)
	for name, test := range map[string]struct {
		own string
		env []string
	}{
		"of the environment": {"", []string{"http_proxy=" + withPassword}},
		"of the exporter":    {withPassword, []string{"HTTP_PROXY=http://127.0.0.1:1"}},
	} {
		checks := (&examination{collector: &otelcol.Collector{Env: test.env}, timeout: 5 * time.Second}).reach(t.Context(), target{"otlp_http", parsed, nil, test.own})
		assert.Equal(t, "otlp_http: answers through the proxy "+proxy.Listener.Addr().String()+" (HTTP 405, without a token)", checks[0].Found, name)
	}
}
