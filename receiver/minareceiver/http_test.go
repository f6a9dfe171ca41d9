package minareceiver

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
	"golang.org/x/sync/errgroup"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
)

func httpConfig(t testing.TB, change ...func(*HTTPConfig)) (*Config, string) {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	http := *cfg.HTTP.GetOrInsertDefault()
	http.NetAddr.Endpoint = freeAddress(t)
	http.MaxRequestBodySize = 64 << 10
	http.MaxRecordSize = 8 << 10
	for _, f := range change {
		f(&http)
	}
	cfg.HTTP = configoptional.Some(http)
	return cfg, "http://" + http.NetAddr.Endpoint
}

func post(t testing.TB, url, contentType, encoding string, body []byte) (*http.Response, string) {
	t.Helper()
	response, text, err := tryToPost(t.Context(), url, contentType, encoding, body)
	require.NoError(t, err)
	return response, text
}

func tryToPost(ctx context.Context, url, contentType, encoding string, body []byte) (*http.Response, string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	request.Header.Set("Content-Type", contentType)
	if encoding != "" {
		request.Header.Set("Content-Encoding", encoding)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response, string(text), err
}

func gzipped(text string) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return out.Bytes()
}

func TestHTTPAnswers(t *testing.T) {
	const json = "application/json"
	for name, tt := range map[string]struct {
		contentType, encoding, path string
		body                        []byte
		status                      int
		reason                      string
		bodies                      []string
	}{
		"object":             {json, "", "/v1/mina", []byte(`{"message":"a"}`), 202, "", []string{"a"}},
		"array at the root":  {json, "", "/", []byte(`[{"message":"a"},{"message":"b"}]`), 202, "", []string{"a", "b"}},
		"NDJSON, gzip":       {"application/x-ndjson", "gzip", "/v1/mina", gzipped("{\"message\":\"a\"}\n{\"message\":\"b\"}"), 202, "", []string{"a", "b"}},
		"charset":            {json + "; charset=utf-8", "", "/v1/mina", []byte(`{"message":"a"}`), 202, "", []string{"a"}},
		"form":               {"application/x-www-form-urlencoded", "", "/", []byte(`msg=%25s+%25d&args=%28%27a%27%2C+1%29&levelname=INFO&name=app`), 202, "", []string{"a 1"}},
		"bad record":         {json, "", "/v1/mina", []byte(`[{"message":"secret"},{"message":]`), 400, "record 1:", nil},
		"bad form":           {"application/x-www-form-urlencoded", "", "/", []byte(`msg=%zz`), 400, "record 0: it is not a valid form", nil},
		"nothing":            {json, "", "/v1/mina", nil, 400, "the request holds no record", nil},
		"broken gzip":        {json, "gzip", "/v1/mina", []byte("nonsense"), 400, "", nil},
		"record too large":   {json, "", "/v1/mina", []byte(`{"message":"` + strings.Repeat("x", 9<<10) + `"}`), 400, "max_record_size", nil},
		"body too large":     {json, "", "/v1/mina", bytes.Repeat([]byte(`{"message":"a"}`), 10<<10), 413, "max_request_body_size", nil},
		"decompression bomb": {json, "gzip", "/v1/mina", gzipped(strings.Repeat(" ", 64<<20)), 413, "max_request_body_size", nil},
		"content type":       {"application/xml", "", "/v1/mina", []byte(`<a/>`), 415, "Content-Type", nil},
		"encoding":           {json, "br", "/v1/mina", []byte(`{}`), 415, "unsupported Content-Encoding", nil},
		"path":               {json, "", "/v2", []byte(`{}`), 404, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			next := &sink{}
			cfg, url := httpConfig(t)
			r := startReceiver(t, cfg, next, nil)
			response, text := post(t, url+tt.path, tt.contentType, tt.encoding, tt.body)
			stopReceiver(t, r)
			assert.Equal(t, tt.status, response.StatusCode, text)
			assert.Contains(t, text, tt.reason)
			assert.NotContains(t, text, "secret")
			assert.ElementsMatch(t, tt.bodies, next.taken())
		})
	}
}

