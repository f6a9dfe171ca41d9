package minalog

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAccessLines(t *testing.T) {
	const at = "[01/Oct/2025:16:12:05 +0000]"
	get := map[string]any{"method": "GET", "path": "/"}
	http := func(more map[string]any) map[string]any {
		for k, v := range get {
			more[k] = v
		}
		return more
	}
	for line, want := range map[string]struct {
		logger     string
		undated    bool
		attributes map[string]any
	}{
		`127.0.0.1 - - ` + at + ` "GET / HTTP/1.1" 200 512 "-" "curl/8.5.0"`: {"gunicorn.access", false, map[string]any{
			"http": http(map[string]any{"ip": "127.0.0.1", "user_agent": "curl/8.5.0"}), "status_code": int64(200), "response_size": int64(512), "http_version": "1.1",
		}},
		`203.0.113.9, 10.0.0.1 - ana ` + at + ` "GET / HTTP/1.1" 200 -`: {"gunicorn.access", false, map[string]any{
			"http": http(map[string]any{"ip": "203.0.113.9, 10.0.0.1"}), "status_code": int64(200), "http_version": "1.1", "user": map[string]any{"username": "ana"},
		}},
		`10.0.0.7 - ana smith ` + at + ` "GET / HTTP/1.1" 200 0`: {"gunicorn.access", false, map[string]any{
			"http": http(map[string]any{"ip": "10.0.0.7"}), "status_code": int64(200), "response_size": int64(0), "http_version": "1.1",
			"user": map[string]any{"username": "ana smith"},
		}},
		`10.0.0.7 ident ana ` + at + ` "GET / HTTP/1.1" 200`: {"gunicorn.access", false, map[string]any{
			"http": http(map[string]any{"ip": "10.0.0.7"}), "status_code": int64(200), "http_version": "1.1", "user": map[string]any{"username": "ana"},
		}},
		` - - ` + at + ` "GET / HTTP/1.0" 500 0 "-" "-"`: {"gunicorn.access", false, map[string]any{
			"http": http(map[string]any{}), "status_code": int64(500), "response_size": int64(0), "http_version": "1.0",
		}},
		`- - - ` + at + ` "-" 408 0`: {"gunicorn.access", false, map[string]any{"status_code": int64(408), "response_size": int64(0)}},
		`2001:db8::1 - - ` + at + ` "GET / HTTP/2" 200 5`: {"gunicorn.access", false, map[string]any{
			"http": http(map[string]any{"ip": "2001:db8::1"}), "status_code": int64(200), "response_size": int64(5), "http_version": "2",
		}},
		`[2001:db8::1]:53422 - - ` + at + ` "GET / 2" 200 5`: {"gunicorn.access", false, map[string]any{
			"http": http(map[string]any{"ip": "[2001:db8::1]:53422"}), "status_code": int64(200), "response_size": int64(5), "http_version": "2",
		}},
		`127.0.0.1 - - ` + at + ` "GET /a\" b HTTP/1.1" 200 5 "https://a.example/?q=\"x\"" "Mozilla \"odd\" 5.0" 0.123456 "203.0.113.9"`: {
			"gunicorn.access", false, map[string]any{
				"http":        map[string]any{"method": "GET", "path": `/a" b`, "ip": "127.0.0.1", "user_agent": `Mozilla "odd" 5.0`},
				"status_code": int64(200), "response_size": int64(5), "http_version": "1.1", "referer": `https://a.example/?q="x"`,
				"duration_seconds": 0.123456, "x_forwarded_for": "203.0.113.9",
			},
		},
		`127.0.0.1 - - [01/Oct/2025 16:12:05] "GET / HTTP/1.1" 200 -`: {"werkzeug", false, map[string]any{
			"http": http(map[string]any{"ip": "127.0.0.1"}), "status_code": int64(200), "http_version": "1.1",
		}},
		`[01/Oct/2025 16:12:05] "GET / HTTP/1.1" 404 2345`: {"django.server", false, map[string]any{
			"http": http(map[string]any{}), "status_code": int64(404), "response_size": int64(2345), "http_version": "1.1",
		}},
		`127.0.0.1 - - [2025-10-01 16:12:05] "GET / HTTP/1.1" 200 512 0.001234`: {"gunicorn.access", false, map[string]any{
			"http": http(map[string]any{"ip": "127.0.0.1"}), "status_code": int64(200), "response_size": int64(512), "http_version": "1.1",
			"duration_seconds": 0.001234,
		}},
		`127.0.0.1:53422 - - [01/Oct/2025:16:12:05] "GET /" 200 512`: {"gunicorn.access", false, map[string]any{
			"http": http(map[string]any{"ip": "127.0.0.1:53422"}), "status_code": int64(200), "response_size": int64(512),
		}},
		`127.0.0.1 ` + at + ` "GET / HTTP/1.1" 200 150 "-" "curl/8.5.0"`: {"aiohttp.access", false, map[string]any{
			"http": http(map[string]any{"ip": "127.0.0.1", "user_agent": "curl/8.5.0"}), "status_code": int64(200), "response_size": int64(150), "http_version": "1.1",
		}},
		`::1:53422 - "GET / HTTP/1.1" 200 OK`: {"uvicorn.access", true, map[string]any{
			"http": http(map[string]any{"ip": "[::1]:53422"}), "status_code": int64(200), "http_version": "1.1",
		}},
		`127.0.0.1:53422 - "GET / HTTP/1.1" 200 OK`: {"uvicorn.access", true, map[string]any{
			"http": http(map[string]any{"ip": "127.0.0.1:53422"}), "status_code": int64(200), "http_version": "1.1",
		}},
		`INFO:     127.0.0.1:53422 - "GET / HTTP/1.1" 404 Not Found`: {"uvicorn.access", true, map[string]any{
			"http": http(map[string]any{"ip": "127.0.0.1:53422"}), "status_code": int64(404), "http_version": "1.1",
		}},
		`INFO:werkzeug:127.0.0.1 - - [01/Oct/2025 16:12:05] "GET / HTTP/1.1" 200 -`: {"werkzeug", true, map[string]any{
			"http": http(map[string]any{"ip": "127.0.0.1"}), "status_code": int64(200), "http_version": "1.1",
		}},
	} {
		b := NewBatch(observed)
		s := newStream(t, Origin{}, 1<<20)
		s.Write(b, []byte(line+"\n"))
		s.End(b)
		require.Equal(t, 1, b.Len(), line)
		scope := b.Logs().ResourceLogs().At(0).ScopeLogs().At(0)
		record := scope.LogRecords().At(0)
		assert.Equal(t, want.logger, scope.Scope().Name(), line)
		assert.Equal(t, want.attributes, record.Attributes().AsRaw(), line)
		assert.Equal(t, "INFO", record.SeverityText(), line)
		assert.True(t, strings.HasSuffix(line, record.Body().Str()), line)
		if !want.undated {
			assert.Equal(t, "16:12:05", record.Timestamp().AsTime().Format("15:04:05"), line)
		}
	}
}

