package api

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

// BenchmarkRecords measures what the page adds to the store's answers for 200 records: the
// store is one that has them ready.
func BenchmarkRecords(b *testing.B) {
	var times, rows bytes.Buffer
	for i := range 201 {
		at := ago(time.Duration(i+1) * time.Second)
		fmt.Fprintf(&times, "{\"_time\":%q}\n", at.Format(time.RFC3339Nano))
		rows.WriteString(line(at, "_msg", "Request handled", "client.address", "203.0.113.5", "code.function.name", "app.end", "code.line.number", "91",
			"http.request.method", "GET", "http.response.status_code", "200", "latency_ms", "96.258", "mina.process.name", "MainProcess",
			"mina.request.id", fmt.Sprintf("39bb7f16-a14b-823f-2bb5-%012d", i), "process.pid", "10177", "processing_time_ms", "87.508", "severity_number", "9",
			"severity_text", "INFO", "thread.id", "140423155720256", "thread.name", "MainThread", "url.path", "/api/meetings/4855", "user.id", "43", "user.name", "ben",
			"user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)", "_stream", "{}", "_stream_id", "0000000000000000c2fc86f8c2a0e67586ad8e8256353842") + "\n")
	}
	ready := roundTripper(func(r *http.Request) (*http.Response, error) {
		body := rows.Bytes()
		if strings.Contains(r.URL.RawQuery, "fields+_time") {
			body = times.Bytes()
		}
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(body))}, nil
	})
	a := New(engine.New(ready, func() logstore.Status { return logstore.Status{} }), Options{MaxLive: 1, Now: func() time.Time { return now }, Logger: zap.NewNop()})
	r := httptest.NewRequest(http.MethodGet, "/api/records", nil)
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Body.String())
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
