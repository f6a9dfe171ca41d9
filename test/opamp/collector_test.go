package opamp

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/open-telemetry/opamp-go/protobufs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/mina-observability/otelcol-mina/test/program"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"))
}

const (
	token    = "a-token-that-nobody-may-see-0123456789"
	instance = "01890a5d-ac96-774b-bcce-b302099a8057"
	deadline = 30 * time.Second
)

func eventually(t *testing.T, condition func() bool, message string) {
	t.Helper()
	require.Eventually(t, condition, deadline, 20*time.Millisecond, message)
}

// vendor is a destination with a token, which it repeats when it refuses it.
type vendor struct {
	*httptest.Server
	refuses  atomic.Bool
	requests atomic.Int64
}

func startVendor(t *testing.T) *vendor {
	t.Helper()
	v := &vendor{}
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if v.refuses.Load() {
			http.Error(w, "no such token: "+r.Header.Get("Authorization"), http.StatusUnauthorized)
			return
		}
		v.requests.Add(1)
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(v.Close)
	return v
}

// start starts a collector that delivers to the vendor, and tells the fleet's server.
func start(t *testing.T, v *vendor, address string, overrides ...string) (c *program.Collector, logs string) {
	t.Helper()
	logs = filepath.Join(t.TempDir(), "app.log")
	s := program.OTLP(t.TempDir(), logs, v.URL, "acknowledged")
	s.Configs = append(s.Configs, "opamp.yaml")
	s.Env = append(s.Env, `OTLP_HEADERS={"authorization": "Bearer `+token+`"}`, "OPAMP_ENDPOINT="+address, "OPAMP_INSTANCE_UID="+instance)
	s.Overrides = overrides
	c, err := program.StartCollector(s)
	require.NoError(t, err)
	t.Cleanup(func() {
		c.Stop()
		if t.Failed() {
			t.Logf("it printed:\n%s", c.Output())
		}
	})
	require.NoError(t, c.WaitReady())
	return c, logs
}

func write(t *testing.T, path string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = file.WriteString(`{"timestamp": "2025-10-01T16:12:05Z", "level": "INFO", "logger": "app", "message": "hello"}` + "\n")
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

func TestTheServerLearnsWhoTheCollectorIsAndHowItDoes(t *testing.T) {
	t.Parallel()
	f, v := startFleet(t), startVendor(t)
	c, logs := start(t, v, f.url)
	eventually(t, f.sees(func() bool { return f.description != nil && f.health.GetHealthy() }), "it is there, and well")
	assert.Equal(t, "otelcol-mina", attributes(f.description.GetIdentifyingAttributes())["service.name"])
	assert.NotEmpty(t, attributes(f.description.GetIdentifyingAttributes())["service.version"])
	assert.NotEmpty(t, attributes(f.description.GetNonIdentifyingAttributes())["host.name"])
	assert.Equal(t, protobufs.AgentCapabilities_AgentCapabilities_ReportsStatus|protobufs.AgentCapabilities_AgentCapabilities_ReportsHealth|
		protobufs.AgentCapabilities_AgentCapabilities_ReportsAvailableComponents, f.capabilities, "it accepts nothing")

	f.send(t, &protobufs.ServerToAgent{Flags: uint64(protobufs.ServerToAgentFlags_ServerToAgentFlags_ReportAvailableComponents)})
	eventually(t, f.sees(func() bool {
		_, found := f.components.GetComponents()["receivers"].GetSubComponentMap()["mina"]
		return found
	}), "it says which components it has")

	v.refuses.Store(true)
	write(t, logs)
	eventually(t, f.sees(func() bool { return !f.health.GetHealthy() && f.health.GetLastError() != "" }), "the outage is reported")
	assert.Contains(t, f.health.GetLastError(), "401")
	v.refuses.Store(false)
	eventually(t, f.sees(func() bool { return f.health.GetHealthy() }), "and its end")

	c.Stop()
	assert.Nil(t, f.configuration)
	assert.NotContains(t, f.all.String(), token)
	assert.NotContains(t, c.Output(), token)
}

func TestTheServerCanChangeNothing(t *testing.T) {
	t.Parallel()
	f, v := startFleet(t), startVendor(t)
	c, logs := start(t, v, f.url)
	eventually(t, f.sees(func() bool { return f.health.GetHealthy() }), "it is connected")
	for _, order := range []*protobufs.ServerToAgent{
		{Command: &protobufs.ServerToAgentCommand{Type: protobufs.CommandType_CommandType_Restart}},
		{RemoteConfig: &protobufs.AgentRemoteConfig{ConfigHash: []byte("other"), Config: &protobufs.AgentConfigMap{ConfigMap: map[string]*protobufs.AgentConfigFile{
			"": {Body: []byte("receivers: {}"), ContentType: "text/yaml"},
		}}}},
		{ConnectionSettings: &protobufs.ConnectionSettingsOffers{Hash: []byte("other"), Opamp: &protobufs.OpAMPConnectionSettings{DestinationEndpoint: "ws://localhost:1"}}},
		{PackagesAvailable: &protobufs.PackagesAvailable{AllPackagesHash: []byte("other"), Packages: map[string]*protobufs.PackageAvailable{
			"": {Version: "9", File: &protobufs.DownloadableFile{DownloadUrl: v.URL + "/collector"}},
		}}},
		{Flags: uint64(protobufs.ServerToAgentFlags_ServerToAgentFlags_ReportFullState)},
	} {
		f.send(t, order)
	}
	f.mu.Lock()
	f.description = nil
	f.mu.Unlock()
	eventually(t, f.sees(func() bool { return f.description != nil }), "it has read the orders, and tells all of it again, as the last of them asks")
	write(t, logs)
	eventually(t, func() bool { return v.requests.Load() == 1 }, "it delivers as before, and nothing else is fetched")
	assert.NotContains(t, c.Output(), "restart")
	assert.Nil(t, f.configuration, "the configuration is not sent, also when all is asked for")
}

// TestRecordsDoNotWaitForTheServer, which is not there.
func TestRecordsDoNotWaitForTheServer(t *testing.T) {
	t.Parallel()
	v := startVendor(t)
	c, logs := start(t, v, "ws://"+program.FreeAddress()+"/v1/opamp")
	write(t, logs)
	eventually(t, func() bool { return v.requests.Load() == 1 }, "it delivers")
	assert.Equal(t, http.StatusOK, c.Health(""))
	c.Stop()
}
