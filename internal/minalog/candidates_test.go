package minalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// decodeLine returns the record of one line, and its logger.
func decodeLine(t testing.TB, line string) (plog.LogRecord, string) {
	t.Helper()
	s, b := newStream(t, Origin{}, 1<<20), NewBatch(observed)
	s.Write(b, []byte(line+"\n"))
	s.End(b)
	require.Equal(t, 1, b.Len(), line)
	return records(b)[0], b.Logs().ResourceLogs().At(0).ScopeLogs().At(0).Scope().Name()
}

// decoded is what the tests of fields compare.
type decoded struct {
	time, text string
	severity   plog.SeverityNumber
	body       any
	logger     string
	attributes map[string]any
}

func decodedOf(t testing.TB, line string) decoded {
	t.Helper()
	record, logger := decodeLine(t, line)
	got := decoded{
		text: record.SeverityText(), severity: record.SeverityNumber(), body: record.Body().AsRaw(), logger: logger,
		attributes: record.Attributes().AsRaw(),
	}
	if record.Timestamp() != 0 {
		got.time = record.Timestamp().AsTime().Format(time.RFC3339Nano)
	}
	return got
}

func TestTheFirstNameThatCanBeReadWins(t *testing.T) {
	type attributes = map[string]any
	for name, tt := range map[string]struct {
		line string
		want decoded
	}{
		"a time that is a text": {
			`{"timestamp": "n/a", "asctime": "2025-10-01 16:12:05,785", "message": "x"}`,
			decoded{time: "2025-10-01T16:12:05.785Z", body: "x", attributes: attributes{"timestamp": "n/a"}},
		},
		"a time that is null, empty or a flag": {
			`{"timestamp": null, "@timestamp": "", "time": true, "ts": [1], "created": 1759335125.785}`,
			decoded{time: "2025-10-01T16:12:05.785Z", attributes: attributes{"timestamp": nil, "@timestamp": "", "time": true, "ts": []any{int64(1)}}},
		},
		"no time at all": {
			`{"timestamp": "n/a", "time": "later", "message": "x"}`,
			decoded{body: "x", attributes: attributes{"timestamp": "n/a", "time": "later"}},
		},
		"a level that is a number": {
			`{"levelname": "ERROR", "level": 7}`,
			decoded{text: "ERROR", severity: 17, attributes: attributes{"level": int64(7)}},
		},
		"a level that is another thing": {
			`{"level": "beginner", "severity": "warning"}`,
			decoded{text: "warning", severity: 13, attributes: attributes{"level": "beginner"}},
		},
		"a level of its own": {
			`{"level": null, "levelname": "AUDIT", "severity": "high"}`,
			decoded{text: "AUDIT", attributes: attributes{"level": nil, "severity": "high"}},
		},
		"an empty message": {
			`{"message": "", "msg": null, "event": "happened"}`,
			decoded{body: "happened", attributes: attributes{"message": "", "msg": nil}},
		},
		"only an empty message": {`{"message": "", "n": 1}`, decoded{body: "", attributes: attributes{"n": int64(1)}}},
		"a message of zero":     {`{"message": 0, "event": "x"}`, decoded{body: int64(0), attributes: attributes{"event": "x"}}},
		"an empty container": {
			`{"message": {}, "msg": [], "event": ["x"]}`,
			decoded{body: []any{"x"}, attributes: attributes{"message": attributes{}, "msg": []any{}}},
		},
		"a logger that is none": {
			`{"logger": "", "logger_name": 7, "name": "app"}`,
			decoded{logger: "app", attributes: attributes{"logger": "", "logger_name": int64(7)}},
		},
		"the last of duplicates": {
			`{"timestamp": "2025-10-01T16:12:05Z", "timestamp": "n/a", "ts": 1759335126}`,
			decoded{time: "2025-10-01T16:12:06Z", attributes: attributes{"timestamp": "n/a"}},
		},
		"a nested name": {
			`{"log": {"level": "error", "logger": "a.b"}, "level": [], "logger": {}}`,
			decoded{text: "error", severity: 17, logger: "a.b", attributes: attributes{
				"log": attributes{"level": "error", "logger": "a.b"}, "level": []any{}, "logger": attributes{},
			}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.want.attributes == nil {
				tt.want.attributes = attributes{}
			}
			assert.Equal(t, tt.want, decodedOf(t, tt.line))
		})
	}
}

