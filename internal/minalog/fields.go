package minalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// FieldNames lists, for each thing that the log data model has a place for, the
// names under which JSON records may carry it. The first name wins whose value can be
// read; the others stay attributes. A name with dots is also found nested: "log.level"
// is the key "log.level", or "level" inside the object "log".
type FieldNames struct {
	// Timestamp holds ISO 8601 text; seconds, milliseconds, microseconds or nanoseconds
	// since the epoch; or an object of seconds and nanos.
	Timestamp []string `mapstructure:"timestamp"`
	// Level holds a level's name or Python's number for it. A name that is known wins
	// over one that is not.
	Level []string `mapstructure:"level"`
	// Message becomes the record's body.
	Message []string `mapstructure:"message"`
	// Logger becomes the instrumentation scope.
	Logger []string `mapstructure:"logger"`
	// TraceID holds 32 hexadecimal digits, also as a UUID, behind 0x or in Google's
	// "projects/…/traces/…", the 16 of a shorter id, or the id as a decimal number.
	TraceID []string `mapstructure:"trace_id"`
	// SpanID holds 16 hexadecimal digits, also behind 0x, or the id as a decimal number.
	SpanID []string `mapstructure:"span_id"`
	// TraceFlags holds two hexadecimal digits, a number, or whether the trace is sampled.
	TraceFlags []string `mapstructure:"trace_flags"`
	// Exception holds a traceback as text or as a list of lines, or an object with the
	// exception's type, message and traceback or frames. It becomes the attribute exception.
	Exception []string `mapstructure:"exception"`
	// Host tells the records of different hosts apart. It stays an attribute.
	Host []string `mapstructure:"host"`
	// Process tells the records of different processes apart. It stays an attribute.
	Process []string `mapstructure:"process"`
}

// DefaultFieldNames are those of Mina's own formatter first, then those of
// python-json-logger, structlog and the ECS formatter, and then those of loguru,
// OpenTelemetry, Datadog, Google Cloud and journald.
func DefaultFieldNames() FieldNames {
	return FieldNames{
		Timestamp: []string{
			"timestamp", "@timestamp", "time", "ts", "asctime", "created", "record.time.timestamp", timestampSeconds,
			"_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP",
		},
		Level: []string{
			"level", "levelname", "log.level", "severity", "log_level", "loglevel", "lvl", "level_name", "level.name", "record.level.name",
			"severity_text", "severityText",
		},
		Message:    []string{"message", "msg", "event", "record.message", "body", "MESSAGE"},
		Logger:     []string{"logger", "logger_name", "log.logger", "name", "logger.name", "record.name"},
		TraceID:    []string{"trace_id", "otelTraceID", "trace.id", "traceId", "traceID", "dd.trace_id", "logging.googleapis.com/trace"},
		SpanID:     []string{"span_id", "otelSpanID", "span.id", "spanId", "spanID", "dd.span_id", "logging.googleapis.com/spanId"},
		TraceFlags: []string{"trace_flags", "otelTraceSampled", "traceFlags", "trace_sampled", "logging.googleapis.com/trace_sampled"},
		Exception: []string{
			exceptionKey, "exc_info", "exc_text", "error", "stack_trace", "traceback", "stacktrace", "stackTrace", "error.stack_trace", "error.stack",
			"record.exception",
		},
		Host:    []string{"hostname", "host.hostname", "host.name", "_HOSTNAME"},
		Process: []string{"process_id", "process.pid", "process", "pid", "process.id", "record.process.id", "_PID"},
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
	fieldException
	fieldHost
	fieldProcess
	// The fields from here on have fixed names.
	fieldPriority
	fieldLevelNumber
	fieldSeverityNumber
	fieldTraceparent
	fieldArguments
	fieldExceptionType
	fieldExceptionMessage
	fieldCount
)

const lastConfigured = fieldProcess

// fieldLists are the names of each field.
type fieldLists [fieldCount][]string

// lists returns all names, of which those in the configuration come first.
func (f *FieldNames) lists() fieldLists {
	return fieldLists{
		fieldTimestamp:  f.Timestamp,
		fieldLevel:      f.Level,
		fieldMessage:    f.Message,
		fieldLogger:     f.Logger,
		fieldTraceID:    f.TraceID,
		fieldSpanID:     f.SpanID,
		fieldTraceFlags: f.TraceFlags,
		fieldException:  f.Exception,
		fieldHost:       f.Host,
		fieldProcess:    f.Process,

		fieldPriority:       {"PRIORITY"},
		fieldLevelNumber:    {"levelno", "level.no", "record.level.no"},
		fieldSeverityNumber: {"severity_number", "severityNumber"},
		fieldTraceparent:    {"traceparent"},
		fieldArguments:      {"args"},

		fieldExceptionType:    {"exception_name", "exc_type", "error.type", "error.kind", "errorType", "exception.type"},
		fieldExceptionMessage: {"exc_value", "error.message", "errorMessage", "exception.message"},
	}
}

var fieldKeys = [lastConfigured + 1]string{
	"", "timestamp", "level", "message", "logger", "trace_id", "span_id", "trace_flags", "exception", "host", "process",
}

// optional are the fields of a LogRecord that are null, or None, where there is nothing.
var optional = []string{
	"args", "exc_info", "exc_text", "stack_info", "taskName", "process", "processName", "thread", "threadName", "funcName",
}

// check reports an empty name, and a name that is listed twice.
func (f *FieldNames) check() error {
	var errs []error
	owner := map[string]string{}
	lists := f.lists()
	for fd := fieldNone + 1; fd <= lastConfigured; fd++ {
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