func TestAccessLinesThatAreNone(t *testing.T) {
	d := newDecoder(t)
	for _, line := range []string{
		``, `"`, `] "`, `[] "x" 200`, `127.0.0.1 - - [today] "GET / HTTP/1.1" 200 5`, `127.0.0.1 - - [01/Oct/2025:16:12:05 +0000] "GET / HTTP/1.1 200 5`,
		`127.0.0.1 - - [01/Oct/2025:16:12:05 +0000] "GET / HTTP/1.1" OK 5`, `127.0.0.1 - - [01/Oct/2025:16:12:05 +0000] "GET / HTTP/1.1" 7 5`,
		`he said - "GET / HTTP/1.1" 200`, `127.0.0.1:x - "GET / HTTP/1.1" 200 OK`, `some words - - [01/Oct/2025:16:12:05 +0000] "GET / HTTP/1.1" 200 5`,
	} {
		_, ok := d.parseAccessLine([]byte(line))
		assert.False(t, ok, line)
	}
}

func BenchmarkAccess(b *testing.B) {
	line := `203.0.113.9 - - [01/Oct/2025:16:12:05 +0000] "GET /api/meetings HTTP/1.1" 200 512 "-" "Mozilla/5.0 (X11; Linux x86_64)" 0.1` + "\n"
	block := strings.Repeat(line, benchRecords)
	d := newDecoder(b)
	b.ReportAllocs()
	b.SetBytes(int64(len(block)))
	for b.Loop() {
		NewStream(Origin{FileName: "app.log"}, 1<<20).Write(d, NewBatch(observed), block)
	}
}

func FuzzAccess(f *testing.F) {
	f.Add(`203.0.113.9, 10.0.0.1 - ana [01/Oct/2025:16:12:05 +0000] "GET /a\"b HTTP/1.1" 200 512 "-" "Mozilla \"odd\"" 0.123456 "203.0.113.9"`)
	f.Add(`[01/Oct/2025 16:12:05] "GET / HTTP/1.1" 404 2345`)
	f.Add(`[::1]:53422 - "POST /x HTTP/1.1" 201 Created`)
	d := newDecoder(f)
	f.Fuzz(func(t *testing.T, line string) {
		a, ok := d.parseAccessLine([]byte(line))
		if !ok {
			return
		}
		for _, part := range [][]byte{a.user, a.duration} {
			require.Contains(t, line, string(part))
			require.NotEqual(t, "-", string(part))
		}
		require.NotEqual(t, "-", string(a.client))
		b := NewBatch(observed)
		d.decodeAccess(b, []byte(line), envelope{})
		require.Equal(t, 1, b.Len())
	})
}