func TestRecordsAreOfTheFirstProcessAndHostThatAreTold(t *testing.T) {
	b := NewBatch(observed)
	s := newStream(t, Origin{}, 1000)
	for _, line := range []string{
		`{"hostname": null, "host": {"name": "a"}, "process": {"id": 7, "name": "MainProcess"}}`,
		`{"hostname": "a", "process_id": 7}`,
		`{"_HOSTNAME": "a", "process_id": "", "_PID": "7"}`,
		`{"hostname": "a", "record": {"process": {"id": 7}}}`,
		`{"hostname": "a", "process": "MainProcess", "pid": 7}`,
	} {
		s.Write(b, []byte(line+"\n"))
	}
	assert.Equal(t, 1, b.Logs().ResourceLogs().Len())
	assert.Equal(t, 5, b.Len())
}

func TestTimesOfOtherFormatters(t *testing.T) {
	const want = "2025-10-01T16:12:05.785Z"
	for _, line := range []string{
		`{"timestamp": {"seconds": 1759335125, "nanos": 785000000}}`,
		`{"timestamp": {"seconds": "1759335125", "nanos": 785000000}}`,
		`{"timestampSeconds": 1759335125, "timestampNanos": 785000000}`,
		`{"timestampNanos": "785000000", "timestampSeconds": "1759335125"}`,
		`{"timestamp": {"$date": "2025-10-01T16:12:05.785Z"}}`,
		`{"time": {"$date": 1759335125785}}`,
		`{"time": {"$date": {"$numberLong": "1759335125785"}}}`,
		`{"__REALTIME_TIMESTAMP": "1759335125785000"}`,
		`{"_SOURCE_REALTIME_TIMESTAMP": "1759335125785000", "__REALTIME_TIMESTAMP": "n/a"}`,
		`{"record": {"time": {"repr": "2025-10-01 18:12:05.785000+02:00", "timestamp": 1759335125.785}}}`,
		`{"timestamp": "2025-10-01T16:12:05.785\u002B00:00"}`,
		`{"time": {}, "timestamp": {"seconds": null}, "created": 1759335125.785}`,
	} {
		assert.Equal(t, want, decodedOf(t, line).time, line)
	}
	assert.Empty(t, decodedOf(t, `{"timestampSeconds": 1759335125, "timestampNanos": 785000000}`).attributes)
	assert.Equal(t, map[string]any{"timestampNanos": int64(-1)}, decodedOf(t, `{"timestampSeconds": 1759335125, "timestampNanos": -1}`).attributes)
}

