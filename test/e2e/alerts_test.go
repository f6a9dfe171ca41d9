package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// notifiedWithin is how long it may take from a record to the webhook.
const notifiedWithin = 5 * time.Second

// flaskApp is the example application, with one worker, whose log is written as it runs.
type flaskApp struct {
	*program.Process
	url, log string
}

func startFlask(t *testing.T) *flaskApp {
	t.Helper()
	address := strings.Replace(program.FreeAddress(), "localhost", "127.0.0.1", 1)
	a := &flaskApp{url: "http://" + address, log: filepath.Join(t.TempDir(), "Start_application_1.log")}
	gunicorn := exec.Command("sh", "-c", `exec /usr/bin/gunicorn --bind "$0" --workers 1 --access-logfile - main:app >>"$1"`, address, a.log)
	gunicorn.Dir = filepath.Join(program.Root(), "examples", "flask")
	gunicorn.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	a.Process = start(t, gunicorn)
	eventually(t, func() bool {
		response, err := http.Get(a.url + "/healthz")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, "the application answers")
	return a
}

// lines counts those that the application has written.
func (a *flaskApp) lines() int {
	text, _ := os.ReadFile(a.log)
	return bytes.Count(text, []byte("\n"))
}

// ask sends requests, one after another, from an address of loopback.
func (a *flaskApp) ask(t *testing.T, n int, from, method, path, body string, status int) {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	client := http.Client{Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}}
	for range n {
		request, err := http.NewRequest(method, a.url+path, strings.NewReader(body))
		require.NoError(t, err)
		if body != "" {
			request.Header.Set("Content-Type", "application/json")
		}
		response, err := client.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, status, response.StatusCode)
	}
}

func (a *flaskApp) failToLogIn(t *testing.T, n int, from string) {
	t.Helper()
	a.ask(t, n, from, http.MethodPost, "/api/login", `{"user": "mallory", "password": "hunter2-planted"}`, http.StatusUnauthorized)
}

// startAlerting starts a collector with the shipped alerts, whose windows are short.
func startAlerting(t *testing.T, state string, a *flaskApp, e *endpoint, alertmanagers string) *program.Collector {
	t.Helper()
	settings := program.OTLP(state, a.log, e.URL, "acknowledged")
	settings.Configs = append(settings.Configs, "alerts.yaml")
	settings.Env = append(settings.Env, "ALERTMANAGER_URL="+alertmanagers,
		"MINA_ALERT_ERRORS_IN=4s", "MINA_ALERT_LOGINS_IN=4s", "MINA_ALERT_CRITICAL_FOR=1s", "MINA_ALERT_SLOW_MS=100")
	settings.Overrides = []string{"connectors::alert::rules::CriticalRecord::window: 4s", "connectors::alert::allowed_lateness: 1s"}
	return startCollector(t, settings)
}

// transitions counts the records of alerts that have come, as "name state".
func (e *endpoint) transitions() map[string]int {
	count := map[string]int{}
	for _, record := range e.records() {
		if record.EventName() == "mina.alert" {
			count[fmt.Sprint(record.attributes["alert.name"], " ", record.attributes["alert.state"])]++
		}
	}
	return count
}

// others counts the records that are of no alert.
func (e *endpoint) others() (n int) {
	for _, record := range e.records() {
		if record.EventName() != "mina.alert" {
			n++
		}
	}
	return n
}