func TestHTTPGet(t *testing.T) {
	for name, tt := range map[string]struct {
		method, query string
		header        map[string]string
		status        int
		reason        string
		bodies        []string
	}{
		"a record":           {"GET", "?name=app&msg=%25s+%25d&args=%28%27a%27%2C+1%29&levelname=INFO", nil, 202, "", []string{"a 1"}},
		"nothing":            {"GET", "", nil, 405, "records are sent with POST", nil},
		"no record":          {"GET", "?probe=1", nil, 405, "records are sent with POST", nil},
		"no form":            {"GET", "?msg=%zz", nil, 400, "it is not a valid form", nil},
		"too large a record": {"GET", "?msg=" + strings.Repeat("x", 9<<10), nil, 400, "max_record_size", nil},
		"too large a header": {"GET", "?msg=" + strings.Repeat("x", 80<<10), nil, 431, "", nil},
		"another method":     {"PUT", "?msg=a", nil, 405, "records are sent with POST", nil},
		"a page's image":     {"GET", "?msg=a", map[string]string{"Referer": "http://evil.example/"}, 403, "browser", nil},
		"a page's form":      {"GET", "?msg=a", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403, "browser", nil},
	} {
		t.Run(name, func(t *testing.T) {
			next := &sink{}
			cfg, url := httpConfig(t)
			r := startReceiver(t, cfg, next, nil)
			defer stopReceiver(t, r)
			status, header, text := request(t, tt.method, url+"/"+tt.query, tt.header, nil)
			assert.Equal(t, tt.status, status, text)
			assert.Contains(t, text, tt.reason)
			assert.ElementsMatch(t, tt.bodies, next.taken())
			if status == http.StatusMethodNotAllowed {
				assert.Equal(t, http.MethodPost, header.Get("Allow"))
			}
		})
	}
}

// request is one request on a connection of its own. Host is a header like the others.
func request(t testing.TB, method, url string, header map[string]string, body io.Reader) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	require.NoError(t, err)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	r.Host = header["Host"]
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, response.Header, string(text)
}

