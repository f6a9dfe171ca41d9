package logpageextension

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/extensiontest"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/logstore"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// host has the extensions of a collector.
type host map[component.ID]component.Component

func (h host) GetExtensions() map[component.ID]component.Component { return h }

// store is an extension log_store whose store answers as it is told to.
type store struct {
	component.StartFunc
	component.ShutdownFunc
	answer http.HandlerFunc
	state  logstore.Status
}

func (s *store) Status() logstore.Status { return s.state }

func (s *store) RoundTripper(http.RoundTripper) (http.RoundTripper, error) {
	return roundTrip(s.roundTrip), nil
}

func (s *store) roundTrip(r *http.Request) (*http.Response, error) {
	read, write := io.Pipe()
	answer := &pipedAnswer{PipeWriter: write, response: &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: read, Request: r}, begun: make(chan struct{})}
	go func() {
		s.answer(answer, r)
		answer.WriteHeader(http.StatusOK)
		_ = write.Close()
	}()
	<-answer.begun
	return answer.response, nil
}

type pipedAnswer struct {
	*io.PipeWriter
	response *http.Response
	begun    chan struct{}
}

func (a *pipedAnswer) Header() http.Header { return a.response.Header }

func (a *pipedAnswer) WriteHeader(status int) {
	select {
	case <-a.begun:
	default:
		a.response.StatusCode = status
		close(a.begun)
	}
}

