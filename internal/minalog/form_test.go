package minalog

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// decodeForm returns the record of a form.
func decodeForm(t testing.TB, form map[string]string, change ...func(*Config)) plog.LogRecord {
	t.Helper()
	values := url.Values{}
	for name, value := range form {
		values.Set(name, value)
	}
	b := NewBatch(observed)
	require.NoError(t, newDecoder(t, change...).DecodeForm(b, values))
	require.Equal(t, 1, b.Len())
	return records(b)[0]
}

func TestWhatAnApplicationAddsToAForm(t *testing.T) {
	type attributes = map[string]any
	for name, tt := range map[string]struct {
		form map[string]string
		want attributes
	}{
		"a dict": {
			map[string]string{"http": `{'method': 'GET', 'path': "/a?b='1'", 'ip': None, 'n': [1, 2.5, True, (1,), {}]}`},
			attributes{"http": attributes{"method": "GET", "path": "/a?b='1'", "ip": nil, "n": []any{int64(1), 2.5, true, []any{int64(1)}, attributes{}}}},
		},
		"a dict with other keys": {
			map[string]string{"user": `{1: 'a', None: b'\xff', 'id': 42}`},
			attributes{"user": attributes{"1": "a", "None": `b'\xff'`, "id": int64(42)}},
		},
		"a list": {map[string]string{"ids": `[1, 'b', nan]`}, nil},
		"an object's repr": {
			map[string]string{"meeting": "<Meeting 7>", "user": "{'id': <User 1>}", "n": "42", "flag": "True", "none": "None", "tuple": "(1, 2)", "half": "{'a': 1"},
			attributes{"meeting": "<Meeting 7>", "user": "{'id': <User 1>}", "n": "42", "flag": "True", "none": "None", "tuple": "(1, 2)", "half": "{'a': 1"},
		},
		"a large number":            {map[string]string{"n": "{'n': 123456789012345678901234567890}"}, attributes{"n": attributes{"n": "123456789012345678901234567890"}}},
		"a LogRecord's field":       {map[string]string{"module": "{'a': 1}", "relativeCreated": "[1]"}, attributes{"module": "{'a': 1}", "relativeCreated": "[1]"}},
		"an empty name and a NUL":   {map[string]string{"": "a", "b\x00": "c"}, attributes{"mina.unnamed": "a", "b": "c"}},
		"bytes that are no UTF-8":   {map[string]string{"a": "\xff"}, attributes{"a": "\uFFFD"}},
		"names of fields":           {map[string]string{"timestamp": "2020-01-01T00:00:00Z", "level": "INFO", "logger": "x"}, attributes{"timestamp": "2020-01-01T00:00:00Z", "level": "INFO", "logger": "x"}},
		"ids of Datadog":            {map[string]string{"dd.trace_id": "0", "dd.span_id": "n/a"}, attributes{"dd.span_id": "n/a"}},
		"an exception of one's own": {map[string]string{"exception": `{'type': 'ValueError', 'message': 'bad id', 'traceback': ['Traceback (most recent call last):\n', 'ValueError: bad id\n']}`}, attributes{"exception": attributes{"type": "ValueError", "message": "bad id", "traceback": "Traceback (most recent call last):\nValueError: bad id"}}},
		"a traceback":               {map[string]string{"exc_text": testTraceback, "exc_info": "(<class 'ValueError'>, ValueError('card declined'), <traceback object at 0x7f0c>)"}, attributes{"exception": attributes{"type": "ValueError", "message": "card declined", "traceback": testTraceback}}},
	} {
		t.Run(name, func(t *testing.T) {
			for field, value := range map[string]string{"msg": "m", "levelname": "ERROR", "levelno": "40", "name": "app", "created": "1759335125.785", "exc_info": "None", "stack_info": "None"} {
				if _, ok := tt.form[field]; !ok {
					tt.form[field] = value
				}
			}
			record := decodeForm(t, tt.form)
			assert.EqualValues(t, 1759335125785000000, record.Timestamp())
			assert.EqualValues(t, 17, record.SeverityNumber())
			assert.Equal(t, "m", record.Body().Str())
			if tt.want != nil {
				assert.Equal(t, tt.want, record.Attributes().AsRaw())
			}
		})
	}
}

func TestNamesInAFormAreNotConfigured(t *testing.T) {
	record := decodeForm(t, map[string]string{"msg": "m", "levelname": "ERROR", "when": "2020-01-01T00:00:00Z", "created": "1759335125"}, func(c *Config) {
		c.Fields.Timestamp, c.Fields.Level, c.Fields.Message = []string{"when"}, nil, nil
	})
	assert.EqualValues(t, 1759335125000000000, record.Timestamp())
	assert.Equal(t, "m", record.Body().Str())
	assert.Equal(t, map[string]any{"when": "2020-01-01T00:00:00Z"}, record.Attributes().AsRaw())
}

func TestAMessageThatIsPutTogetherReplacesItsParts(t *testing.T) {
	record := decodeForm(t, map[string]string{"message": "did it", "msg": "did %s", "args": "('it',)"})
	assert.Equal(t, "did it", record.Body().Str())
	assert.Empty(t, record.Attributes().AsRaw())
}

// FuzzForm reads any form: every one that has a message becomes a record, and no text of
// it is lost on the way through JSON.
func FuzzForm(f *testing.F) {
	f.Add("msg=user+%25s&args=%28%27ana%27%2C%29&levelname=NOTICE&levelno=25&created=1759335125.785&exc_info=None", "note")
	f.Add("message=m&http=%7B%27method%27%3A+%27GET%27%2C+%27n%27%3A+%5B1%2C+nan%5D%7D&exc_text="+url.QueryEscape(testTraceback), "say \"it\"\x00\n")
	f.Fuzz(func(t *testing.T, query, text string) {
		form, err := url.ParseQuery(query)
		if err != nil || len(form) > maxFormFields-2 {
			return
		}
		for name := range form {
			if attributeName(valid(name)) != name {
				return // it may become another's name
			}
		}
		form.Set("msg", "m")
		form.Set("extra", "x"+text) // no literal
		b := NewBatch(observed)
		require.NoError(t, newDecoder(t).DecodeForm(b, form))
		require.Equal(t, 1, b.Len())
		extra, ok := records(b)[0].Attributes().Get("extra")
		require.True(t, ok)
		require.Equal(t, "x"+strings.ToValidUTF8(text, "\uFFFD"), extra.Str())
	})
}