func TestHTTPIsClosedToWebPages(t *testing.T) {
	const page = "https://app.example"
	for name, tt := range map[string]struct {
		method string
		header map[string]string
		status int
	}{
		"a page":              {"POST", map[string]string{"Origin": "https://evil.example"}, 403},
		"a rebound name":      {"POST", map[string]string{"Host": "evil.example:8319"}, 403},
		"a page's preflight":  {"OPTIONS", map[string]string{"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}, 403},
		"an allowed name":     {"POST", map[string]string{"Host": "mina.example"}, 202},
		"an allowed page":     {"POST", map[string]string{"Origin": page, "Sec-Fetch-Site": "cross-site"}, 202},
		"allowed, preflight":  {"OPTIONS", map[string]string{"Origin": page, "Access-Control-Request-Method": "POST"}, 204},
		"allowed, other name": {"POST", map[string]string{"Origin": page, "Host": "evil.example"}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			next := &sink{}
			cfg, url := httpConfig(t, func(h *HTTPConfig) {
				h.AllowedHosts = []string{"mina.example"}
				h.CORS = configoptional.Some(confighttp.CORSConfig{AllowedOrigins: []string{page}})
			})
			r := startReceiver(t, cfg, next, nil)
			defer stopReceiver(t, r)
			status, _, text := request(t, tt.method, url, tt.header, strings.NewReader(`{"message":"a"}`))
			assert.Equal(t, tt.status, status, text)
			assert.Equal(t, tt.status == 202, len(next.taken()) == 1)
		})
	}
}

func TestHTTPWarnsOfAnOpenEndpoint(t *testing.T) {
	for name, tt := range map[string]struct {
		endpoint string
		change   func(*HTTPConfig)
		warned   bool
	}{
		"localhost":  {"localhost:0", func(*HTTPConfig) {}, false},
		"everywhere": {"0.0.0.0:0", func(*HTTPConfig) {}, true},
		"client certificates": {"0.0.0.0:0", func(h *HTTPConfig) {
			h.TLS = configoptional.Some(configtls.ServerConfig{ClientCAFile: "ca.pem"})
		}, false},
		"TLS alone":     {"0.0.0.0:0", func(h *HTTPConfig) { h.TLS = configoptional.Some(configtls.ServerConfig{}) }, true},
		"authenticated": {"0.0.0.0:0", func(h *HTTPConfig) { h.Auth = configoptional.Some(confighttp.AuthConfig{}) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			core, logs := observer.New(zap.WarnLevel)
			set := nopSettings()
			set.Logger = zap.New(core)
			cfg, _ := httpConfig(t, tt.change)
			in, err := newHTTPInput(set, cfg.HTTP.Get(), inflight.NewDecoders(&cfg.Config), &sink{}, nil)
			require.NoError(t, err)
			listener, err := net.Listen("tcp", tt.endpoint)
			require.NoError(t, err)
			defer listener.Close()
			in.announce(listener.Addr())
			assert.Equal(t, tt.warned, logs.FilterMessageSnippet("http.endpoint is open").Len() == 1)
		})
	}
}

func TestHTTPAnswersAsThePipelineDoes(t *testing.T) {
	for name, tt := range map[string]struct {
		err        error
		status     int
		retryAfter string
	}{
		"permanent":  {consumererror.NewPermanent(errors.New("secret")), 400, ""},
		"for now":    {errors.New("secret"), 503, "5"},
		"queue full": {fmt.Errorf("secret: %w", exporterhelper.ErrQueueIsFull), 429, "1"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, url := httpConfig(t)
			r := startReceiver(t, cfg, &sink{answer: func(int, plog.Logs) error { return tt.err }}, nil)
			defer stopReceiver(t, r)
			response, text := post(t, url, "application/json", "", []byte(`{"message":"a"}`))
			assert.Equal(t, tt.status, response.StatusCode)
			assert.Equal(t, tt.retryAfter, response.Header.Get("Retry-After"))
			assert.NotContains(t, text, "secret")
		})
	}
}

// stuck is a pipeline that answers when its caller gives up, or at release.
type stuck struct {
	sink
	entered chan struct{}
	release chan struct{}
}

func (s *stuck) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	s.entered <- struct{}{}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.release:
		return s.sink.ConsumeLogs(ctx, logs)
	}
}

func TestHTTPDoesNotWaitForEver(t *testing.T) {
	next := &stuck{entered: make(chan struct{}, 1)}
	cfg, url := httpConfig(t, func(h *HTTPConfig) { h.DeliveryTimeout = 20 * time.Millisecond })
	r := startReceiver(t, cfg, next, nil)
	defer stopReceiver(t, r)
	response, _ := post(t, url, "application/json", "", []byte(`{"message":"a"}`))
	assert.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	assert.Equal(t, "5", response.Header.Get("Retry-After"))
}

// deaf is a pipeline that goes on when its caller has given up.
type deaf struct {
	sink
	release chan struct{}
}

func (d *deaf) ConsumeLogs(_ context.Context, logs plog.Logs) error {
	<-d.release
	return d.sink.ConsumeLogs(context.Background(), logs)
}

