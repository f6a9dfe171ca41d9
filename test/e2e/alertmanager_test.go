package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// notification is an alert as Alertmanager has told a receiver of it.
type notification struct {
	Status      string            `json:"status"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	StartsAt    string            `json:"startsAt"`
	EndsAt      string            `json:"endsAt"`
	Link        string            `json:"generatorURL"`
	receiver    string
}

// alertmanager is the real one, with the shipped routes. In the place of every receiver
// is a webhook that keeps what it is told.
type alertmanager struct {
	URL     string
	config  string
	address string

	mu            sync.Mutex
	notifications []notification
}

// newAlertmanager prepares one, which is still to be started.
func newAlertmanager(t *testing.T) *alertmanager {
	t.Helper()
	a := &alertmanager{address: program.FreeAddress(), config: filepath.Join(t.TempDir(), "alertmanager.yml")}
	a.URL = "http://" + a.address
	webhook := httptest.NewServer(http.HandlerFunc(a.notify))
	t.Cleanup(webhook.Close)
	text, err := os.ReadFile(filepath.Join(program.Root(), "config", "alertmanager", "alertmanager.yml"))
	require.NoError(t, err)
	var config map[string]any
	require.NoError(t, yaml.Unmarshal(text, &config))
	delete(config, "global")
	for _, receiver := range config["receivers"].([]any) {
		receiver := receiver.(map[string]any)
		name := receiver["name"].(string)
		clear(receiver)
		receiver["name"], receiver["webhook_configs"] = name, []any{map[string]any{"url": webhook.URL + "/" + name, "send_resolved": true}}
	}
	hurry(config["route"].(map[string]any))
	text, err = yaml.Marshal(config)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(a.config, text, 0o600))
	return a
}

// hurry has notifications sent at once.
func hurry(route map[string]any) {
	route["group_wait"], route["group_interval"] = "0s", "1s"
	routes, _ := route["routes"].([]any)
	for _, below := range routes {
		hurry(below.(map[string]any))
	}
}

func (a *alertmanager) start(t *testing.T) {
	t.Helper()
	start(t, exec.Command("/usr/bin/prometheus-alertmanager", "--config.file="+a.config, "--storage.path="+t.TempDir(),
		"--web.listen-address="+a.address, "--cluster.listen-address="))
	eventually(t, func() bool {
		response, err := http.Get(a.URL + "/-/ready")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, "Alertmanager is ready")
}

func (a *alertmanager) notify(w http.ResponseWriter, r *http.Request) {
	var message struct {
		Alerts []notification `json:"alerts"`
	}
	if err := json.NewDecoder(r.Body).Decode(&message); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, alert := range message.Alerts {
		alert.receiver = path.Base(r.URL.Path)
		a.notifications = append(a.notifications, alert)
	}
}

// told returns what a receiver was told of an alert last, and whether it was.
func (a *alertmanager) told(receiver, alert, status string) (last notification, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, n := range a.notifications {
		if n.receiver == receiver && n.Labels["alertname"] == alert && n.Status == status {
			last, ok = n, true
		}
	}
	return last, ok
}

// names returns the alerts that anybody was told of.
func (a *alertmanager) names() map[string]bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	names := map[string]bool{}
	for _, n := range a.notifications {
		names[n.Labels["alertname"]] = true
	}
	return names
}
