package minalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// FieldNames lists, for each thing that the log data model has a place for, the
// names under which JSON records may carry it. The first name that a record has
// wins; the others stay attributes. A name with dots is also found nested:
// "log.level" is the key "log.level", or "level" inside the object "log".
type FieldNames struct {
	// Timestamp holds ISO 8601 text, or seconds, milliseconds, microseconds or
	// nanoseconds since the epoch.
	Timestamp []string `mapstructure:"timestamp"`
	// Level holds a level's name or Python's number for it.
	Level []string `mapstructure:"level"`
	// Message becomes the record's body.
	Message []string `mapstructure:"message"`
	// Logger becomes the instrumentation scope.
	Logger []string `mapstructure:"logger"`
	// TraceID holds 32 hexadecimal digits.
	TraceID []string `mapstructure:"trace_id"`
	// SpanID holds 16 hexadecimal digits.
	SpanID []string `mapstructure:"span_id"`
	// TraceFlags holds two hexadecimal digits, a number, or whether the trace is sampled.
	TraceFlags []string `mapstructure:"trace_flags"`
	// Host tells the records of different hosts apart. It stays an attribute.
	Host []string `mapstructure:"host"`
	// Process tells the records of different processes apart. It stays an attribute.
	Process []string `mapstructure:"process"`
}

// DefaultFieldNames are those of Mina's own formatter first, then those of
// python-json-logger, structlog and the ECS formatter.
func DefaultFieldNames() FieldNames {
	return FieldNames{
		Timestamp:  []string{"timestamp", "@timestamp", "time", "ts", "asctime", "created"},
		Level:      []string{"level", "levelname", "log.level", "severity"},
		Message:    []string{"message", "msg", "event"},
		Logger:     []string{"logger", "logger_name", "log.logger", "name"},
		TraceID:    []string{"trace_id", "otelTraceID", "trace.id", "traceId"},
		SpanID:     []string{"span_id", "otelSpanID", "span.id", "spanId"},
		TraceFlags: []string{"trace_flags", "otelTraceSampled", "traceFlags"},
		Host:       []string{"hostname", "host.hostname", "host.name"},
		Process:    []string{"process_id", "process.pid", "process", "pid"},
	}
}

type field uint8

const (
	fieldNone field = iota
	fieldTimestamp
	fieldLevel
	fieldMessage
	fieldLogger
	fieldTraceID
	fieldSpanID
	fieldTraceFlags
	fieldHost
	fieldProcess
	fieldCount
)

func (f *FieldNames) lists() [fieldCount][]string {
	return [fieldCount][]string{
		fieldTimestamp:  f.Timestamp,
		fieldLevel:      f.Level,
		fieldMessage:    f.Message,
		fieldLogger:     f.Logger,
		fieldTraceID:    f.TraceID,
		fieldSpanID:     f.SpanID,
		fieldTraceFlags: f.TraceFlags,
		fieldHost:       f.Host,
		fieldProcess:    f.Process,
	}
}

var fieldKeys = [fieldCount]string{
	"", "timestamp", "level", "message", "logger", "trace_id", "span_id", "trace_flags", "host", "process",
}

// check reports an empty name, and a name that is listed twice.
func (f *FieldNames) check() error {
	var errs []error
	owner := map[string]string{}
	lists := f.lists()
	for fd := fieldNone + 1; fd < fieldCount; fd++ {
		for _, name := range lists[fd] {
			if name == "" || slices.Contains(strings.Split(name, "."), "") {
				errs = append(errs, fmt.Errorf("fields::%s: %q is not a field name", fieldKeys[fd], name))
			}
			if other, taken := owner[name]; taken {
				errs = append(errs, fmt.Errorf("fields::%s: %q is already listed under %s", fieldKeys[fd], name, other))
			}
			owner[name] = fieldKeys[fd]
		}
	}
	return errors.Join(errs...)
}

const (
	// maxKnownKeys bounds the keys that a decoder remembers between lines.
	maxKnownKeys = 4096
	// maxKnownKeyLen is the length in bytes beyond which a key is not remembered.
	maxKnownKeyLen = 64
)

// key is what a decoder knows of an object's key.
type key struct {
	name string
	// field is what a value under this key means, and rank its place in the list of names.
	field field
	rank  int
	// children are the keys that have a meaning inside an object under this key.
	children map[string]*key
	// object and value tell where the key was last seen, so that a duplicate is
	// found without a search.
	object uint64
	value  int
	// next is the key that followed when this one was last read.
	next *key
}

// keys interns the names of keys, so that a name is allocated once and not in
// every record. Records have the same keys in the same order as the ones before
// them, mostly: the key that followed last time is tried before it is looked up.
type keys struct {
	known map[string]*key
	// rest holds the keys of the line at hand that are not remembered.
	rest map[string]*key
	// first stands in front of the first key of a line, last is the one read last.
	first, last *key
}

func newKeys(names *FieldNames) keys {
	k := keys{known: map[string]*key{}, rest: map[string]*key{}, first: &key{}}
	lists := names.lists()
	for fd := fieldNone + 1; fd < fieldCount; fd++ {
		for rank, name := range lists[fd] {
			k.add(name, fd, rank)
		}
	}
	return k
}

// add enters a field's name, and a dotted name also as a path of nested keys.
func (k *keys) add(name string, fd field, rank int) {
	top := k.get(name)
	top.field, top.rank = fd, rank
	level := k.known
	parts := strings.Split(name, ".")
	for i, part := range parts {
		child := level[part]
		if child == nil {
			child = &key{name: part}
			level[part] = child
		}
		if i == len(parts)-1 {
			child.field, child.rank = fd, rank
			return
		}
		if child.children == nil {
			child.children = map[string]*key{}
		}
		level = child.children
	}
}

// begin begins a line, and forgets the keys of the one before that are not remembered.
func (k *keys) begin() {
	k.last = k.first
	switch {
	case len(k.rest) > maxKnownKeys: // to clear it would cost as much for every line that follows
		k.rest = map[string]*key{}
	case len(k.rest) > 0:
		clear(k.rest)
	}
}

// expected returns the key that followed the last one before, or nil. Its name is
// written without escapes.
func (k *keys) expected() *key { return k.last.next }

// follow returns the key of a name that is written without escapes, and expects
// it the next time.
func (k *keys) follow(name string) *key {
	found := k.get(name)
	if k.rest[name] == nil {
		k.last.next = found
		k.last = found
	}
	return found
}

// get returns the key of a name.
func (k *keys) get(name string) *key {
	if known, ok := k.known[name]; ok {
		return known
	}
	if other, ok := k.rest[name]; ok {
		return other
	}
	other := &key{name: strings.Clone(name)}
	if len(k.known) < maxKnownKeys && len(name) <= maxKnownKeyLen {
		k.known[other.name] = other
	} else {
		k.rest[other.name] = other
	}
	return other
}
