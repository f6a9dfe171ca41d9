package semconv

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

type m = map[string]any

func newTestWalk(o Config, has resourceAttributes) *walk {
	w := NewMapper(o).newWalk()
	w.has = has
	return w
}

func apply(t testing.TB, o Config, attributes m, has resourceAttributes) (m, Origin) {
	t.Helper()
	record := plog.NewLogRecord()
	require.NoError(t, record.Attributes().FromRaw(attributes))
	origin := newTestWalk(o, has).apply(record)
	mapped := record.Attributes().AsRaw()
	has = resourceAttributes{Host: has.Host || origin.Host != "", PID: has.PID || origin.HasPID, Service: has.Service || origin.Service != ""}
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
		"the rest of http":           {m{"http": m{"method": "GET", "host": "x", "ip": nil}}, m{"http.request.method": "GET", "http": m{"host": "x"}}},
		"http that is no object":     {m{"http": "x", "user": "ana"}, m{"http": "x", "user": "ana"}},
		"empty objects":              {m{"http": m{}, "user": m{}}, m{"http": m{}, "user": m{}}},
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
		"nulls of known fields go":   {m{"line": nil, "pathname": nil, "hostname": nil, "http": m{"ip": nil, "user_agent": nil}, "user": m{"id": nil}, "exception": nil, "request": nil}, m{"request": nil}},
		"objects under a known name": {m{"request_id": m{"a": 1}, "line": []any{1}}, m{"request_id": m{"a": int64(1)}, "line": []any{int64(1)}}},
	} {
		t.Run(name, func(t *testing.T) {
			// The order of attributes is that of a map: try several.
			for range 5 {
				got, _ := apply(t, Config{}, tt.in, resourceAttributes{})
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

// TestFormsOfOthers has what other formatters, clouds and servers write.
func TestFormsOfOthers(t *testing.T) {
	for name, tt := range map[string]struct {
		in, want m
		origin   Origin
	}{
		"LogRecord": {
			m{
				"funcName": "pay", "lineno": 41, "module": "pay", "pathname": "/srv/mina/pay.py", "filename": "pay.py", "process": 7, "processName": "MainProcess",
				"thread": 140245896464960, "threadName": "MainThread", "taskName": "Task-1", "stack_info": "Stack (most recent call last):",
			},
			m{
				"code.function.name": "pay.pay", "code.line.number": int64(41), "code.file.path": "/srv/mina/pay.py", "filename": "pay.py", "mina.process.name": "MainProcess",
				"thread.id": int64(140245896464960), "thread.name": "MainThread", "taskName": "Task-1", "code.stacktrace": "Stack (most recent call last):",
			},
			Origin{PID: 7, HasPID: true},
		},
		"structlog": {
			m{"func_name": "pay", "lineno": 41, "filename": "pay.py", "process": 7, "process_name": "MainProcess", "thread": 3, "thread_name": "worker"},
			m{"code.function.name": "pay", "code.line.number": int64(41), "code.file.path": "pay.py", "mina.process.name": "MainProcess", "thread.id": int64(3), "thread.name": "worker"},
			Origin{PID: 7, HasPID: true},
		},
		"a file that is no source": {m{"filename": "meeting.wav", "process": "import", "thread": "general"}, m{"filename": "meeting.wav", "process": "import", "thread": "general"}, Origin{}},
		"ECS": {
			m{
				"ecs": m{"version": "1.6.0"}, "log": m{"original": "x", "origin": m{"file": m{"name": "pay.py", "line": 41}, "function": "pay"}},
				"process": m{"name": "MainProcess", "pid": 7, "thread": m{"id": 3, "name": "MainThread"}}, "client": m{"ip": "203.0.113.9"}, "service": m{"name": "billing", "version": "1"},
				"host": m{"hostname": "h"},
			},
			m{
				"ecs": m{"version": "1.6.0"}, "log.record.original": "x", "code.file.path": "pay.py", "code.line.number": int64(41), "code.function.name": "pay",
				"mina.process.name": "MainProcess", "thread.id": int64(3), "thread.name": "MainThread", "client.address": "203.0.113.9", "service.version": "1",
			},
			Origin{Host: "h", PID: 7, HasPID: true, Service: "billing"},
		},
		"ECS, flat": {
			m{"log.origin.file.name": "pay.py", "log.origin.file.line": 41, "log.origin.function": "pay", "process.name": "p", "process.thread.id": 3, "client.ip": "::1", "service.name": "billing", "host.hostname": "h"},
			m{"code.file.path": "pay.py", "code.line.number": int64(41), "code.function.name": "pay", "mina.process.name": "p", "thread.id": int64(3), "client.address": "::1"},
			Origin{Host: "h", Service: "billing"},
		},
		"half nested": {m{"log.origin": m{"file.line": 41}, "http": m{"request.method": "GET"}}, m{"code.line.number": int64(41), "http.request.method": "GET"}, Origin{}},
		"loguru": {
			m{"record": m{
				"extra": m{"meeting_id": 7}, "file": m{"name": "pay.py", "path": "/srv/mina/pay.py"}, "function": "pay", "line": 41, "module": "pay",
				"process": m{"id": 7, "name": "MainProcess"}, "thread": m{"id": 3, "name": "MainThread"},
			}},
			m{
				"record": m{"extra": m{"meeting_id": int64(7)}, "file": m{"name": "pay.py"}}, "code.file.path": "/srv/mina/pay.py", "code.function.name": "pay.pay",
				"code.line.number": int64(41), "mina.process.name": "MainProcess", "thread.id": int64(3), "thread.name": "MainThread",
			},
			Origin{PID: 7, HasPID: true},
		},
		"a record of the application": {m{"record": m{"line": 3, "module": "x", "process": m{"id": 7}}}, m{"record": m{"line": int64(3), "module": "x", "process": m{"id": int64(7)}}}, Origin{}},
		"Google": {
			m{
				"logging.googleapis.com/sourceLocation": m{"file": "/srv/mina/pay.py", "line": "41", "function": "pay"},
				"httpRequest":                           m{"requestMethod": "GET", "requestUrl": "https://mina.example/api/pay?a=1", "status": 500, "userAgent": "curl", "remoteIp": "203.0.113.9", "latency": "0.1s"},
			},
			m{
				"code.file.path": "/srv/mina/pay.py", "code.line.number": int64(41), "code.function.name": "pay", "http.request.method": "GET", "url.path": "/api/pay", "url.query": "a=1",
				"url.full": "https://mina.example/api/pay?a=1", "http.response.status_code": int64(500), "user_agent.original": "curl", "client.address": "203.0.113.9", "httpRequest": m{"latency": "0.1s"},
			},
			Origin{},
		},
		"Powertools":      {m{"location": "pay:41", "service": "payment"}, m{"code.function.name": "pay", "code.line.number": int64(41)}, Origin{Service: "payment"}},
		"a location":      {m{"location": "Berlin", "service": "maps"}, m{"location": "Berlin", "service": "maps"}, Origin{}},
		"an address":      {m{"location": "db:5432"}, m{"location": "db:5432"}, Origin{}},
		"journald":        {m{"CODE_FILE": "a.py", "CODE_LINE": "41", "CODE_FUNC": "f", "_PID": "7", "_HOSTNAME": "h", "PRIORITY": "3"}, m{"code.file.path": "a.py", "code.line.number": int64(41), "code.function.name": "f", "PRIORITY": "3"}, Origin{Host: "h", PID: 7, HasPID: true}},
		"access log":      {m{"remote_address": "203.0.113.9", "status": "500", "method": "GET", "url_path": "/api/pay", "query_string": "a=1", "user_agent": "curl", "referer": "-"}, m{"client.address": "203.0.113.9", "http.response.status_code": int64(500), "http.request.method": "GET", "url.path": "/api/pay", "url.query": "a=1", "user_agent.original": "curl", "referer": "-"}, Origin{}},
		"some status":     {m{"status": 500, "method": "GET"}, m{"status": int64(500), "method": "GET"}, Origin{}},
		"service's name":  {m{"dd.service": "billing", "dd.env": "prod"}, m{"dd.env": "prod"}, Origin{Service: "billing"}},
		"resource's own":  {m{"host.name": "h", "process.pid": 7.0, "service.name": "billing"}, m{}, Origin{Host: "h", PID: 7, HasPID: true, Service: "billing"}},
		"resource, twice": {m{"host.name": "h", "host": m{"name": "h2"}}, m{"host": m{"name": "h2"}}, Origin{Host: "h"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, origin := apply(t, Config{}, tt.in, resourceAttributes{})
			if name == "resource, twice" && origin.Host == "h2" { // the order is that of a map
				return
			}
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.origin, origin)
		})
	}
}

// TestNestedNamesBecomeFlat has objects that spell names of the conventions.
func TestNestedNamesBecomeFlat(t *testing.T) {
	for name, tt := range map[string]struct{ in, want m }{
		"request": {
			m{"http": m{"request": m{"method": "GET"}, "response": m{"status_code": 201, "body": m{"size": 11}}}, "url": m{"path": "/api/pay", "query": "page=2", "scheme": "http"}, "client": m{"address": "203.0.113.9", "port": "53422"}, "server": m{"address": "mina.example"}, "user_agent": m{"original": "curl"}},
			m{"http.request.method": "GET", "http.response.status_code": int64(201), "http.response.body.size": int64(11), "url.path": "/api/pay", "url.query": "page=2", "url.scheme": "http", "client.address": "203.0.113.9", "client.port": int64(53422), "server.address": "mina.example", "user_agent.original": "curl"},
		},
		"headers":                   {m{"http": m{"request": m{"header": m{"Referer": "x", "accept": []any{"a", "b"}}}}}, m{"http.request.header.referer": []any{"x"}, "http.request.header.accept": []any{"a", "b"}}},
		"a header that is there":    {m{"http": m{"request": m{"header": m{"referer": "x"}}}, "http.request.header.referer": []any{"y"}}, m{"http": m{"request": m{"header": m{"referer": "x"}}}, "http.request.header.referer": []any{"y"}}},
		"labels":                    {m{"k8s": m{"pod": m{"name": "p", "label": m{"app": "x"}}, "zone": "z"}}, m{"k8s.pod.name": "p", "k8s.pod.label.app": "x", "k8s": m{"zone": "z"}}},
		"code, thread, exception":   {m{"code": m{"function": m{"name": "f"}, "file": m{"path": "p"}, "line": m{"number": 3}}, "thread": m{"id": 1, "name": "t"}, "exception": m{"type": "E", "message": "m", "stacktrace": "s"}}, m{"code.function.name": "f", "code.file.path": "p", "code.line.number": int64(3), "thread.id": int64(1), "thread.name": "t", "exception.type": "E", "exception.message": "m", "exception.stacktrace": "s"}},
		"former names":              {m{"code": m{"function": "f", "namespace": "n", "lineno": 3}, "http": m{"status_code": 200, "target": "/a?b"}}, m{"code.function.name": "n.f", "code.line.number": int64(3), "http.response.status_code": int64(200), "url.path": "/a", "url.query": "b"}},
		"a namespace without a use": {m{"code": m{"namespace": "n"}}, m{"code": m{"namespace": "n"}}},
		"what is not known":         {m{"http": m{"request": m{"id": "r", "method": "GET"}}, "client": m{"name": "x"}, "db": m{"table": "t", "query": m{"text": "SELECT 1"}}}, m{"http.request.method": "GET", "http": m{"request": m{"id": "r"}}, "client": m{"name": "x"}, "db": m{"table": "t"}, "db.query.text": "SELECT 1"}},
		"what does not fit":         {m{"http": m{"response": m{"status_code": "none", "body": m{"size": "big"}}}, "url": m{"path": m{"a": 1}}}, m{"http": m{"response": m{"status_code": "none", "body": m{"size": "big"}}}, "url": m{"path": m{"a": int64(1)}}}},
		"what is there":             {m{"url": m{"path": "/a", "query": "q"}, "url.path": "/b"}, m{"url": m{"path": "/a"}, "url.path": "/b", "url.query": "q"}},
		"lists stay":                {m{"http": []any{m{"method": "GET"}}}, m{"http": []any{m{"method": "GET"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := apply(t, Config{}, tt.in, resourceAttributes{})
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestValues has values of the application's fields that are not quite what they should be.
func TestValues(t *testing.T) {
	for name, tt := range map[string]struct{ in, want m }{
		"status with its reason":   {m{"status_code": "404 NOT FOUND"}, m{"http.response.status_code": int64(404)}},
		"status as double":         {m{"status_code": 404.0}, m{"http.response.status_code": int64(404)}},
		"status as double in text": {m{"status_code": "404.0"}, m{"http.response.status_code": int64(404)}},
		"no status":                {m{"status_code": "404th"}, m{"status_code": "404th"}},
		"half a status":            {m{"status_code": 404.5}, m{"status_code": 404.5}},
		"line as double":           {m{"line": 41.0}, m{"code.line.number": int64(41)}},
		"URL":                      {m{"http": m{"path": "https://mina.example/api?x=1#frag"}}, m{"url.full": "https://mina.example/api?x=1#frag", "url.path": "/api", "url.query": "x=1", "url.fragment": "frag"}},
		"URL without a path":       {m{"http": m{"path": "https://mina.example?x=1"}}, m{"url.full": "https://mina.example?x=1", "url.query": "x=1"}},
		"URL in a query":           {m{"http": m{"path": "/go?to=https://mina.example/"}}, m{"url.path": "/go", "url.query": "to=https://mina.example/"}},
		"URL in a path":            {m{"http": m{"path": "/go/https://mina.example/"}}, m{"url.path": "/go/https://mina.example/"}},
		"fragment":                 {m{"http": m{"path": "/api?x=1#frag?y"}}, m{"url.path": "/api", "url.query": "x=1", "url.fragment": "frag?y"}},
		"URL that has no room":     {m{"http": m{"path": "https://mina.example/api"}, "url.full": "x"}, m{"http": m{"path": "https://mina.example/api"}, "url.full": "x"}},
		"X-Forwarded-For":          {m{"http": m{"ip": "203.0.113.9, 10.0.0.1"}}, m{"client.address": "203.0.113.9", "http.request.header.x-forwarded-for": []any{"203.0.113.9, 10.0.0.1"}}},
		"no room for the others":   {m{"http": m{"ip": "::1,::2"}, "http.request.header.x-forwarded-for": []any{"x"}}, m{"http": m{"ip": "::1,::2"}, "http.request.header.x-forwarded-for": []any{"x"}}},
		"address with a port":      {m{"http": m{"ip": "203.0.113.9:53422"}}, m{"client.address": "203.0.113.9", "client.port": int64(53422)}},
		"IPv6":                     {m{"http": m{"ip": "2001:db8::1"}}, m{"client.address": "2001:db8::1"}},
		"IPv6 with a port":         {m{"http": m{"ip": "[2001:db8::1]:53422"}}, m{"client.address": "2001:db8::1", "client.port": int64(53422)}},
		"IPv6 in brackets":         {m{"http": m{"ip": "[2001:db8::1]"}}, m{"client.address": "2001:db8::1"}},
		"half a bracket":           {m{"http": m{"ip": "[2001:db8::1"}}, m{"client.address": "[2001:db8::1"}},
		"a port that is none":      {m{"http": m{"ip": "host:http"}}, m{"client.address": "host:http"}},
		"no address":               {m{"http": m{"ip": "-"}}, m{"http": m{"ip": "-"}}},
		"addresses as a list":      {m{"http": m{"ip": []any{"::1"}}}, m{"http": m{"ip": []any{"::1"}}}},
		"traceback as lines":       {m{"exception": m{"traceback": []any{"Traceback:\n", "  File\n", "E: m\n"}}}, m{"exception.stacktrace": "Traceback:\n  File\nE: m\n"}},
		"traceback as bare lines":  {m{"exception": m{"traceback": []any{"Traceback:", "E: m"}}}, m{"exception.stacktrace": "Traceback:\nE: m"}},
		"traceback of frames":      {m{"exception": m{"traceback": []any{m{"line": 1}}}}, m{"exception": m{"traceback": []any{m{"line": int64(1)}}}}},
		"no lines":                 {m{"exception": m{"traceback": []any{}}}, m{"exception": m{"traceback": []any{}}}},
		"exception's code":         {m{"exception": m{"type": 5, "message": m{"a": 1}}}, m{"exception.type": "5", "exception": m{"message": m{"a": int64(1)}}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := apply(t, Config{}, tt.in, resourceAttributes{})
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestConfig(t *testing.T) {
	got, _ := apply(t, Config{RequestID: RequestIDHeader}, m{"request_id": "r"}, resourceAttributes{})
	assert.Equal(t, m{"http.request.header.x-request-id": []any{"r"}}, got)

	got, _ = apply(t, Config{CustomPrefix: "mina."}, m{"meeting_id": 7, "a.b": 1, "line": 1, "log.file.name": "f", "status": "open", "http": "x", "app": m{"version": 1}}, resourceAttributes{})
	assert.Equal(t, m{"mina.meeting_id": int64(7), "a.b": int64(1), "code.line.number": int64(1), "log.file.name": "f", "mina.status": "open", "http": "x", "mina.app": m{"version": int64(1)}}, got)

	got, _ = apply(t, Config{CustomPrefix: "mina."}, m{"meeting_id": 7, "mina.meeting_id": 8, "mina.other": 9}, resourceAttributes{})
	assert.Equal(t, m{"meeting_id": int64(7), "mina.meeting_id": int64(8), "mina.other": int64(9)}, got)

	got, _ = apply(t, Config{CustomPrefix: "user."}, m{"email": "a", "user": m{"email": "b"}}, resourceAttributes{})
	assert.Len(t, got, 2)

	record := plog.NewLogRecord()
	record.SetSeverityText("WARNING")
	newTestWalk(Config{SeverityText: SeverityTextOTel}, resourceAttributes{}).apply(record)
	assert.Equal(t, "WARNING", record.SeverityText(), "without a number")
	for number, want := range map[plog.SeverityNumber]string{13: "WARN", 21: "FATAL", 12: "INFO4", 1: "TRACE"} {
		record.SetSeverityNumber(number)
		newTestWalk(Config{SeverityText: SeverityTextOTel}, resourceAttributes{}).apply(record)
		assert.Equal(t, want, record.SeverityText())
	}
}

func TestOrigin(t *testing.T) {
	in := m{"hostname": "h", "process_id": "7", "otelServiceName": "s", "a": "b"}
	got, origin := apply(t, Config{}, in, resourceAttributes{})
	assert.Equal(t, m{"a": "b"}, got)
	assert.Equal(t, Origin{Host: "h", PID: 7, HasPID: true, Service: "s"}, origin)

	got, origin = apply(t, Config{}, in, resourceAttributes{Host: true, PID: true, Service: true})
	assert.Equal(t, m{"hostname": "h", "process_id": "7", "otelServiceName": "s", "a": "b"}, got)
	assert.Equal(t, Origin{}, origin)

	got, _ = apply(t, Config{}, m{"hostname": 1, "process_id": "x", "otelServiceName": ""}, resourceAttributes{})
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
	NewMapper(Config{ServiceName: "mina", ServiceVersion: "1", ServiceNamespace: "n", DeploymentEnvironment: "prod"}).
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
	NewMapper(Config{ServiceName: "mina"}).Split(logs, rl, func(plog.LogRecord) {})
	assert.Equal(t, m{"service.name": "other", "host.name": "there"}, rl.Resource().Attributes().AsRaw())
	assert.Equal(t, m{"hostname": "here"}, rl.ScopeLogs().At(0).LogRecords().At(0).Attributes().AsRaw())
	assert.Equal(t, "https://example.com/schema", rl.SchemaUrl())
}

func TestResourceIsCompleted(t *testing.T) {
	config := Config{ServiceName: "mina", ServiceNameFrom: "k8s.container.name", Resource: map[string]string{"k8s.node.name": "node-1", "k8s.cluster.name": ""}}
	for name, tt := range map[string]struct{ resource, record, want m }{
		"with what is configured":             {m{}, m{}, m{"service.name": "mina", "k8s.node.name": "node-1"}},
		"but for what it has":                 {m{"k8s.node.name": "here"}, m{}, m{"service.name": "mina", "k8s.node.name": "here"}},
		"its service is its container":        {m{"k8s.container.name": "web"}, m{}, m{"service.name": "web", "k8s.container.name": "web", "k8s.node.name": "node-1"}},
		"unless its records tell it":          {m{"k8s.container.name": "web"}, m{"otelServiceName": "shop"}, m{"service.name": "shop", "k8s.container.name": "web", "k8s.node.name": "node-1"}},
		"unless the container's is no text":   {m{"k8s.container.name": 7}, m{}, m{"service.name": "mina", "k8s.container.name": int64(7), "k8s.node.name": "node-1"}},
		"unless the container has none":       {m{"k8s.container.name": ""}, m{}, m{"service.name": "mina", "k8s.container.name": "", "k8s.node.name": "node-1"}},
		"and never against what it says here": {m{"k8s.container.name": "web", "service.name": "x"}, m{}, m{"service.name": "x", "k8s.container.name": "web", "k8s.node.name": "node-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			logs := plog.NewLogs()
			rl := logs.ResourceLogs().AppendEmpty()
			require.NoError(t, rl.Resource().Attributes().FromRaw(tt.resource))
			require.NoError(t, rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Attributes().FromRaw(tt.record))
			NewMapper(config).Split(logs, rl, func(plog.LogRecord) {})
			assert.Equal(t, tt.want, rl.Resource().Attributes().AsRaw())
		})
	}
}

// TestAllocationsPerRecord holds what a record of Mina's needs once its names are known:
// its map, and the text of the function.
func TestAllocationsPerRecord(t *testing.T) {
	const records = 100
	attributes := m{
		"module": "transcription", "function": "process", "line": 117, "process_id": 10177, "process_name": "MainProcess", "thread_id": 140245896464960,
		"thread_name": "MainThread", "hostname": "mina-prod-01", "request_id": "r", "http": m{"method": "POST", "path": "/api/meetings/7", "ip": "203.0.113.9", "user_agent": "curl"},
		"user": m{"id": "42", "username": "ana"}, "meeting_id": 7, "duration_seconds": 12.5, "model": "whisper-1",
	}
	w := newTestWalk(Config{}, resourceAttributes{})
	fill := func() plog.LogRecordSlice {
		all := plog.NewLogRecordSlice()
		for range records {
			require.NoError(t, all.AppendEmpty().Attributes().FromRaw(attributes))
		}
		return all
	}
	filling := testing.AllocsPerRun(5, func() { fill() })
	both := testing.AllocsPerRun(5, func() {
		for _, record := range fill().All() {
			w.apply(record)
		}
	})
	assert.LessOrEqual(t, (both-filling)/records, 3.1)
}