func (a *pipedAnswer) Write(text []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.PipeWriter.Write(text)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// serve starts the page, and returns its URL.
func serve(t testing.TB, s *store, change func(*Config)) string {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.NetAddr.Endpoint = program.FreeAddress()
	if change != nil {
		change(cfg)
	}
	require.NoError(t, cfg.Validate())
	e, err := NewFactory().Create(t.Context(), extensiontest.NewNopSettings(metadata.Type), cfg)
	require.NoError(t, err)
	require.NoError(t, e.Start(t.Context(), host{cfg.Store: s}))
	t.Cleanup(func() { require.NoError(t, e.Shutdown(context.Background())) })
	return "http://" + cfg.NetAddr.Endpoint
}

// request sends a request, and returns its answer with the body read.
func request(t testing.TB, method, url string, header map[string]string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	require.NoError(t, err)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	r.Host = header["Host"]
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	response, err := client.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(text)
}

func nothing(http.ResponseWriter, *http.Request) {}

func TestThePageAndItsFilesAreServed(t *testing.T) {
	url := serve(t, &store{answer: nothing}, nil)
	for path, media := range map[string]string{"/": "text/html; charset=utf-8", "/main.js": "text/javascript; charset=utf-8"} {
		response, text := request(t, http.MethodGet, url+path, nil)
		assert.Equal(t, http.StatusOK, response.StatusCode, path)
		assert.Equal(t, media, response.Header.Get("Content-Type"), path)
		assert.NotEmpty(t, text)
	}
	for _, path := range []string{"/none.js", "/web/", "/api/", "/api/none"} {
		response, _ := request(t, http.MethodGet, url+path, nil)
		assert.Equal(t, http.StatusNotFound, response.StatusCode, path)
	}
}

func TestAStoreThatIsDownIsSaid(t *testing.T) {
	down := &store{state: logstore.Status{State: logstore.StateFailed, Reason: "It has ended three times.", Action: "Move its directory away."}}
	url := serve(t, down, nil)
	down.answer = func(w http.ResponseWriter, _ *http.Request) { w.(*pipedAnswer).CloseWithError(io.ErrUnexpectedEOF) }
	response, text := request(t, http.MethodGet, url+"/api/records", nil)
	assert.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	assert.JSONEq(t, `{"error":{"message":"It has ended three times.","do":"Move its directory away."}}`, text)
	response, text = request(t, http.MethodGet, url+"/api/status", nil)
	assert.Equal(t, http.StatusOK, response.StatusCode)
	var status struct{ Store logstore.Status }
	require.NoError(t, json.Unmarshal([]byte(text), &status))
	assert.Equal(t, down.state, status.Store)
}

func TestAStoreThatIsNotThereIsSaid(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	e, err := NewFactory().Create(t.Context(), extensiontest.NewNopSettings(metadata.Type), cfg)
	require.NoError(t, err)
	assert.ErrorContains(t, e.Start(t.Context(), host{}), `store: "log_store" is not an extension log_store that is started`)
	assert.NoError(t, e.Shutdown(t.Context()))
}

func TestThePageNeedsItsStore(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	assert.Equal(t, []component.ID{cfg.Store}, (&logPage{cfg: cfg}).Dependencies())
}

func TestHeaders(t *testing.T) {
	url := serve(t, &store{answer: nothing}, nil)
	for _, path := range []string{"/", "/main.js", "/api/status", "/api/records", "/none"} {
		response, _ := request(t, http.MethodGet, url+path, map[string]string{"Origin": "https://evil.example"})
		header := response.Header
		assert.Equal(t, policy, header.Get("Content-Security-Policy"), path)
		assert.Equal(t, "nosniff", header.Get("X-Content-Type-Options"), path)
		assert.Equal(t, "no-referrer", header.Get("Referrer-Policy"), path)
		assert.Equal(t, strings.HasPrefix(path, "/api/"), header.Get("Cache-Control") == "no-store", path)
		for name := range header {
			assert.False(t, strings.HasPrefix(name, "Access-Control-"), "%s: %s", path, name)
		}
	}
}

func TestWhoMayAsk(t *testing.T) {
	url := serve(t, &store{answer: nothing}, func(c *Config) { c.AllowedHosts = []string{"mina.example"} })
	link := map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
	with := func(site string) map[string]string {
		return map[string]string{"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
	}
	for name, tt := range map[string]struct {
		method    string
		header    map[string]string
		page, api int
	}{
		"a program":                {http.MethodGet, nil, 200, 200},
		"HEAD":                     {http.MethodHead, nil, 200, 200},
		"POST":                     {http.MethodPost, nil, 405, 405},
		"PUT":                      {http.MethodPut, nil, 405, 405},
		"DELETE":                   {http.MethodDelete, nil, 405, 405},
		"OPTIONS":                  {http.MethodOptions, nil, 405, 405},
		"the page itself":          {http.MethodGet, with("same-origin"), 200, 200},
		"an address typed in":      {http.MethodGet, with("none"), 200, 200},
		"a link of another site":   {http.MethodGet, link, 200, 403},
		"a frame of another site":  {http.MethodGet, map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403, 403},
		"a script of another site": {http.MethodGet, with("cross-site"), 403, 403},
		"another port":             {http.MethodGet, with("same-site"), 403, 403},
		"localhost":                {http.MethodGet, map[string]string{"Host": "localhost:8320"}, 200, 200},
		"an address of loopback":   {http.MethodGet, map[string]string{"Host": "[::1]:8320"}, 200, 200},
		"an allowed name":          {http.MethodGet, map[string]string{"Host": "mina.example"}, 200, 200},
		"a name that points here":  {http.MethodGet, map[string]string{"Host": "evil.example:8320"}, 403, 403},
		"an address of a network":  {http.MethodGet, map[string]string{"Host": "192.168.1.5:8320"}, 403, 403},
	} {
		t.Run(name, func(t *testing.T) {
			for path, status := range map[string]int{"/": tt.page, "/main.js": tt.page, "/api/status": tt.api, "/api/records": tt.api} {
				if name == "a link of another site" && path == "/main.js" {
					continue
				}
				response, _ := request(t, tt.method, url+path, tt.header)
				assert.Equal(t, status, response.StatusCode, path)
			}
		})
	}
}

func TestALiveViewEndsWithItsReaderAndWithTheCollector(t *testing.T) {
	asked := make(chan struct{}, 100)
	s := &store{answer: func(http.ResponseWriter, *http.Request) {
		select {
		case asked <- struct{}{}:
		default:
		}
	}}
	url := serve(t, s, func(c *Config) { c.MaxLive = 1 })
	for range 3 { // each has room when the one before has gone
		var response *http.Response
		ctx, cancel := context.WithCancel(t.Context())
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		require.Eventually(t, func() bool {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/api/live", nil)
			require.NoError(t, err)
			response, err = client.Do(r)
			require.NoError(t, err)
			defer func() {
				if response.StatusCode != http.StatusOK {
					_ = response.Body.Close()
				}
			}()
			return response.StatusCode == http.StatusOK
		}, 10*time.Second, 20*time.Millisecond)
		text := make([]byte, 20)
		_, err := io.ReadFull(response.Body, text)
		require.NoError(t, err)
		assert.Equal(t, ": the newest records", string(text))
		<-asked
		cancel()
		_ = response.Body.Close()
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	require.Eventually(t, func() bool { // one is open while the collector ends
		response, err := client.Get(url + "/api/live")
		require.NoError(t, err)
		t.Cleanup(func() { _ = response.Body.Close() })
		return response.StatusCode == http.StatusOK
	}, 10*time.Second, 20*time.Millisecond)
}
