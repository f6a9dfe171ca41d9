package minalog

import (
	"context"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSizeOfJSONCountsRecords(t *testing.T) {
	for body, records := range map[string]int{
		``:                               0,
		`{}`:                             1,
		"\uFEFF {}\n{}\r\n{} ":           3,
		`[]`:                             0,
		`[{}, {"a": [{}, [], {"b":1}]}]`: 2,
		`{"a": "}{,\"{"} {"b": {}}`:      2,
		`{"a": "`:                        1,
	} {
		assert.Equal(t, records, SizeOfJSON([]byte(body)).Records, body)
	}
}

// TestMemoryIsNotMoreThanWasTold decodes what takes far more memory than text.
func TestMemoryIsNotMoreThanWasTold(t *testing.T) {
	for name, body := range map[string]string{
		"empty records":              strings.Repeat("{}\n", 100000),
		"numbers":                    `{"a":[` + strings.Repeat("0,", 100000) + `0]}`,
		"empty arrays":               `{"a":[` + strings.Repeat("[],", 100000) + `0]}`,
		"empty objects":              `{"a":[` + strings.Repeat("{},", 100000) + `0]}`,
		"objects":                    `{"a":[` + strings.Repeat(`{"b":""},`, 100000) + `0]}`,
		"short attributes":           strings.Repeat(`{"a":0,"b":true,"c":"","d":1.5}`, 10000),
		"inside of journald's":       `{"MESSAGE":"{\"a\":[` + strings.Repeat("0,", 100000) + `0]}"}`,
		"arrays there":               `{"\u004dESSAGE":"{\"a\":[` + strings.Repeat("[],", 100000) + `0]}"}`,
		"escapes there":              `{"MESSAGE":"{\"a\":[` + strings.Repeat(`[]\u002c`, 10000) + `0]}"}`,
		"records of the application": strings.Repeat(string(benchLine), 1000),
	} {
		t.Run(name, func(t *testing.T) {
			d, b := newDecoder(t), NewBatch(observed)
			before := heap()
			require.NoError(t, d.DecodeJSON(t.Context(), b, []byte(body), 1<<20))
			d.json.values = nil
			taken, told := heap()-before, SizeOfJSON([]byte(body)).Memory()
			assert.LessOrEqual(t, taken, told)
			assert.Greater(t, 4*taken, told, "it is not much more, either")
			runtime.KeepAlive(b)
			runtime.KeepAlive(d)
		})
	}
}

func TestMemoryOfAFormIsNotMoreThanWasTold(t *testing.T) {
	for name, list := range map[string]string{
		"numbers": "[" + strings.Repeat("0,", 100000) + "0]",
		"arrays":  "[" + strings.Repeat("[],", 100000) + "0]",
		"escaped": "[" + strings.Repeat("{}%2C", 100000) + "0]",
	} {
		t.Run(name, func(t *testing.T) {
			text := "msg=m&list=" + list
			form, err := url.ParseQuery(text)
			require.NoError(t, err)
			d, b := newDecoder(t), NewBatch(observed)
			before := heap()
			require.NoError(t, d.DecodeForm(b, form))
			d.form.json.values = nil
			assert.LessOrEqual(t, heap()-before, SizeOfForm(text, len(form)).Memory())
			runtime.KeepAlive(b)
			runtime.KeepAlive(d)
		})
	}
}

func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func TestDecodingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := NewBatch(observed)
	require.ErrorIs(t, newDecoder(t).DecodeJSON(ctx, b, []byte(`{"message":"a"}`), 100), context.Canceled)
	assert.Zero(t, b.Len())
}

// TestAShortFormCannotCostMuch decodes forms that name one long argument over and over.
func TestAShortFormCannotCostMuch(t *testing.T) {
	args := "{'a': " + strings.Repeat("9", 100<<10) + ", 's': '" + strings.Repeat("é", 50<<10) + "'}"
	for _, conversion := range []string{"%(a)s", "%(s)s", "%(s).0s", "%(s).0a", "%(a)d", "%(a)x", "%(a).0e", "%(s)1000r"} {
		msg := strings.Repeat(conversion, 20000)
		begin, b := time.Now(), NewBatch(observed)
		require.NoError(t, newDecoder(t).DecodeForm(b, url.Values{"msg": {msg}, "args": {args}}))
		assert.Less(t, time.Since(begin), 10*time.Second, conversion)
		assert.Equal(t, msg, records(b)[0].Body().Str(), "it stays as it is")
	}
}

func TestAFormOfTooManyFieldsIsRefused(t *testing.T) {
	form := url.Values{"msg": {"a"}}
	for i := range maxFormFields {
		form.Set(strconv.Itoa(i), "")
	}
	require.ErrorContains(t, newDecoder(t).DecodeForm(NewBatch(observed), form), "the form has 1001 fields")
}

func BenchmarkSizeOfJSON(b *testing.B) {
	body := []byte(strings.Repeat(string(benchLine), benchRecords))
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		SizeOfJSON(body)
	}
}

func FuzzSizeOfJSON(f *testing.F) {
	f.Add([]byte(`[{"message":"a"}, {"message":"b"}]`))
	f.Add([]byte("{\"message\":\"a\"}\n{\"b\": [Infinity]}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		size := SizeOfJSON(body)
		require.LessOrEqual(t, size.Records, len(body))
		require.LessOrEqual(t, size.values, 2*len(body))
	})
}
