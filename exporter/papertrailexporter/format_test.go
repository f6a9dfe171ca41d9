package papertrailexporter

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/leodido/go-syslog/v4/rfc5424"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

func newRecord(body string, attributes map[string]any) plog.LogRecord {
	record := plog.NewLogRecord()
	record.SetTimestamp(pcommon.NewTimestampFromTime(time.Date(2025, 10, 1, 16, 12, 5, 785123999, time.UTC)))
	record.SetSeverityNumber(plog.SeverityNumberWarn)
	record.Body().SetStr(body)
	_ = record.Attributes().FromRaw(attributes)
	return record
}

func newOrigin(f *format, resource map[string]any, logger string) string {
	r, s := pcommon.NewResource(), pcommon.NewInstrumentationScope()
	_ = r.Attributes().FromRaw(resource)
	s.SetName(logger)
	return f.origin(r, s)
}

var mina = map[string]any{"service.name": "mina", "host.name": "mina-prod-01", "process.pid": 10177}

func TestMessages(t *testing.T) {
	trace := map[string]any{"exception.type": "ValueError", "exception.stacktrace": "Traceback (most recent call last):\nValueError: no"}
	for name, test := range map[string]struct {
		change     func(*Config)
		resource   map[string]any
		logger     string
		body       string
		attributes map[string]any
		want       string
	}{
		"plain": {
			resource: mina, logger: "services.billing", body: "hello",
			want: `<12>1 2025-10-01T16:12:05.785123Z mina-prod-01 mina 10177 services.billing - hello`,
		},
		"nothing known":     {body: "hello", want: `<12>1 2025-10-01T16:12:05.785123Z - - - - - hello`},
		"attributes":        {body: "hello", attributes: map[string]any{"user.id": "42"}, want: `<12>1 2025-10-01T16:12:05.785123Z - - - - [mina@32473 user.id="42"] hello`},
		"escapes":           {body: "hello", attributes: map[string]any{`a "]=b`: "c\"d]e\\f\ng"}, want: `<12>1 2025-10-01T16:12:05.785123Z - - - - [mina@32473 a____b="c\"d\]e\\f\\ng"] hello`},
		"a long name":       {body: "hello", attributes: map[string]any{strings.Repeat("n", 40): 1}, want: `<12>1 2025-10-01T16:12:05.785123Z - - - - [mina@32473 ` + strings.Repeat("n", 32) + `="1"] hello`},
		"several lines":     {body: "a\nb\r\nc", want: `<12>1 2025-10-01T16:12:05.785123Z - - - - - a\nb\r\nc`},
		"a traceback":       {body: "failed", attributes: trace, want: `<12>1 2025-10-01T16:12:05.785123Z - - - - [mina@32473 exception.type="ValueError"] failed\nTraceback (most recent call last):\nValueError: no`},
		"lines with counts": {change: func(c *Config) { c.Framing = framingOctets }, body: "a\nb", want: "<12>1 2025-10-01T16:12:05.785123Z - - - - - a\nb"},
		"token":             {change: func(c *Config) { c.Token = "abc" }, body: "a", attributes: map[string]any{"k": "v"}, want: `<12>1 2025-10-01T16:12:05.785123Z - - - - [abc@41058][mina@32473 k="v"] a`},
		"token element": {
			change: func(c *Config) {
				c.Token, c.TokenElement, c.Attributes = "abc", `[auth@1 token="{token}"]`, attributesNone
			},
			body: "a", attributes: map[string]any{"k": "v"}, want: `<12>1 2025-10-01T16:12:05.785123Z - - - - [auth@1 token="abc"] a`,
		},
		"facility":        {change: func(c *Config) { c.Facility = "local7" }, body: "a", want: `<188>1 2025-10-01T16:12:05.785123Z - - - - - a`},
		"scope as app":    {change: func(c *Config) { c.AppName = appNameScope }, resource: mina, logger: "services.billing", body: "a", want: `<12>1 2025-10-01T16:12:05.785123Z mina-prod-01 services.billing 10177 - - a`},
		"byte order mark": {change: func(c *Config) { c.BOM = true }, body: "ä", want: "<12>1 2025-10-01T16:12:05.785123Z - - - - - \ufeffä"},
		"names that are none": {
			resource: map[string]any{"service.name": "my service", "host.name": "hôst\n"}, logger: strings.Repeat("l", 50), body: "a",
			want: `<12>1 2025-10-01T16:12:05.785123Z h_st_ my_service - ` + strings.Repeat("l", 32) + ` - a`,
		},
		"not UTF-8": {body: "a\xffb", want: "<12>1 2025-10-01T16:12:05.785123Z - - - - - a\ufffdb"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := createDefaultConfig().(*Config)
			if test.change != nil {
				test.change(cfg)
			}
			f := newFormat(cfg)
			message, whole := f.append(nil, newOrigin(f, test.resource, test.logger), newRecord(test.body, test.attributes))
			assert.Equal(t, test.want, string(message))
			assert.True(t, whole)
			_, err := rfc5424.NewParser().Parse(message)
			assert.NoError(t, err)
		})
	}
}

