package contract_test

import (
	"encoding/json"
	"io"
	"net/http"
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

const alertmanagerConfig = "config/alertmanager/alertmanager.yml"

// TestTheShippedRoutesReachWhoIsToHear asks amtool, as the head of the file says.
func TestTheShippedRoutesReachWhoIsToHear(t *testing.T) {
	config := filepath.Join(program.Root(), alertmanagerConfig)
	output, err := exec.Command("amtool", "check-config", config).CombinedOutput()
	require.NoError(t, err, string(output))
	for _, test := range []struct{ alert, receivers string }{
		{"alertname=ErrorBurst severity=error team=engineering", "engineers"},
		{"alertname=CriticalRecord severity=critical team=oncall scope_name=app", "on-call"},
		{"alertname=SlowProcessing severity=warning team=engineering scope_name=app", "slack"},
		{"alertname=FailedLogins severity=critical team=security client_address=203.0.113.9", "block-ip,security"},
		{"alertname=OfMyOwn severity=critical", "engineers"},
	} {
		arguments := append([]string{"config", "routes", "test", "--config.file=" + config}, strings.Fields(test.alert)...)
		output, err := exec.Command("amtool", arguments...).Output()
		require.NoError(t, err, test.alert)
		assert.Equal(t, test.receivers, strings.TrimSpace(string(output)), test.alert)
	}
}

// TestTheShippedAlertmanagerNotifies sends the four alerts to a real Alertmanager, with
// the shipped file but for the addresses: of its templates amtool reads none.
func TestTheShippedAlertmanagerNotifies(t *testing.T) {
	slack, pager, block, mail := newInbox(t), newInbox(t), newInbox(t), newMailbox(t)
	server := startAlertmanager(t, strings.NewReplacer(
		"/etc/prometheus/secrets", writeSecrets(t, slack.URL),
		"smtp_smarthost: smtp.example.com:587", "smtp_require_tls: false\n  pagerduty_url: "+pager.URL+"\n  smtp_smarthost: "+mail.address,
		"http://localhost:9095/", block.URL,
		"group_wait: 10s", "group_wait: 0s",
		"group_interval: 10s", "group_interval: 1s",
	))
	begun := time.Now()
	postAlerts(t, server,
		firing(map[string]string{"alertname": "ErrorBurst", "severity": "error", "team": "engineering"}, "11 ERROR in 5m"),
		firing(map[string]string{"alertname": "CriticalRecord", "severity": "critical", "team": "oncall", "scope_name": "app.db"}, "Out of disk"),
		firing(map[string]string{"alertname": "SlowProcessing", "severity": "warning", "team": "engineering", "scope_name": "app"}, "3 slower than 5 s"),
		firing(map[string]string{"alertname": "FailedLogins", "severity": "critical", "team": "security", "client_address": "203.0.113.9"}, "6 in 1m"),
	)

	var notification struct {
		Version string
		Alerts  []struct {
			Status string
			Labels map[string]string
		}
	}
	block.expect(t, &notification)
	assert.Less(t, time.Since(begun), 5*time.Second, "an address is blocked within seconds")
	assert.Equal(t, "4", notification.Version)
	assert.Equal(t, "203.0.113.9", notification.Alerts[0].Labels["client_address"])
	assert.Equal(t, "Bearer secret-of-block_ip_token", block.authorization())

	var event struct {
		RoutingKey string `json:"routing_key"`
		ClientURL  string `json:"client_url"`
		Payload    struct{ Summary, Severity string }
	}
	pager.expect(t, &event)
	assert.Equal(t, "secret-of-pagerduty_key", event.RoutingKey)
	assert.Equal(t, "CriticalRecord: Out of disk", event.Payload.Summary)
	assert.Equal(t, "critical", event.Payload.Severity)
	assert.Equal(t, "http://localhost:8320/#/search", event.ClientURL)

	var message struct {
		Channel     string
		Attachments []struct{ Title, Text string }
	}
	slack.expect(t, &message)
	assert.Equal(t, "#mina-alerts", message.Channel)
	assert.Equal(t, "FIRING SlowProcessing (1)", message.Attachments[0].Title)
	assert.Equal(t, "3 slower than 5 s", strings.TrimSpace(message.Attachments[0].Text))

	eventually(t, func() bool { return len(mail.letters()) == 2 }, "both mails")
	letters := strings.Join(mail.letters(), "\n")
	for _, expected := range []string{
		"To: engineers@example.com", "Subject: FIRING ErrorBurst (1)", "FIRING ErrorBurst: 11 ERROR in 5m",
		"To: security@example.com", "Subject: FIRING FailedLogins (1)", "client_address=3D203.0.113.9", "records: http://localhost:8320/#/search", "runbook: https://runbooks.example",
	} {
		assert.Contains(t, letters, expected)
	}

	postAlerts(t, server, resolved(map[string]string{"alertname": "FailedLogins", "severity": "critical", "team": "security", "client_address": "203.0.113.9"}))
	block.expect(t, &notification)
	assert.Equal(t, "resolved", notification.Alerts[0].Status)
}

// TestALoggerThatHasPagedIsNotAlsoSlow holds the rule that inhibits, for its logger alone.
func TestALoggerThatHasPagedIsNotAlsoSlow(t *testing.T) {
	slack, pager := newInbox(t), newInbox(t)
	server := startAlertmanager(t, strings.NewReplacer(
		"/etc/prometheus/secrets", writeSecrets(t, slack.URL),
		"slack_api_url_file", "pagerduty_url: "+pager.URL+"\n  slack_api_url_file",
		"group_wait: 10s", "group_wait: 0s",
	))
	postAlerts(t, server, firing(map[string]string{"alertname": "CriticalRecord", "scope_name": "app.db"}, "Out of disk"))
	pager.expect(t, &struct{}{})
	postAlerts(t, server,
		firing(map[string]string{"alertname": "SlowProcessing", "scope_name": "app.db"}, "of the same logger"),
		firing(map[string]string{"alertname": "SlowProcessing", "scope_name": "app"}, "of another"))
	var message struct{ Attachments []struct{ Text string } }
	slack.expect(t, &message)
	assert.Equal(t, "of another", strings.TrimSpace(message.Attachments[0].Text))
	postAlerts(t, server, firing(map[string]string{"alertname": "SlowProcessing", "scope_name": "later"}, "of a third"))
	slack.expect(t, &message)
	assert.Equal(t, "of a third", strings.TrimSpace(message.Attachments[0].Text))
}

func writeSecrets(t *testing.T, slack string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"smtp_password", "pagerduty_key", "block_ip_token"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("secret-of-"+name), 0o600))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "slack_url"), []byte(slack), 0o600))
	return dir
}