func TestHTTPRefusesMoreRequestsThanItMayWorkOn(t *testing.T) {
	next := &deaf{release: make(chan struct{})}
	cfg, url := httpConfig(t, func(h *HTTPConfig) { h.MaxInFlight, h.DeliveryTimeout = 1<<10, 50*time.Millisecond })
	r := startReceiver(t, cfg, next, nil)
	defer stopReceiver(t, r)
	large := []byte(`{"message":"a", "list":[` + strings.Repeat("0,", 40) + "0]}")
	response, _ := post(t, url, "application/json", "", large)
	assert.Equal(t, http.StatusServiceUnavailable, response.StatusCode, "the pipeline has not answered in time")
	response, _ = post(t, url, "application/json", "", large)
	assert.Equal(t, http.StatusTooManyRequests, response.StatusCode, "and still has the records")
	assert.Equal(t, "1", response.Header.Get("Retry-After"))
	close(next.release)
	eventually(t, func() bool {
		response, _, err := tryToPost(t.Context(), url, "application/json", "", large)
		return err == nil && response.StatusCode == http.StatusAccepted
	}, "there is room again")
}

func TestHTTPBoundsWhatARequestIsDecodedTo(t *testing.T) {
	for name, tt := range map[string]struct {
		body   string
		reason string
	}{
		"empty records":   {strings.Repeat("{}\n", 1001), "there are 1001 records, more than max_request_records, 1000"},
		"in an array":     {"[" + strings.Repeat("{},", 1000) + "{}]", "more than max_request_records"},
		"a list":          {`{"a":[` + strings.Repeat("0,", 3000) + `0]}`, "the records take more memory than 3 times max_in_flight"},
		"lists in a list": {`{"a":[` + strings.Repeat("[],", 2000) + `0]}`, "the records take more memory"},
		"depth":           {`{"a":` + strings.Repeat("[", 3000) + strings.Repeat("]", 3000) + `}`, "the records take more memory"},
		"members":         {`{` + strings.Repeat(`"":0,`, 1500) + `"a":0}`, "the records take more memory"},
	} {
		t.Run(name, func(t *testing.T) {
			next := &sink{}
			cfg, url := httpConfig(t, func(h *HTTPConfig) { h.MaxRequestRecords, h.MaxInFlight = 1000, 24<<10 })
			r := startReceiver(t, cfg, next, nil)
			defer stopReceiver(t, r)
			response, text := post(t, url, "application/json", "gzip", gzipped(tt.body))
			assert.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode, text)
			assert.Contains(t, text, tt.reason)
			assert.Empty(t, next.taken())
		})
	}
}

// upload is a request that has been sent in part.
func upload(t testing.TB, endpoint, head, part string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", endpoint)
	require.NoError(t, err)
	_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: localhost\r\n"+head+"\r\n\r\n"+part)
	require.NoError(t, err)
	return conn
}

// TestHTTPStalledUploadsKeepNobodyOut stalls more uploads than max_in_flight would
// hold if each were as large as it may become.
func TestHTTPStalledUploadsKeepNobodyOut(t *testing.T) {
	for name, tt := range map[string]struct{ head, part string }{
		"before the body": {"Content-Length: 60000", ""},
		"in the body":     {"Content-Length: 60000", `{"message":"`},
		"in a chunk":      {"Transfer-Encoding: chunked", "ea60\r\n{"},
		"in gzip":         {"Content-Encoding: gzip\r\nContent-Length: 60000", string(gzipped(`{"message":"a"}`)[:12])},
		"before gzip":     {"Content-Encoding: gzip\r\nContent-Length: 60000", ""},
	} {
		t.Run(name, func(t *testing.T) {
			next := &sink{}
			cfg, url := httpConfig(t, func(h *HTTPConfig) { h.MaxInFlight, h.ReadTimeout = 256<<10, 300*time.Millisecond })
			r := startReceiver(t, cfg, next, nil)
			defer stopReceiver(t, r)
			var stalled []net.Conn
			for range 50 {
				conn := upload(t, cfg.HTTP.Get().NetAddr.Endpoint, tt.head, tt.part)
				defer conn.Close()
				stalled = append(stalled, conn)
			}
			response, text := post(t, url, "application/json", "", []byte(`{"message":"a"}`))
			assert.Equal(t, http.StatusAccepted, response.StatusCode, text)
			for _, conn := range stalled {
				require.NoError(t, conn.SetReadDeadline(time.Now().Add(deadline)))
				answer, err := io.ReadAll(conn)
				require.NoError(t, err, "the connection is closed")
				require.Contains(t, string(answer), "408 Request Timeout")
			}
		})
	}
}