func TestAttributesAsJSON(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	cfg.Attributes = attributesJSON
	f := newFormat(cfg)
	message, _ := f.append(nil, newOrigin(f, mina, ""), newRecord("two\nlines", map[string]any{"user.id": "42", "deep": map[string]any{"n": 1.5}}))
	_, text, ok := strings.Cut(string(message), " - - ")
	require.True(t, ok)
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &got), text)
	assert.Equal(t, map[string]any{"message": "two\nlines", "user.id": "42", "deep": map[string]any{"n": 1.5}}, got)
}

func TestSeverity(t *testing.T) {
	for number, want := range map[plog.SeverityNumber]int{0: 6, 1: 7, 5: 7, 8: 7, 9: 6, 10: 5, 12: 5, 13: 4, 16: 4, 17: 3, 20: 3, 21: 2, 24: 2} {
		assert.Equal(t, want, severity(number), number)
	}
}

func TestLongMessagesAreCutAndSaySo(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	cfg.MaxMessageSize = 1000
	f := newFormat(cfg)
	for _, record := range []plog.LogRecord{
		newRecord(strings.Repeat("ä", 5000), nil),
		newRecord("short", map[string]any{"long": strings.Repeat("]", 5000), "k": "v"}),
		newRecord(strings.Repeat("\n", 900), nil),
	} {
		message, whole := f.append(nil, newOrigin(f, mina, "app"), record)
		assert.LessOrEqual(t, len(message), 1000)
		assert.True(t, utf8.Valid(message))
		assert.Equal(t, !whole, strings.HasSuffix(string(message), truncate.Mark))
		_, err := rfc5424.NewParser().Parse(message)
		assert.NoError(t, err)
	}
}

// FuzzMessages asserts that every message is one of RFC 5424, on one line, and that
// what was put in comes out again.
func FuzzMessages(f *testing.F) {
	f.Add("body", "key", "value", "host", "logger")
	f.Add("a\nb", `"]=`, `\]"`, "\x00", "ü")
	f.Fuzz(func(t *testing.T, body, key, value, host, logger string) {
		cfg := createDefaultConfig().(*Config)
		cfg.Token = "token"
		format := newFormat(cfg)
		message, whole := format.append(nil, newOrigin(format, map[string]any{"host.name": host}, logger), newRecord(body, map[string]any{key: value}))
		parsed, err := rfc5424.NewParser().Parse(message)
		if err != nil {
			t.Fatalf("%q: %v", message, err)
		}
		if strings.ContainsAny(string(message), "\n\x00") || len(message) > cfg.MaxMessageSize {
			t.Fatalf("%q", message)
		}
		got := parsed.(*rfc5424.SyslogMessage)
		if whole && !strings.ContainsAny(body, "\n\r\x00") && body != "" && utf8.ValidString(body) && (got.Message == nil || *got.Message != body) {
			t.Fatalf("%q has become %v", body, got.Message)
		}
		if _, ok := (*got.StructuredData)["token@41058"]; !ok {
			t.Fatal("the token is not there")
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	f := newFormat(createDefaultConfig().(*Config))
	origin := newOrigin(f, mina, "services.billing")
	record := newRecord("Meeting 4711 transcribed", map[string]any{"user.id": "42", "url.path": "/api/meetings", "mina.request.id": "0f8fad5b-d9cb-469f-a165-70867728950e"})
	var message []byte
	b.ReportAllocs()
	for b.Loop() {
		message, _ = f.append(message[:0], origin, record)
	}
}
