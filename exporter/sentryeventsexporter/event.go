package sentryeventsexporter

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"math"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// event is what Sentry takes (develop.sentry.dev/sdk/data-model/event-payloads).
type event struct {
	EventID     string                    `json:"event_id"`
	Timestamp   string                    `json:"timestamp"`
	Platform    string                    `json:"platform"`
	Level       string                    `json:"level"`
	Logger      string                    `json:"logger,omitempty"`
	ServerName  string                    `json:"server_name,omitempty"`
	Transaction string                    `json:"transaction,omitempty"`
	Release     string                    `json:"release,omitempty"`
	Environment string                    `json:"environment,omitempty"`
	LogEntry    *logEntry                 `json:"logentry,omitempty"`
	Exception   *values[exception]        `json:"exception,omitempty"`
	Breadcrumbs *values[json.RawMessage]  `json:"breadcrumbs,omitempty"`
	User        map[string]string         `json:"user,omitempty"`
	Request     *request                  `json:"request,omitempty"`
	Contexts    map[string]map[string]any `json:"contexts,omitempty"`
	Tags        map[string]string         `json:"tags,omitempty"`
	Extra       map[string]any            `json:"extra,omitempty"`
}

type values[T any] struct {
	Values []T `json:"values"`
}

type logEntry struct {
	Formatted string `json:"formatted"`
}

type request struct {
	Method      string            `json:"method,omitempty"`
	URL         string            `json:"url,omitempty"`
	QueryString string            `json:"query_string,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"`
}

// maxTag is how long a tag may be, in characters.
const maxTag = 200

// level returns Sentry's name of a severity.
func level(number plog.SeverityNumber) string {
	switch {
	case number >= plog.SeverityNumberFatal:
		return "fatal"
	case number >= plog.SeverityNumberError:
		return "error"
	case number >= plog.SeverityNumberWarn:
		return "warning"
	case number >= plog.SeverityNumberInfo:
		return "info"
	}
	return "debug"
}

// tagged are the attributes that become tags, which Sentry searches by.
var tagged = map[string]string{
	minaattr.RequestID: "request_id", string(semconv.ThreadNameKey): "thread.name", string(semconv.LogFileNameKey): "log.file.name",
	string(semconv.HTTPResponseStatusCodeKey): "http.status_code", string(semconv.SessionIDKey): "session.id",
	minaattr.ExceptionFrame: minaattr.ExceptionFrame,
}

// newEvent makes an event of a record.
func (s *sender) newEvent(id string, resource pcommon.Resource, logger string, record plog.LogRecord) *event {
	e := &event{
		EventID: id, Timestamp: formatTime(timeOf(record)), Platform: "python", Level: level(record.SeverityNumber()), Logger: logger,
		LogEntry: &logEntry{Formatted: record.Body().AsString()},
		Tags:     map[string]string{}, Extra: map[string]any{}, User: map[string]string{}, Contexts: map[string]map[string]any{},
		Environment: s.cfg.Environment, Release: s.cfg.Release,
	}
	for key, value := range resource.Attributes().All() {
		switch text := value.AsString(); key {
		case string(semconv.HostNameKey):
			e.ServerName = text
		case string(semconv.ServiceVersionKey):
			e.Release = text
		case string(semconv.DeploymentEnvironmentNameKey):
			e.Environment = text
		default:
			e.tag(key, text)
		}
	}
	r := request{Headers: map[string]string{}}
	for key, value := range record.Attributes().All() {
		text := value.AsString()
		switch key {
		case breadcrumbsKey:
			var crumbs []json.RawMessage
			if json.Unmarshal(value.Bytes().AsRaw(), &crumbs) == nil {
				e.Breadcrumbs = &values[json.RawMessage]{crumbs}
			}
		case string(semconv.CodeFunctionNameKey):
			e.Transaction = text
		case string(semconv.UserIDKey):
			e.User["id"] = text
		case string(semconv.UserNameKey):
			e.User["username"] = text
		case string(semconv.ClientAddressKey):
			e.User["ip_address"] = text
		case string(semconv.HTTPRequestMethodKey):
			r.Method = text
		case string(semconv.URLPathKey):
			r.URL = text
		case string(semconv.URLQueryKey):
			r.QueryString = text
		case string(semconv.UserAgentOriginalKey):
			r.Headers["User-Agent"] = text
		case string(semconv.ExceptionStacktraceKey), string(semconv.ExceptionTypeKey), string(semconv.ExceptionMessageKey):
		default:
			if name, ok := tagged[key]; ok {
				e.tag(name, text)
				continue
			}
			e.Extra[key] = finite(value.AsRaw())
		}
	}
	if r.Method != "" || r.URL != "" {
		e.Request = &r
	}
	if id := record.TraceID(); !id.IsEmpty() {
		e.Contexts["trace"] = map[string]any{"type": "trace", "trace_id": id.String()}
		if span := record.SpanID(); !span.IsEmpty() {
			e.Contexts["trace"]["span_id"] = span.String()
		}
	}
	if all := s.exceptions(record); len(all) > 0 {
		e.Exception = &values[exception]{all}
	}
	return e
}

// tag adds a tag; they have a bound and no line feeds.
func (e *event) tag(name, text string) {
	text = strings.ReplaceAll(text, "\n", " ")
	if runes := []rune(text); len(runes) > maxTag {
		text = string(runes[:maxTag])
	}
	if text != "" {
		e.Tags[name] = text
	}
}

// finite replaces the numbers that JSON does not have.
func finite(value any) any {
	switch v := value.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprint(v)
		}
	case map[string]any:
		for key := range v {
			v[key] = finite(v[key])
		}
	case []any:
		for i := range v {
			v[i] = finite(v[i])
		}
	}
	return value
}

// eventID derives the id from the record, so that Sentry knows an event that it is
// sent a second time.
func eventID(resource pcommon.Resource, logger string, record plog.LogRecord) string {
	h := sha256.New()
	add(h, logger, record.SeverityText(), record.Body().AsString(), record.TraceID().String(), record.SpanID().String())
	_ = binary.Write(h, binary.BigEndian, uint64(record.Timestamp()))
	addAll(h, resource.Attributes())
	addAll(h, record.Attributes())
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func add(h hash.Hash, texts ...string) {
	for _, text := range texts {
		_ = binary.Write(h, binary.BigEndian, uint64(len(text)))
		h.Write([]byte(text))
	}
}

func addAll(h hash.Hash, attributes pcommon.Map) {
	var keys []string
	for key := range attributes.All() {
		if key != breadcrumbsKey {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		value, _ := attributes.Get(key)
		add(h, key, value.AsString())
	}
}
