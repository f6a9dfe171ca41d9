package minareceiver

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"

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
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", contentType)
	if encoding != "" {
		request.Header.Set("Content-Encoding", encoding)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(text)
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

func TestHTTPMethod(t *testing.T) {
	cfg, url := httpConfig(t)
	r := startReceiver(t, cfg, &sink{}, nil)
	defer stopReceiver(t, r)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, http.StatusMethodNotAllowed, response.StatusCode)
	assert.Equal(t, http.MethodPost, response.Header.Get("Allow"))
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

func TestHTTPRefusesMoreRequestsThanItMayWorkOn(t *testing.T) {
	next := &stuck{entered: make(chan struct{}), release: make(chan struct{})}
	cfg, url := httpConfig(t, func(h *HTTPConfig) { h.MaxInFlight = 1 << 10 })
	r := startReceiver(t, cfg, next, nil)
	defer stopReceiver(t, r)
	first := make(chan int)
	go func() {
		response, _ := post(t, url, "application/json", "", []byte(`{"message":"a"}`+strings.Repeat(" ", 1000)))
		first <- response.StatusCode
	}()
	<-next.entered
	response, _ := post(t, url, "application/json", "", []byte(`{"message":"b"}`))
	assert.Equal(t, http.StatusTooManyRequests, response.StatusCode)
	assert.Equal(t, "1", response.Header.Get("Retry-After"))
	close(next.release)
	assert.Equal(t, http.StatusAccepted, <-first)
	assert.Equal(t, []string{"a"}, next.taken())
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
		batch, _, p := in.decode(request)
		switch {
		case p == nil && batch.Len() != batch.Logs().LogRecordCount():
			t.Fatalf("%d records counted, %d there", batch.Len(), batch.Logs().LogRecordCount())
		case p != nil && p.status != 400 && p.status != 415:
			t.Fatalf("status %d", p.status)
		}
	})
}
