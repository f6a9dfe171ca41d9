package semconv

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

type m = map[string]any

func newTestWalk(o Options, has resourceAttributes) *walk {
	w := NewMapper(o).newWalk()
	w.has = has
	return w
}

func apply(t testing.TB, o Options, attributes m, has resourceAttributes) (m, Origin) {
	t.Helper()
	record := plog.NewLogRecord()
	require.NoError(t, record.Attributes().FromRaw(attributes))
	origin := newTestWalk(o, has).apply(record)
	mapped := record.Attributes().AsRaw()
	newTestWalk(o, has).apply(record)
	assert.Equal(t, mapped, record.Attributes().AsRaw(), "a second pass changes nothing")
	return mapped, origin
}

func TestApply(t *testing.T) {
	for name, tt := range map[string]struct{ in, want m }{
		"nothing to do":              {m{"meeting_id": 7}, m{"meeting_id": int64(7)}},
		"function with module":       {m{"module": "app", "function": "create_app", "line": 117}, m{"code.function.name": "app.create_app", "code.line.number": int64(117)}},
		"function before module":     {m{"function": "f", "module": "app"}, m{"code.function.name": "app.f"}},
		"function alone":             {m{"function": "f"}, m{"code.function.name": "f"}},
		"module alone":               {m{"module": "app"}, m{"module": "app"}},
		"function that is there":     {m{"function": "f", "module": "app", "code.function.name": "x"}, m{"function": "f", "module": "app", "code.function.name": "x"}},
		"function that is no text":   {m{"function": 1, "module": "app"}, m{"function": int64(1), "module": "app"}},
		"line as text":               {m{"line": "117"}, m{"code.line.number": int64(117)}},
		"line that is no number":     {m{"line": "?"}, m{"line": "?"}},
		"pathname":                   {m{"pathname": "/srv/app.py"}, m{"code.file.path": "/srv/app.py"}},
		"process and thread":         {m{"process_name": "MainProcess", "thread_id": 140245896464960, "thread_name": "MainThread"}, m{"mina.process.name": "MainProcess", "thread.id": int64(140245896464960), "thread.name": "MainThread"}},
		"request":                    {m{"request_id": "r"}, m{"mina.request.id": "r"}},
		"http":                       {m{"http": m{"method": "GET", "path": "/a", "ip": "::1", "user_agent": "curl"}}, m{"http.request.method": "GET", "url.path": "/a", "client.address": "::1", "user_agent.original": "curl"}},
		"path with query":            {m{"http": m{"path": "/a?b=c?d"}}, m{"url.path": "/a", "url.query": "b=c?d"}},
		"path with empty query":      {m{"http": m{"path": "/a?"}}, m{"url.path": "/a", "url.query": ""}},
		"path with a query there":    {m{"http": m{"path": "/a?b=c"}, "url.query": "x"}, m{"http": m{"path": "/a?b=c"}, "url.query": "x"}},
		"method in lower case":       {m{"http": m{"method": "get"}}, m{"http.request.method": "_OTHER", "http.request.method_original": "get"}},
		"PATCH and QUERY":            {m{"http": m{"method": "QUERY"}}, m{"http.request.method": "QUERY"}},
		"the rest of http":           {m{"http": m{"method": "GET", "host": "x", "ip": nil}}, m{"http.request.method": "GET", "http": m{"host": "x", "ip": nil}}},
		"http that is no object":     {m{"http": "x", "user": "ana", "exception": nil}, m{"http": "x", "user": "ana", "exception": nil}},
		"empty objects":              {m{"http": m{}, "user": m{"id": nil}}, m{"http": m{}, "user": m{"id": nil}}},
		"user":                       {m{"user": m{"id": 42, "username": "ana"}}, m{"user.id": "42", "user.name": "ana"}},
		"user that is there":         {m{"user": m{"id": 42, "username": "ana"}, "user.id": "1"}, m{"user": m{"id": int64(42)}, "user.name": "ana", "user.id": "1"}},
		"exception":                  {m{"exception": m{"type": "E", "message": "m", "traceback": "t"}}, m{"exception.type": "E", "exception.message": "m", "exception.stacktrace": "t"}},
		"status code":                {m{"status_code": 404}, m{"http.response.status_code": int64(404)}},
		"status code as text":        {m{"status_code": "404"}, m{"http.response.status_code": int64(404)}},
		"status code that is none":   {m{"status_code": 7}, m{"status_code": int64(7)}},
		"session":                    {m{"session_id": "s"}, m{"session.id": "s"}},
		"old names":                  {m{"http.method": "GET", "http.target": "/a?b", "http.client_ip": "::1", "http.user_agent": "curl", "http.status_code": 200}, m{"http.request.method": "GET", "url.path": "/a", "url.query": "b", "client.address": "::1", "user_agent.original": "curl", "http.response.status_code": int64(200)}},
		"old names of code":          {m{"code.function": "f", "code.namespace": "n", "code.filepath": "p", "code.lineno": 1}, m{"code.function.name": "n.f", "code.file.path": "p", "code.line.number": int64(1)}},
		"old name of a role":         {m{"enduser.role": "admin", "enduser.id": "1", "enduser.scope": "s"}, m{"user.roles": []any{"admin"}, "enduser.id": "1", "enduser.scope": "s"}},
		"two that mean the same":     {m{"status_code": 200, "http.status_code": 201}, m{"http.response.status_code": int64(200), "http.status_code": int64(201)}},
		"names that are right stay":  {m{"http.request.method": "x", "user.id": 7, "log.file.name": "a"}, m{"http.request.method": "x", "user.id": int64(7), "log.file.name": "a"}},
		"null stays under its name":  {m{"line": nil, "pathname": nil, "request_id": nil}, m{"line": nil, "pathname": nil, "request_id": nil}},
		"objects under a known name": {m{"request_id": m{"a": 1}, "line": []any{1}}, m{"request_id": m{"a": int64(1)}, "line": []any{int64(1)}}},
	} {
		t.Run(name, func(t *testing.T) {
			// The order of attributes is that of a map: try several.
			for range 5 {
				got, _ := apply(t, Options{}, tt.in, resourceAttributes{})
				if name == "two that mean the same" {
					assert.Contains(t, []any{int64(200), int64(201)}, got["http.response.status_code"])
					assert.Len(t, got, 2)
					continue
				}
				assert.Equal(t, tt.want, got)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	got, _ := apply(t, Options{RequestIDHeader: true}, m{"request_id": "r"}, resourceAttributes{})
	assert.Equal(t, m{"http.request.header.x-request-id": []any{"r"}}, got)

	got, _ = apply(t, Options{CustomPrefix: "mina."}, m{"meeting_id": 7, "a.b": 1, "line": 1, "log.file.name": "f"}, resourceAttributes{})
	assert.Equal(t, m{"mina.meeting_id": int64(7), "a.b": int64(1), "code.line.number": int64(1), "log.file.name": "f"}, got)

	record := plog.NewLogRecord()
	record.SetSeverityText("WARNING")
	newTestWalk(Options{OTelSeverityText: true}, resourceAttributes{}).apply(record)
	assert.Equal(t, "WARNING", record.SeverityText(), "without a number")
	for number, want := range map[plog.SeverityNumber]string{13: "WARN", 21: "FATAL", 12: "INFO4", 1: "TRACE"} {
		record.SetSeverityNumber(number)
		newTestWalk(Options{OTelSeverityText: true}, resourceAttributes{}).apply(record)
		assert.Equal(t, want, record.SeverityText())
	}
}

func TestOrigin(t *testing.T) {
	in := m{"hostname": "h", "process_id": "7", "otelServiceName": "s", "a": "b"}
	got, origin := apply(t, Options{}, in, resourceAttributes{})
	assert.Equal(t, m{"a": "b"}, got)
	assert.Equal(t, Origin{Host: "h", PID: 7, HasPID: true, Service: "s"}, origin)

	got, origin = apply(t, Options{}, in, resourceAttributes{Host: true, PID: true, Service: true})
	assert.Equal(t, m{"hostname": "h", "process_id": "7", "otelServiceName": "s", "a": "b"}, got)
	assert.Equal(t, Origin{}, origin)

	got, _ = apply(t, Options{}, m{"hostname": 1, "process_id": "x", "otelServiceName": ""}, resourceAttributes{})
	assert.Equal(t, m{"hostname": int64(1), "process_id": "x", "otelServiceName": ""}, got)
}

func TestSplit(t *testing.T) {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("k", "v")
	for s := range 2 {
		sl := rl.ScopeLogs().AppendEmpty()
		sl.Scope().SetName([]string{"a", "b"}[s])
		for i := range 6 {
			record := sl.LogRecords().AppendEmpty()
			record.Body().SetInt(int64(s*10 + i))
			record.Attributes().PutInt("process_id", int64(100+i%3))
		}
	}
	visited := 0
	NewMapper(Options{ServiceName: "mina", ServiceVersion: "1", ServiceNamespace: "n", DeploymentEnvironment: "prod"}).
		Split(logs, logs.ResourceLogs().At(0), func(plog.LogRecord) { visited++ })
	assert.Equal(t, 12, visited)
	require.Equal(t, 3, logs.ResourceLogs().Len())
	assert.Equal(t, 12, logs.LogRecordCount())
	for _, rl := range logs.ResourceLogs().All() {
		pid, _ := rl.Resource().Attributes().Get("process.pid")
		assert.Equal(t, m{"k": "v", "service.name": "mina", "service.version": "1", "service.namespace": "n", "deployment.environment.name": "prod", "process.pid": pid.Int()}, rl.Resource().Attributes().AsRaw())
		assert.Equal(t, semconv.SchemaURL, rl.SchemaUrl())
		require.Equal(t, 2, rl.ScopeLogs().Len())
		for s, sl := range rl.ScopeLogs().All() {
			assert.Equal(t, []string{"a", "b"}[s], sl.Scope().Name())
			require.Equal(t, 2, sl.LogRecords().Len())
			for i, record := range sl.LogRecords().All() {
				assert.Equal(t, int64(s*10+i*3)+pid.Int()-100, record.Body().Int())
				assert.Zero(t, record.Attributes().Len())
			}
		}
	}
}

func TestSplitNeverOverwrites(t *testing.T) {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "other")
	rl.Resource().Attributes().PutStr("host.name", "there")
	rl.SetSchemaUrl("https://example.com/schema")
	rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Attributes().PutStr("hostname", "here")
	NewMapper(Options{ServiceName: "mina"}).Split(logs, rl, func(plog.LogRecord) {})
	assert.Equal(t, m{"service.name": "other", "host.name": "there"}, rl.Resource().Attributes().AsRaw())
	assert.Equal(t, m{"hostname": "here"}, rl.ScopeLogs().At(0).LogRecords().At(0).Attributes().AsRaw())
	assert.Equal(t, "https://example.com/schema", rl.SchemaUrl())
}