func TestHTTPSlowUploadsAreTaken(t *testing.T) {
	next := &sink{}
	cfg, _ := httpConfig(t)
	r := startReceiver(t, cfg, next, nil)
	defer stopReceiver(t, r)
	const text = `{"message":"slow"}`
	conn := upload(t, cfg.HTTP.Get().NetAddr.Endpoint, fmt.Sprintf("Content-Length: %d", len(text)), "")
	defer conn.Close()
	for i := range text {
		_, err := io.WriteString(conn, text[i:i+1])
		require.NoError(t, err)
	}
	eventually(t, func() bool { return len(next.taken()) == 1 }, "it is taken")
}

func TestHTTPManySmallClientsAreTaken(t *testing.T) {
	next := &sink{}
	cfg, url := httpConfig(t, func(h *HTTPConfig) { h.MaxRequestBodySize = 8 << 20 })
	r := startReceiver(t, cfg, next, nil)
	defer stopReceiver(t, r)
	var clients errgroup.Group
	for range 300 {
		clients.Go(func() error {
			// A reader that is no *bytes.Reader is sent in chunks.
			status, _, text := request(t, http.MethodPost, url, map[string]string{"Content-Encoding": "gzip"}, io.MultiReader(bytes.NewReader(gzipped(`{"message":"a"}`))))
			if status != http.StatusAccepted {
				return errors.New(text)
			}
			return nil
		})
	}
	require.NoError(t, clients.Wait())
	assert.Len(t, next.taken(), 300)
}

func TestHTTPStopsWithAStalledUpload(t *testing.T) {
	cfg, _ := httpConfig(t)
	r := startReceiver(t, cfg, &sink{}, nil)
	conn := upload(t, cfg.HTTP.Get().NetAddr.Endpoint, "Content-Length: 60000", "{")
	defer conn.Close()
	begin := time.Now()
	stopReceiver(t, r)
	assert.Less(t, time.Since(begin), 2*httpStopGrace)
}

func TestHTTPAddressInUseIsNamed(t *testing.T) {
	cfg, _ := httpConfig(t)
	r := startReceiver(t, cfg, &sink{}, nil)
	defer stopReceiver(t, r)
	second, err := newReceiver(nopSettings(), cfg, &sink{})
	require.NoError(t, err)
	err = second.Start(t.Context(), newHost(nil))
	require.ErrorContains(t, err, `http.endpoint "`+cfg.HTTP.Get().NetAddr.Endpoint+`"`)
	require.NoError(t, second.Shutdown(t.Context()))
}

func FuzzHTTPBody(f *testing.F) {
	f.Add("application/json", []byte(`[{"message":"a"},{"message":"b"}]`))
	f.Add("application/x-ndjson", []byte("{\"a\":1}\n{\"b\":2}"))
	f.Add("application/x-www-form-urlencoded", []byte("msg=%25s&args=%28%27a%27%2C%29&exc_text=Traceback&exc_info=x"))
	in, err := newHTTPInput(nopSettings(), createDefaultConfig().(*Config).HTTP.GetOrInsertDefault(), inflight.NewDecoders(&createDefaultConfig().(*Config).Config), &sink{}, nil)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", bytes.NewReader(body))
		require.NoError(t, err)
		request.Header.Set("Content-Type", contentType)
		read, p := in.formatOf(request)
		var batch *minalog.Batch
		if p == nil {
			batch, p = in.decode(t.Context(), body, read, in.records.Share())
		}
		switch {
		case p == nil && batch.Len() != batch.Logs().LogRecordCount():
			t.Fatalf("%d records counted, %d there", batch.Len(), batch.Logs().LogRecordCount())
		case p != nil && p.status != 400 && p.status != 415 && p.status != 413:
			t.Fatalf("status %d", p.status)
		}
	})
}