func TestLevelsWithNumbers(t *testing.T) {
	type attributes = map[string]any
	for line, want := range map[string]decoded{
		`{"levelname": "SUCCESS!", "levelno": 25}`:                     {text: "SUCCESS!", severity: 12},
		`{"levelno": 25, "levelname": "SUCCESS!", "severity": "high"}`: {text: "SUCCESS!", severity: 12, attributes: attributes{"severity": "high"}},
		`{"levelname": "ERROR", "levelno": 40}`:                        {text: "ERROR", severity: 17},
		`{"levelname": "ERROR", "levelno": 20}`:                        {text: "ERROR", severity: 9},
		`{"levelname": "NOTICE", "levelno": 25}`:                       {text: "NOTICE", severity: 12},
		`{"levelname": "TRACE", "levelno": 5}`:                         {text: "TRACE", severity: 1, attributes: attributes{"levelno": int64(5)}},
		`{"level": "error", "severity_number": 9}`:                     {text: "error", severity: 9},
		`{"levelno": 40}`:                                     {text: "40", severity: 17},
		`{"levelno": "40"}`:                                   {text: "40", severity: 17},
		`{"levelno": null}`:                                   {attributes: attributes{"levelno": nil}},
		`{"levelno": "many"}`:                                 {attributes: attributes{"levelno": "many"}},
		`{"level": {"name": "ERROR", "no": 40}}`:              {text: "ERROR", severity: 17, attributes: attributes{"level": attributes{"name": "ERROR", "no": int64(40)}}},
		`{"level": {"name": "LOUD", "no": 40}}`:               {text: "LOUD", severity: 17, attributes: attributes{"level": attributes{"name": "LOUD", "no": int64(40)}}},
		`{"severity_text": "ERROR", "severity_number": 17}`:   {text: "ERROR", severity: 17},
		`{"severity_text": "INFO2", "severity_number": 10}`:   {text: "INFO2", severity: 10},
		`{"severityText": "LOUD", "severityNumber": 18}`:      {text: "LOUD", severity: 18},
		`{"severity_number": 25}`:                             {attributes: attributes{"severity_number": int64(25)}},
		`{"severity_number": "SeverityNumber.ERROR"}`:         {text: "SeverityNumber.ERROR", severity: 17},
		`{"severity_number": 9}`:                              {text: "9", severity: 9},
		`{"severity": "3"}`:                                   {text: "3"},
		`{"PRIORITY": "3"}`:                                   {text: "3", severity: 17},
		`{"PRIORITY": 6, "level": "error"}`:                   {text: "error", severity: 17, attributes: attributes{"PRIORITY": int64(6)}},
		`{"PRIORITY": "8"}`:                                   {attributes: attributes{"PRIORITY": "8"}},
		`{"log_level": "ERROR"}`:                              {text: "ERROR", severity: 17},
		`{"lvl": "error"}`:                                    {text: "error", severity: 17},
		`{"level_name": "error"}`:                             {text: "error", severity: 17},
		`{"level": "\u001b[31merror\u001b[0m"}`:               {text: "error", severity: 17},
		"{\"level\": \"\x1b[31merror\x1b[0m\"}":               {text: "error", severity: 17},
		`{"level": "\u001b[31mloud\u001b[0m", "levelno": 40}`: {text: "loud", severity: 17},
		`{"level": 40}`:                                       {text: "40", severity: 17},
	} {
		if want.attributes == nil {
			want.attributes = attributes{}
		}
		assert.Equal(t, want, decodedOf(t, line), line)
	}
}

