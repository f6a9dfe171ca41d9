package minalog

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDecodeJSONRequest(t *testing.T) {
	for name, tt := range map[string]struct {
		body    string
		records int
		err     string
	}{
		"object":                    {`{"message":"a"}`, 1, ""},
		"pretty object":             {"{\n \"message\": \"a {[\"\n}\n", 1, ""},
		"array":                     {`[{"message":"a"}, {"message":"b"}]`, 2, ""},
		"empty array":               {`[]`, 0, ""},
		"NDJSON":                    {"{\"message\":\"a\"}\r\n\n{\"message\":\"b\"}\n", 2, ""},
		"Python's NaN":              {`{"n": NaN, "i": -Infinity}`, 1, ""},
		"nothing":                   {" \n", 0, "the request holds no record"},
		"a number in an array":      {`[{"a":1}, 2]`, 0, "record 1: it is not a whole JSON object"},
		"cut off":                   {`{"a":1}` + "\n" + `{"a":`, 0, "record 1: it is not a whole JSON object"},
		"invalid":                   {`{"a":1}` + "\n" + `{"a" 1}`, 0, "record 1: it is not valid JSON"},
		"no comma":                  {`[{"a":1} {"a":2}]`, 0, `record 0: neither "," nor "]" follows it`},
		"array without end":         {`[{"a":1},`, 0, "the array has no end"},
		"something after the array": {`[{"a":1}] x`, 0, "record 0: something follows the array"},
		"too large":                 {`[{"a":"` + strings.Repeat("x", 100) + `"}]`, 0, "record 0: it is 108 bytes long, and max_record_size is 100"},
		"text":                      {"hello", 0, "record 0: it is not a whole JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			b := NewBatch(observed)
			err := newDecoder(t).DecodeJSON(t.Context(), b, []byte(tt.body), 100)
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.records, b.Len())
			assert.Equal(t, tt.records, b.Logs().LogRecordCount())
		})
	}
}

func TestDecodeForm(t *testing.T) {
	form := url.Values{}
	for k, v := range map[string]string{
		"name": "app.views", "msg": "user %s did %d", "args": "('ana', 3)", "levelname": "NOTICE", "levelno": "25",
		"pathname": "/srv/mina/views.py", "filename": "views.py", "module": "views", "exc_text": "None", "stack_info": "None",
		"exc_info": "(<class 'ValueError'>, ValueError('bad id'), <traceback object at 0x7f>)", "lineno": "12", "funcName": "f",
		"created": "1759335125.785", "msecs": "785.0", "relativeCreated": "1.5", "thread": "140245896464960", "threadName": "MainThread",
		"processName": "MainProcess", "process": "10177", "taskName": "None", "meeting_id": "7", "model": "None", "otelTraceID": "0",
		"otelSpanID": "00f067aa0ba902b7", "otelTraceSampled": "True",
	} {
		form.Set(k, v)
	}
	b := NewBatch(observed)
	require.NoError(t, newDecoder(t).DecodeForm(b, form))
	scope := b.Logs().ResourceLogs().At(0).ScopeLogs().At(0)
	record := scope.LogRecords().At(0)
	assert.Equal(t, "app.views", scope.Scope().Name())
	assert.Equal(t, "user ana did 3", record.Body().Str())
	assert.Equal(t, "NOTICE", record.SeverityText())
	assert.EqualValues(t, 12, record.SeverityNumber())
	assert.EqualValues(t, 1759335125785000000, record.Timestamp())
	assert.Equal(t, "00f067aa0ba902b7", record.SpanID().String())
	assert.EqualValues(t, 1, record.Flags())
	assert.Equal(t, map[string]any{
		"pathname": "/srv/mina/views.py", "module": "views", "lineno": int64(12), "funcName": "f", "relativeCreated": "1.5",
		"thread": int64(140245896464960), "threadName": "MainThread", "processName": "MainProcess", "process": int64(10177),
		"meeting_id": "7", "model": "None", "exception": map[string]any{"type": "ValueError", "message": "bad id"},
	}, record.Attributes().AsRaw())
}

func TestDecodeFormKeepsWhatItCannotFormat(t *testing.T) {
	b := NewBatch(observed)
	require.NoError(t, newDecoder(t).DecodeForm(b, url.Values{"msg": {"at %s"}, "args": {"(<Meeting 7>,)"}}))
	record := b.Logs().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	assert.Equal(t, "at %s", record.Body().Str())
	assert.Equal(t, map[string]any{"args": "(<Meeting 7>,)"}, record.Attributes().AsRaw())

	require.ErrorContains(t, newDecoder(t).DecodeForm(b, url.Values{"a": {"b"}}), "the form has none of msg")
}
