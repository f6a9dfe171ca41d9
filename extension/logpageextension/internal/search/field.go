package search

import (
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/logsql"
	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/internal/semconv"
)

// field is what a name in the search stands for.
type field struct {
	// names are those under which records have it: the convention's, and the application's
	// own if its value was none for the convention.
	names []string
	kind  kind
}

// kind is of a field whose values may be written in a way of their own.
type kind uint8

const (
	plain   kind = iota
	id           // in one case only
	part         // of what is there, as the module is of a function's name
	status       // 5xx
	address      // 10.0.0.0/8
	level        // by number
	moment       // a time
	source       // the store's id of where records come from
)

// body is what a word by itself is looked for in.
var body = field{names: []string{logsql.Body}}

func (f field) isBody() bool { return len(f.names) == 1 && f.names[0] == logsql.Body }

// short are the names for those in a hurry, and the application's names that they stand for.
var short = map[string][]string{
	"level":     {"level"},
	"logger":    {"logger"},
	"user":      {"user.id", "user.username"},
	"request":   {"request_id"},
	"path":      {"http.path"},
	"ip":        {"http.ip"},
	"status":    {"status_code"},
	"exception": {"exception.type", "exception.message"},
	"host":      {"hostname"},
	"service":   {"otelServiceName"},
}

func isShort(name string) bool { return short[strings.ToLower(name)] != nil }

// The names that the store has for what is no attribute.
const (
	severityNumber = "severity_number"
	severityText   = "severity_text"
	scopeName      = "scope.name"
	traceID        = "trace_id"
	spanID         = "span_id"
	recordTime     = "_time"
	recordLevel    = "level" // which has no other meaning in a search
	stream         = "_stream"
	streamID       = "_stream_id"
	urlPath        = "url.path"
	urlQuery       = "url.query"
)

// read are the receiver's names for what is no attribute, and where that is found.
var read = func() map[string]field {
	names, fields := minalog.DefaultFieldNames(), map[string]field{}
	for _, row := range []struct {
		names []string
		home  string
		kind  kind
	}{
		{names.Timestamp, recordTime, moment},
		{names.Level, "", level},
		{names.Message, logsql.Body, plain},
		{names.Logger, scopeName, plain},
		{names.TraceID, traceID, id},
		{names.SpanID, spanID, id},
		{names.Exception, "exception.stacktrace", plain},
	} {
		for _, name := range row.names {
			fields[name] = field{names: compact(row.home, name), kind: row.kind}
		}
	}
	for _, name := range []string{logsql.Body, severityText, severityNumber, scopeName} {
		fields[name] = field{names: []string{name}}
	}
	for _, name := range []string{recordTime, "timestamp", "@timestamp"} { // which nobody has for anything else
		fields[name] = field{names: []string{recordTime}, kind: moment}
	}
	fields[streamID] = field{names: []string{streamID}, kind: source}
	return fields
}()

// kinds are those of attributes.
var kinds = map[string]kind{
	"mina.request.id":           id,
	"http.response.status_code": status,
	"client.address":            address,
}

// fieldOf returns what a name stands for, and says whether it is known from the application
// or the conventions.
func fieldOf(name string) (f field, known bool) {
	if names, ok := short[strings.ToLower(name)]; ok {
		for _, application := range names {
			one, _ := applicationField(application)
			f.names, f.kind = append(f.names, one.names...), one.kind
		}
		f.names = compact(append(f.names, name)...)
		if name == "request" {
			f.names = append(f.names, semconv.RequestHeader)
		}
		return f, true
	}
	return applicationField(name)
}

func applicationField(name string) (f field, known bool) {
	if f, known = read[name]; known {
		return f, true
	}
	target, isPart := semconv.Target(name)
	if target == "" {
		return field{names: []string{name}, kind: kinds[name]}, false
	}
	f = field{names: compact(target, name), kind: kinds[target]}
	if isPart {
		f.kind = part
	}
	return f, true
}

// compact returns the names that there are, each once.
func compact(names ...string) []string {
	var kept []string
	for _, name := range names {
		if name != "" && !slices.Contains(kept, name) {
			kept = append(kept, name)
		}
	}
	return kept
}