func TestTraceContext(t *testing.T) {
	const trace, span = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	type attributes = map[string]any
	for line, want := range map[string]struct {
		trace, span string
		flags       plog.LogRecordFlags
		attributes  attributes
	}{
		`{"trace_id": "4BF92F3577B34DA6A3CE929D0E0E4736", "span_id": "00F067AA0BA902B7"}`:          {trace: trace, span: span},
		`{"trace_id": "0x4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "0x00f067aa0ba902b7"}`:      {trace: trace, span: span},
		`{"trace_id": "0X4BF92F3577B34DA6A3CE929D0E0E4736", "span_id": "0xf067aa0ba902b7"}`:        {trace: trace, span: span},
		`{"trace_id": 100985939111033328018442752961257817910, "span_id": 67667974448284343}`:      {trace: trace, span: span},
		`{"trace_id": "100985939111033328018442752961257817910", "span_id": "67667974448284343"}`:  {trace: trace, span: span},
		`{"trace_id": "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"}`:                                     {trace: trace},
		`{"trace_id": "a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7"}`:                          {trace: "0000000000000000a3ce929d0e0e4736", span: span},
		`{"trace_id": "1234567890123456"}`:                                                         {trace: "00000000000000001234567890123456"},
		`{"dd.trace_id": "1234567890123456", "dd.span_id": "1234567890123456"}`:                    {trace: "0000000000000000000462d53c8abac0", span: "000462d53c8abac0"},
		`{"dd.trace_id": "13829180529872123457", "dd.span_id": "67667974448284343"}`:               {trace: "0000000000000000bfeb1e6bf9c6b641", span: span},
		`{"dd": {"trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "7"}}`:                 {trace: trace, span: "0000000000000007", attributes: attributes{"dd": attributes{"trace_id": trace, "span_id": "7"}}},
		`{"dd.trace_id": "0", "dd.span_id": "0"}`:                                                  {},
		`{"otelTraceID": "0", "otelSpanID": "0", "traceId": "4bf92f3577b34da6a3ce929d0e0e4736"}`:   {trace: trace},
		`{"trace_id": "00000000-0000-0000-0000-000000000000", "span_id": "0x0"}`:                   {},
		`{"trace_id": "n/a", "trace.id": "4bf92f3577b34da6a3ce929d0e0e4736"}`:                      {trace: trace, attributes: attributes{"trace_id": "n/a"}},
		`{"trace_id": 42, "span_id": "12345"}`:                                                     {attributes: attributes{"trace_id": int64(42), "span_id": "12345"}},
		`{"trace_id": "4bf92f3577b34da6a3ce929d0e0e473", "span_id": "00f067aa0ba902bx"}`:           {attributes: attributes{"trace_id": "4bf92f3577b34da6a3ce929d0e0e473", "span_id": "00f067aa0ba902bx"}},
		`{"trace_id": "999999999999999999999999999999999999999", "span_id": 18446744073709551616}`: {attributes: attributes{"trace_id": "999999999999999999999999999999999999999", "span_id": "18446744073709551616"}},
		`{"trace_id": 1.0e38, "span_id": null}`:                                                    {attributes: attributes{"trace_id": 1e38, "span_id": nil}},
		`{"logging.googleapis.com/trace": "projects/mina-1/traces/4bf92f3577b34da6a3ce929d0e0e4736", "logging.googleapis.com/spanId": "00f067aa0ba902b7", "logging.googleapis.com/trace_sampled": true}`: {trace: trace, span: span, flags: 1},
		`{"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}`:                                                 {trace: trace, span: span, flags: 1},
		`{"trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}`: {trace: trace, span: span, flags: 1},
		`{"trace_id": "a3ce929d0e0e4736", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}`: {
			trace: "0000000000000000a3ce929d0e0e4736", attributes: attributes{"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
		},
		`{"traceparent": "00-00000000000000000000000000000000-00f067aa0ba902b7-01"}`: {
			attributes: attributes{"traceparent": "00-00000000000000000000000000000000-00f067aa0ba902b7-01"},
		},
		`{"traceparent": "garbage"}`:                      {attributes: attributes{"traceparent": "garbage"}},
		`{"trace_flags": null, "otelTraceSampled": true}`: {flags: 1, attributes: attributes{"trace_flags": nil}},
	} {
		record, _ := decodeLine(t, line)
		assert.Equal(t, want.trace, record.TraceID().String(), line)
		assert.Equal(t, want.span, record.SpanID().String(), line)
		assert.Equal(t, want.flags, record.Flags(), line)
		if want.attributes == nil {
			want.attributes = attributes{}
		}
		assert.Equal(t, want.attributes, record.Attributes().AsRaw(), line)
	}
}

func TestColoursAreNoPartOfAMessage(t *testing.T) {
	for line, want := range map[string]string{
		`{"message": "\u001b[1mboom\u001b[0m"}`:                             "boom",
		`{"message": "\u001b]8;;http://x\u0007link\u001b]8;;\u0007 \\x1b"}`: `link \x1b`,
		`{"msg": "%s", "args": ["\u001b[31mred\u001b[0m"]}`:                 "red",
		`{"message": "no\tcolour"}`:                                         "no\tcolour",
	} {
		assert.Equal(t, want, decodedOf(t, line).body, line)
	}
}
