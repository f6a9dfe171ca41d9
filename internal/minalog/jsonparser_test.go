package minalog

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func newTestParser() *jsonParser { return &jsonParser{keys: newKeys(fieldLists{})} }

func TestWhatIsNoJSONObjectIsRefused(t *testing.T) {
	for _, text := range []string{
		``, `{`, `}`, `[]`, `1`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a":1 "b":2}`, `{a:1}`, `{"a":1}}`, `{"a":1} x`, `{"a":"x}`, `{"a":"x\"}`,
		`{"a":tru}`, `{"a":-}`, `{"a":1.}`, `{"a":1e}`, `{"a":1e+}`, `{"a":.5}`, `{"a":+1}`, `{"a":[1,]}`, `{"a":[1}`, `{"a":{"b":1]}`, `{"a":Inf}`, `{"a":01x}`,
	} {
		assert.False(t, newTestParser().parse(text), text)
	}
}

func TestTheSameKeysInAnotherOrderAreNotMixedUp(t *testing.T) {
	p := newTestParser()
	for _, line := range []string{
		`{"a": 1, "ab": 2, "abc": 3}`, `{"a": 1, "ab": 2, "abc": 3}`, `{"ab": 1, "a": 2}`, `{"a\u0062": 1, "a\"b": 2}`, `{"abc": 1, "a": 2, "abcd": 3}`, `{}`,
		`{"a": 1, "ab": 2, "abc": 3}`,
	} {
		require.True(t, p.parse(line), line)
		var want map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &want))
		got := map[string]any{}
		for i := 1; i < len(p.values); i = p.values[i].next {
			got[p.values[i].key.name] = nil
		}
		for name := range want {
			assert.Contains(t, got, name, line)
		}
		assert.Len(t, got, len(want), line)
	}
}

// FuzzParseAgainstEncodingJSON holds the parser against another: what that takes
// for an object is one here too, with the same keys and strings.
func FuzzParseAgainstEncodingJSON(f *testing.F) {
	f.Add([]byte(`{"a": "b", "c": [1, 2.5e-3, true, null, {"d": "\ud83d\ude00\u00e9\\\"\/"}], "a": "again"}`))
	f.Add(bytes.TrimSpace(benchLine))
	f.Fuzz(func(t *testing.T, line []byte) {
		var want map[string]any
		if !utf8.Valid(line) || json.Unmarshal(line, &want) != nil || want == nil {
			return
		}
		for name := range want {
			if attributeName(name) != name {
				return
			}
		}
		p := newTestParser()
		for range 2 { // the second time the keys are expected
			if !p.parse(string(line)) {
				t.Fatalf("%q is an object", line)
			}
			got := map[string]*jsonValue{}
			for i := 1; i < len(p.values); i = p.values[i].next {
				got[p.values[i].key.name] = &p.values[i]
			}
			if len(got) != len(want) {
				t.Fatalf("%q has %d keys, not %d", line, len(want), len(got))
			}
			for name, value := range want {
				v := got[name]
				if v == nil {
					t.Fatalf("%q has a key %q", line, name)
				}
				if text, ok := value.(string); ok {
					var b Batch
					if b.text.unescape(p.of(v)) != text {
						t.Fatalf("%q: %q is %q, not %q", line, name, text, p.of(v))
					}
				}
			}
		}
	})
}