// The four alerts, from requests to the example application to whom they concern, by the
// real Alertmanager and the shipped routes.
func TestAlertsReachWhomTheyConcern(t *testing.T) {
	t.Parallel()
	alertmanager, e, app := newAlertmanager(t), newEndpoint(t), startFlask(t)
	alertmanager.start(t)
	c := startAlerting(t, t.TempDir(), app, e, alertmanager.URL)

	for _, tt := range []struct {
		alert     string
		receivers []string
		// almost is what is not enough, and then what is.
		almost, then func()
		labels       map[string]string
		value        float64
		ends         func()
	}{
		{
			alert: "FailedLogins", receivers: []string{"block-ip", "security"}, value: 6,
			almost: func() { app.failToLogIn(t, 5, "127.0.0.9"); app.failToLogIn(t, 3, "127.0.0.8") },
			then:   func() { app.failToLogIn(t, 1, "127.0.0.9") },
			labels: map[string]string{"severity": "critical", "team": "security", "client_address": "127.0.0.9"},
		},
		{
			alert: "SlowProcessing", receivers: []string{"slack"}, value: 3,
			almost: func() {
				app.ask(t, 2, "127.0.0.1", http.MethodGet, "/api/report?seconds=0.15", "", http.StatusOK)
				app.ask(t, 1, "127.0.0.1", http.MethodGet, "/api/report", "", http.StatusOK)
			},
			then:   func() { app.ask(t, 3, "127.0.0.1", http.MethodGet, "/api/report?seconds=0.15", "", http.StatusOK) },
			labels: map[string]string{"severity": "warning", "team": "engineering", "scope_name": "app"},
			ends:   func() { app.ask(t, 1, "127.0.0.1", http.MethodGet, "/api/report", "", http.StatusOK) },
		},
		{
			alert: "ErrorBurst", receivers: []string{"engineers"}, value: 11,
			almost: func() { app.ask(t, 10, "127.0.0.1", http.MethodGet, "/api/crash", "", http.StatusInternalServerError) },
			then:   func() { app.ask(t, 1, "127.0.0.1", http.MethodGet, "/api/crash", "", http.StatusInternalServerError) },
			labels: map[string]string{"severity": "error", "team": "engineering"},
		},
		{
			alert: "CriticalRecord", receivers: []string{"on-call"}, value: 1,
			almost: func() {},
			then:   func() { app.ask(t, 1, "127.0.0.1", http.MethodPost, "/api/backup", "", http.StatusInsufficientStorage) },
			labels: map[string]string{"severity": "critical", "team": "oncall", "scope_name": "app"},
		},
	} {
		tt.almost()
		eventually(t, func() bool { return e.others() == app.lines() }, "the records are there")
		require.NotContains(t, alertmanager.names(), tt.alert)
		tt.then()
		begin := time.Now()
		for _, receiver := range tt.receivers {
			eventually(t, func() bool { _, ok := alertmanager.told(receiver, tt.alert, "firing"); return ok }, "%s is told of %s", receiver, tt.alert)
			assert.Less(t, time.Since(begin), notifiedWithin, tt.alert)
			told, _ := alertmanager.told(receiver, tt.alert, "firing")
			for name, value := range tt.labels {
				assert.Equal(t, value, told.Labels[name], "%s of %s", name, tt.alert)
			}
			assert.NotEmpty(t, told.Annotations["summary"], tt.alert)
			link, err := url.Parse(told.Link)
			require.NoError(t, err)
			assert.NotEmpty(t, link.Host, "where the records are")
		}
		t.Logf("%s: told after %s", tt.alert, time.Since(begin).Round(time.Millisecond))
		if tt.ends != nil {
			tt.ends()
		}
		for _, receiver := range tt.receivers {
			eventually(t, func() bool { _, ok := alertmanager.told(receiver, tt.alert, "resolved"); return ok }, "%s is told that %s is over", receiver, tt.alert)
		}
		eventually(t, func() bool {
			return e.transitions()[tt.alert+" firing"] == 1 && e.transitions()[tt.alert+" resolved"] == 1
		}, "the destination has both")
		for _, record := range e.records() {
			if record.attributes["alert.name"] == tt.alert && record.attributes["alert.state"] == "firing" {
				assert.InDelta(t, tt.value, record.attributes["alert.value"], 0, tt.alert)
				assert.NotEmpty(t, record.attributes["alert.example"], tt.alert)
			}
		}
	}
	c.Stop()
	for _, record := range e.records() {
		assert.False(t, record.attributes["client.address"] == "127.0.0.8" && record.EventName() == "mina.alert", "three are not enough")
	}
	assert.NotContains(t, e.bytes(), "hunter2-planted")
	assert.NotContains(t, c.Output(), "\terror\t")
}

// While Alertmanager is down nothing waits for it, and what it has missed it is told when
// it is back.
func TestAlertmanagerIsToldWhatItHasMissed(t *testing.T) {
	t.Parallel()
	alertmanager, e, app := newAlertmanager(t), newEndpoint(t), startFlask(t)
	c := startAlerting(t, t.TempDir(), app, e, alertmanager.URL)
	app.failToLogIn(t, 6, "127.0.0.9")
	eventually(t, func() bool { return e.transitions()["FailedLogins firing"] == 1 }, "the alert is a record")

	begin := time.Now()
	ctx, enough := context.WithTimeout(t.Context(), 3*time.Second)
	defer enough()
	for n := 6; ctx.Err() == nil; {
		app.failToLogIn(t, 6, "127.0.0.9")
		n += 6
		require.Eventually(t, func() bool { return e.bodies()["Login failed"] == n }, notifiedWithin, 10*time.Millisecond, "no record waits for Alertmanager")
	}
	assert.Equal(t, http.StatusOK, c.Health("logs"), "the others are well")
	assert.NotContains(t, alertmanager.names(), "FailedLogins")
	t.Logf("%d records in %s without it", e.bodies()["Login failed"], time.Since(begin).Round(time.Millisecond))

	alertmanager.start(t)
	told := false
	for until := time.Now().Add(deadline); !told && time.Now().Before(until); {
		app.failToLogIn(t, 6, "127.0.0.9") // the alert lasts
		_, told = alertmanager.told("block-ip", "FailedLogins", "firing")
	}
	require.True(t, told, "it hears of it")
	eventually(t, func() bool { _, ok := alertmanager.told("block-ip", "FailedLogins", "resolved"); return ok }, "and that it is over")
}

