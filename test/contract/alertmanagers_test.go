package contract_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// pager is the webhook of Alertmanagers. It keeps what it is told.
type pager struct {
	*httptest.Server
	mu   sync.Mutex
	told []told
}

type told struct {
	Status, GeneratorURL string
	Labels, Annotations  map[string]string
}

func newPager(t *testing.T) *pager {
	t.Helper()
	p := &pager{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var notification struct{ Alerts []told }
		if json.NewDecoder(r.Body).Decode(&notification) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.told = append(p.told, notification.Alerts...)
	}))
	t.Cleanup(p.Close)
	return p
}

// of returns what was told of an alert, in order.
func (p *pager) of(name string) (all []told) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, alert := range p.told {
		if alert.Labels["alertname"] == name {
			all = append(all, alert)
		}
	}
	return all
}

// peer is a real Alertmanager of a cluster.
type peer struct {
	url, cluster string
	arguments    []string
	*program.Process
}

// newCluster starts two that know each other: one of them notifies, and the other waits
// five seconds for it to have done so.
func newCluster(t *testing.T, p *pager) (peers [2]*peer) {
	t.Helper()
	config := filepath.Join(t.TempDir(), "alertmanager.yml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `
route: {receiver: pager, group_by: [...], group_wait: 0s, group_interval: 1s}
receivers: [{name: pager, webhook_configs: [{url: %q}]}]
`, p.URL), 0o600))
	for i := range peers {
		address := program.FreeAddress()
		peers[i] = &peer{url: "http://" + address, cluster: strings.Replace(program.FreeAddress(), "localhost", "127.0.0.1", 1)}
		peers[i].arguments = []string{
			"--config.file=" + config, "--storage.path=" + t.TempDir(), "--web.listen-address=" + address, "--cluster.listen-address=" + peers[i].cluster,
			"--cluster.settle-timeout=0s", "--cluster.peer-timeout=5s", "--cluster.pushpull-interval=1s", "--cluster.reconnect-interval=500ms",
		}
	}
	for i := range peers {
		peers[i].arguments = append(peers[i].arguments, "--cluster.peer="+peers[1-i].cluster)
		peers[i].start(t)
	}
	for _, peer := range peers {
		eventually(t, func() bool {
			var status struct{ Cluster struct{ Peers []any } }
			peer.get("/api/v2/status", &status)
			return len(status.Cluster.Peers) == 2
		}, "they know each other")
	}
	return peers
}

func (p *peer) start(t *testing.T) {
	t.Helper()
	var err error
	p.Process, err = program.Start(exec.Command("prometheus-alertmanager", p.arguments...))
	require.NoError(t, err)
	t.Cleanup(p.Stop)
	eventually(t, func() bool { return p.get("/-/ready", nil) == http.StatusOK }, "Alertmanager is ready")
}

// get reads what Alertmanager tells of itself, and returns the status, or 0.
func (p *peer) get(path string, into any) int {
	response, err := http.Get(p.url + path)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	if into != nil {
		_ = json.NewDecoder(response.Body).Decode(into)
	}
	return response.StatusCode
}

// names returns the alerts that fire.
func (p *peer) names() (names []string) {
	var alerts []told
	p.get("/api/v2/alerts", &alerts)
	for _, alert := range alerts {
		names = append(names, alert.Labels["alertname"])
	}
	return names
}

// alerting is a collector that takes transitions over OTLP and tells a cluster.
type alerting struct {
	*program.Collector
	settings program.Settings
	intake   string
}

func newAlerting(t *testing.T, peers [2]*peer) *alerting {
	t.Helper()
	a := &alerting{intake: program.FreeAddress()}
	path := filepath.Join(t.TempDir(), "alerting.yaml")
	require.NoError(t, os.WriteFile(path, fmt.Appendf(nil, `
receivers: {otlp: {protocols: {http: {endpoint: %q}}}}
connectors: {fanout: }
extensions:
  health_check: {component_health: {include_recoverable_errors: true, recovery_duration: 1s}}
  state_storage: {directory: %q}
exporters:
  nop:
  alertmanager: {endpoints: "%s,%s", storage: state_storage, resend_interval: 1s}
service:
  extensions: [health_check]
  pipelines:
    logs: {receivers: [otlp], exporters: [fanout]}
    logs/other: {receivers: [fanout], exporters: [nop]}
    logs/alertmanager: {receivers: [fanout], exporters: [alertmanager]}
`, a.intake, t.TempDir(), peers[0].url, peers[1].url), 0o600))
	a.settings = program.Settings{Configs: []string{path}, Env: []string{"MINA_STATE_DIR=" + t.TempDir()}}
	a.start(t)
	return a
}

func (a *alerting) start(t *testing.T) {
	t.Helper()
	a.Collector = startCollector(t, a.settings, token)
	require.NoError(t, a.WaitReady())
}

// tell sends the transition of an alert, and returns how long the answer took.
func (a *alerting) tell(t *testing.T, name, state string, began time.Time, attributes map[string]any) time.Duration {
	t.Helper()
	logs := plog.NewLogs()
	record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.SetEventName("mina.alert")
	all := map[string]any{
		"alert.name": name, "alert.state": state, "alert.fingerprint": fmt.Sprintf("%x", name), "alert.starts_at": began.UTC().Format(time.RFC3339Nano),
		"alert.labels.severity": "critical",
	}
	if state == "resolved" {
		all["alert.ends_at"] = time.Now().UTC().Format(time.RFC3339Nano)
	}
	for key, value := range attributes {
		all[key] = value
	}
	require.NoError(t, record.Attributes().FromRaw(all))
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalJSON()
	require.NoError(t, err)
	begun := time.Now()
	response, err := http.Post("http://"+a.intake+"/v1/logs", "application/json", bytes.NewReader(body))
	require.NoError(t, err)
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	require.Equal(t, http.StatusOK, response.StatusCode)
	return time.Since(begun)
}

func TestClusterOfAlertmanagersNotifiesOnce(t *testing.T) {
	t.Parallel()
	p := newPager(t)
	peers := newCluster(t, p)
	c := newAlerting(t, peers)
	began := time.Now()
	attributes := map[string]any{
		"alert.labels.client.address": "203.0.113.9", "alert.labels.größe": "größer als „alles“", "alert.labels.path": strings.Repeat("ä", 1000),
		"alert.labels.empty": "", "alert.annotations.summary.text": "6 in 1m\n\x00\xff", "alert.search": `"Login failed" client.address:="203.0.113.9"`,
	}
	c.tell(t, "FailedLogins", "firing", began, attributes)
	eventually(t, func() bool { return len(p.of("FailedLogins")) == 1 }, "it fires")
	fires := p.of("FailedLogins")[0]
	assert.Equal(t, "firing", fires.Status)
	assert.Less(t, time.Since(began), 5*time.Second)
	assert.Equal(t, "203.0.113.9", fires.Labels["client_address"])
	assert.Equal(t, "größer als „alles“", fires.Labels["gr__e"])
	assert.Regexp(t, "^ä+…[0-9a-f]{16}$", fires.Labels["path"])
	assert.NotContains(t, fires.Labels, "empty")
	assert.Equal(t, "6 in 1m\n\x00\uFFFD", fires.Annotations["summary_text"])
	assert.Contains(t, fires.GeneratorURL, "http://localhost:8320/#/search?q=%22Login+failed%22")
	for _, peer := range peers {
		eventually(t, func() bool { return len(peer.names()) == 1 }, "both know it")
	}
	c.tell(t, "FailedLogins", "resolved", began, attributes)
	eventually(t, func() bool { return len(p.of("FailedLogins")) == 2 }, "it is resolved")
	c.tell(t, "Last", "firing", time.Now(), nil)
	eventually(t, func() bool { return len(p.of("Last")) == 1 }, "the last one fires")
	over := p.of("FailedLogins")
	require.Len(t, over, 2, "each is told once")
	assert.Equal(t, "resolved", over[1].Status)
	assert.Equal(t, fires.Labels, over[1].Labels)
}

// TestAlertsOutliveTheDownTimeOfEverybody has one Alertmanager down, then both and the
// collector killed. What fires is told in the end, and nobody waits meanwhile.
func TestAlertsOutliveTheDownTimeOfEverybody(t *testing.T) {
	t.Parallel()
	p := newPager(t)
	peers := newCluster(t, p)
	c := newAlerting(t, peers)
	began := time.Now()
	peers[0].Kill()
	assert.Less(t, c.tell(t, "OneIsDown", "firing", began, nil), 5*time.Second)
	eventually(t, func() bool { return len(p.of("OneIsDown")) > 0 }, "the other one notifies")
	eventually(t, func() bool { return c.Health("logs/alertmanager") != http.StatusOK }, "the health says that one is down")
	assert.Equal(t, http.StatusOK, c.Health("logs/other"))

	peers[1].Kill()
	assert.Less(t, c.tell(t, "BothAreDown", "firing", began, nil), 5*time.Second)
	c.Kill()
	c.start(t)
	for _, peer := range peers {
		peer.start(t)
	}
	eventually(t, func() bool { return len(p.of("BothAreDown")) > 0 }, "it is told when they are back")
	for _, peer := range peers {
		eventually(t, func() bool { return len(peer.names()) == 2 }, "each knows both")
	}
	eventually(t, func() bool { return c.Health("logs/alertmanager") == http.StatusOK }, "all is well")
	c.tell(t, "BothAreDown", "resolved", began, nil)
	eventually(t, func() bool { all := p.of("BothAreDown"); return all[len(all)-1].Status == "resolved" }, "and it is resolved")
}

// TestAlertThatIsOverWhenAlertmanagersAreBackIsHeardOf has an alert begin and end while
// nobody is there to be told.
func TestAlertThatIsOverWhenAlertmanagersAreBackIsHeardOf(t *testing.T) {
	t.Parallel()
	p := newPager(t)
	peers := newCluster(t, p)
	c := newAlerting(t, peers)
	for _, peer := range peers {
		peer.Kill()
	}
	began := time.Now()
	c.tell(t, "Short", "firing", began, nil)
	c.tell(t, "Short", "resolved", began, nil)
	for _, peer := range peers {
		peer.start(t)
	}
	eventually(t, func() bool {
		all := p.of("Short")
		return len(all) > 0 && all[len(all)-1].Status == "resolved"
	}, "it is told that it is over")
	assert.Equal(t, "firing", p.of("Short")[0].Status)
}