// startAlertmanager runs a real Alertmanager with the shipped file and these changes, and
// returns its URL.
func startAlertmanager(t *testing.T, changes *strings.Replacer) string {
	t.Helper()
	shipped, err := os.ReadFile(filepath.Join(program.Root(), alertmanagerConfig))
	require.NoError(t, err)
	dir, address := t.TempDir(), program.FreeAddress()
	config := filepath.Join(dir, "alertmanager.yml")
	require.NoError(t, os.WriteFile(config, []byte(changes.Replace(string(shipped))), 0o600))
	process, err := program.Start(exec.Command("prometheus-alertmanager", "--config.file="+config, "--storage.path="+dir,
		"--web.listen-address="+address, "--cluster.listen-address="))
	require.NoError(t, err)
	t.Cleanup(process.Stop)
	url := "http://" + address
	eventually(t, func() bool {
		response, err := http.Get(url + "/-/ready")
		if err != nil {
			return false
		}
		_ = response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, "Alertmanager is ready")
	return url
}

type postedAlert struct {
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations,omitempty"`
	StartsAt     time.Time         `json:"startsAt"`
	EndsAt       time.Time         `json:"endsAt"`
	GeneratorURL string            `json:"generatorURL"`
}

func firing(labels map[string]string, summary string) postedAlert {
	return postedAlert{
		Labels: labels, Annotations: map[string]string{"summary": summary, "runbook_url": "https://runbooks.example"},
		StartsAt: time.Now(), EndsAt: time.Now().Add(time.Hour), GeneratorURL: "http://localhost:8320/#/search",
	}
}

func resolved(labels map[string]string) postedAlert {
	return postedAlert{Labels: labels, StartsAt: time.Now().Add(-time.Minute), EndsAt: time.Now()}
}

func postAlerts(t *testing.T, server string, alerts ...postedAlert) {
	t.Helper()
	body, err := json.Marshal(alerts)
	require.NoError(t, err)
	response, err := http.Post(server+"/api/v2/alerts", "application/json", strings.NewReader(string(body)))
	require.NoError(t, err)
	defer response.Body.Close()
	answer, _ := io.ReadAll(response.Body)
	require.Equal(t, http.StatusOK, response.StatusCode, string(answer))
}