// Alerts are judged as records are read, also while the only other destination takes none,
// which then gets all of them.
func TestAlertsDoNotWaitForADestinationThatIsDown(t *testing.T) {
	t.Parallel()
	alertmanager, e, app := newAlertmanager(t), newEndpoint(t), startFlask(t)
	e.setRefuse(func() int { return http.StatusServiceUnavailable })
	alertmanager.start(t)
	startAlerting(t, t.TempDir(), app, e, alertmanager.URL)
	for _, address := range []string{"127.0.0.7", "127.0.0.8"} {
		app.failToLogIn(t, 6, address)
		require.Eventually(t, func() bool {
			told, ok := alertmanager.told("block-ip", "FailedLogins", "firing")
			return ok && told.Labels["client_address"] == address
		}, notifiedWithin, 10*time.Millisecond, address)
	}
	e.setRefuse(nil)
	eventually(t, func() bool { return e.bodies()["Login failed"] == 12 && e.transitions()["FailedLogins firing"] == 2 }, "the destination has all")
}

// What would have fired is printed, at the times of the log, and nothing is sent.
func TestRulesAreTriedOnALog(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	write := func(second int, rest string) {
		at := time.Date(2025, 10, 1, 16, 0, second, 0, time.UTC).Format(time.RFC3339)
		fmt.Fprintf(&log, `{"timestamp": "%s", "logger": "app", "process_id": 7, "hostname": "h", %s}`+"\n", at, rest)
	}
	for i := range 6 {
		write(10+i, `"level": "WARNING", "message": "Login failed", "http": {"ip": "203.0.113.9"}`)
	}
	for i := range 5 {
		write(20+i, `"level": "WARNING", "message": "Login failed", "http": {"ip": "203.0.113.8"}`)
	}
	for i := range 3 {
		write(30+i, `"level": "INFO", "message": "Request handled", "processing_time_ms": 5001`)
	}
	write(34, `"level": "INFO", "message": "Request handled", "processing_time_ms": 5000`)
	for i := range 11 {
		write(60+20*i, `"level": "ERROR", "message": "failed"`)
	}
	write(700, `"level": "CRITICAL", "message": "Disk is full, password=hunter2-planted"`)
	write(1500, `"level": "INFO", "message": "done"`)

	cmd := exec.Command(binary(t), "--config", "config/stdin.yaml", "--config", "config/alerts.yaml", "--config", "config/alerts-try.yaml")
	cmd.Env = append(os.Environ(), "MINA_STATE_DIR="+t.TempDir(), "ALERTMANAGER_URL=http://localhost:1")
	cmd.Stdin = strings.NewReader(log.String())
	p := start(t, cmd)
	eventually(t, func() bool { return ended(p) }, "it ends by itself")
	assert.Zero(t, p.ExitCode())
	var said []string
	for line := range strings.Lines(p.Output()) {
		if at, what, ok := strings.Cut(strings.TrimSpace(line), " "); ok && strings.HasPrefix(at, "2025-10-01T") {
			what, _, _ = strings.Cut(what, ":")
			said = append(said, strings.TrimPrefix(at, "2025-10-01T")+" "+what)
		}
	}
	assert.Equal(t, []string{
		"16:00:15Z FIRING FailedLogins (client.address=203.0.113.9)",
		"16:00:32Z FIRING SlowProcessing (scope.name=app, process.pid=7)",
		"16:00:34Z RESOLVED SlowProcessing (scope.name=app, process.pid=7)",
		"16:01:10Z RESOLVED FailedLogins (client.address=203.0.113.9)",
		"16:04:20Z FIRING ErrorBurst",
		"16:06:00Z RESOLVED ErrorBurst",
		"16:11:40Z FIRING CriticalRecord (scope.name=app)",
		"16:17:40Z RESOLVED CriticalRecord (scope.name=app)",
	}, said, p.Output())
	assert.NotContains(t, p.Output(), "hunter2-planted")
}
