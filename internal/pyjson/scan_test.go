package pyjson_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/pyjson"
)

// record is a record of 650 bytes, as Mina writes it.
const record = `{"timestamp": "2025-10-01T16:12:05.785000+00:00", "level": "INFO", "logger": "services.transcription", ` +
	`"message": "Transcription finished", "module": "transcription", "function": "process", "line": 117, "process_id": 10177, ` +
	`"process_name": "MainProcess", "thread_id": 140245896464960, "thread_name": "MainThread", "hostname": "mina-prod-01", ` +
	`"request_id": "0f8fad5b-d9cb-469f-a165-70867728950e", "http": {"method": "POST", "path": "/api/meetings/7", "ip": "203.0.113.9", ` +
	`"user_agent": "Mozilla/5.0 (X11)"}, "user": {"id": "42", "username": "ana"}, "meeting_id": 7, "duration_seconds": 12.5, ` +
	`"model": "whisper-1", "language": "de", "word_count": 812}`

// deep is how deep the tests look.
const deep = 64

// What Python reads, what it does not although it is valid here, and what is no JSON.
var (
	python = []string{
		`null`, `true`, `false`, `""`, `0`, `-0.0`, `1e+22`, `1.5E-7`, `NaN`, `Infinity`, `-Infinity`, `[NaN, -Infinity]`, ` {"a" : [ ] , "b" : { } }` + "\r\n\t",
		`"\ud800"`, "\"a\nb\tc\x00\"", `{"": {"": ""}}`, `{"a": 1, "a": 2}`, strings.Repeat("[", 500) + strings.Repeat("]", 500),
	}
	lenient = []string{`007`, `-01.50`, `"\q"`, `"\u12"`, strings.Repeat("[", 1e5) + strings.Repeat("]", 1e5)}
	none    = []string{
		``, ` `, `nul`, `nulls`, `None`, `True`, `-`, `-NaN`, `+Infinity`, `Inf`, `inf`, `nan`, `1.`, `.5`, `1e`, `1e+`, `+1`, `1_0`, `0x1`, `1 2`, `'a'`, `"a`, `"a\"`, `"a"b`,
		`{`, `}`, `[`, `]`, `[1`, `[1,`, `[1,]`, `[,1]`, `[1 2]`, `[1}`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a":1 "b":2}`, `{"a":1]`, `{a:1}`, `{1:2}`, `{"a":1}}`, "\f1", "\u00a01",
		strings.Repeat("[", 500) + strings.Repeat("]", 499),
	}
)

func TestWhatPythonReadsIsValid(t *testing.T) {
	for _, text := range slices.Concat(python, lenient) {
		assert.True(t, pyjson.Valid(text, deep), text)
	}
	for _, text := range none {
		assert.False(t, pyjson.Valid(text, deep), text)
	}
}

func TestPythonSaysTheSame(t *testing.T) {
	program, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 that could read JSON: ", err)
	}
	const script = `
import json, sys
def reads(text):
    try:
        json.loads(text, strict=False)
        return True
    except (ValueError, RecursionError):
        return False
print(json.dumps([[reads(text) for text in texts] for texts in json.load(sys.stdin)]))`
	texts, err := json.Marshal([][]string{python, lenient, none})
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), program, "-c", script)
	command.Stdin = bytes.NewReader(texts)
	output, err := command.Output()
	require.NoError(t, err)
	var reads [][]bool
	require.NoError(t, json.Unmarshal(output, &reads))
	assert.NotContains(t, reads[0], false)
	assert.NotContains(t, slices.Concat(reads[1], reads[2]), true)
}

func TestANumberEndsWhereItStopsToBeOne(t *testing.T) {
	for text, want := range map[string]string{
		`1`: `1`, `12,3`: `12`, `-1.5e3]`: `-1.5e3`, `NaN}`: `NaN`, `Infinityx`: `Infinity`, `-Infinity`: `-Infinity`, `1.5.2`: `1.5`, `1ee`: ``, `-`: ``, `-NaN`: ``, `1.`: ``, ``: ``, `x`: ``,
	} {
		end, ok := pyjson.Number("…"+text, len("…"))
		assert.Equal(t, want != "", ok, text)
		if ok {
			assert.Equal(t, want, text[:end-len("…")], text)
		}
	}
}

func TestAStringEndsAtItsOwnQuote(t *testing.T) {
	for _, fill := range []string{"", "a", "seven b", "eight by", "nine byte", strings.Repeat("ä…😀", 20)} {
		for tail, isEscaped := range map[string]bool{``: false, `\"`: true, `\\`: true, `\\\"x`: true, `\u0022`: true} {
			for _, text := range []string{fill + tail, tail + fill} {
				end, escaped := pyjson.String(`: "`+text+`", "b"`, 2)
				assert.Equal(t, len(`: "`+text+`"`), end, text)
				assert.Equal(t, isEscaped, escaped, text)
				for _, open := range []string{`"` + text, `"` + text + `\`, `"` + text + `\"`} {
					end, _ = pyjson.String([]byte(open), 0)
					assert.Equal(t, -1, end, open)
				}
			}
		}
	}
}

func TestBracketsInStringsAreText(t *testing.T) {
	for text, want := range map[string]int{
		`{"a": "}"} x`: 10, `[[], "]\"]", {}]]`: 16, `{`: -1, `{"a`: -1, `[[]`: -1, `{]`: 2,
	} {
		end, ok := pyjson.Brackets(text, 0)
		assert.Equal(t, want >= 0, ok, text)
		if !ok {
			want = len(text)
		}
		assert.Equal(t, want, end, text)
	}
}

func TestEveryValueOfAValidTextEndsWhereTheNextBegins(t *testing.T) {
	for _, value := range []string{`"a\""`, `{"b": [1, "]"]}`, `[]`, `true`, `false`, `null`, `-1.5e+3`, `NaN`, `-Infinity`} {
		for _, behind := range []string{``, `]`, `, 1]`, ` `} {
			assert.Equal(t, len(value), pyjson.Value(value+behind, 0), value+behind)
		}
	}
}

// What Python reads and encoding/json does not, in terms of what both do.
var (
	anyString    = regexp.MustCompile(`(?s)"(?:[^"\\]|\\.)*"`)
	leadingZeros = regexp.MustCompile(`\b0+(\d)`)
	notFinite    = regexp.MustCompile(`-?Infinity|NaN`)
)

// FuzzValidAgainstEncodingJSON holds the scanner against another: what is valid for the
// one is so for the other, but for the literals of Python.
func FuzzValidAgainstEncodingJSON(f *testing.F) {
	for _, text := range []string{
		record, `{"a": "b", "c": [1, 2.5e-3, true, null, {"d": "\ud83d\ude00\u00e9\\\"\/"}], "a": "again"}`, `[NaN, -Infinity, 007, "` + "\n" + `"]`, `-NaN`, `[1,]`, `NaNNaN`, `0NaN`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain := anyString.ReplaceAllString(text, `""`)
		plain = notFinite.ReplaceAllString(leadingZeros.ReplaceAllString(plain, "$1"), "null")
		if strings.Count(plain, "[")+strings.Count(plain, "{") > deep {
			return // of which only the brackets are looked at
		}
		want := json.Valid([]byte(plain))
		if got := pyjson.Valid(text, deep); got != want {
			t.Fatalf("%q is valid: %v, not %v", text, got, want)
		}
		if start := pyjson.Space(text, 0); want && pyjson.Space(text, pyjson.Value(text, start)) != len(text) {
			t.Fatalf("%q is one value", text)
		}
	})
}

func BenchmarkValid(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(record)))
	for b.Loop() {
		if !pyjson.Valid(record, deep) {
			b.Fatal("not valid")
		}
	}
}

func BenchmarkBrackets(b *testing.B) {
	text := []byte(record)
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, ok := pyjson.Brackets(text, 0); !ok {
			b.Fatal("does not close")
		}
	}
}

func TestScanningAllocatesNothing(t *testing.T) {
	text := []byte(record)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		pyjson.Valid(record, deep)
		pyjson.Value(record, 0)
		pyjson.Brackets(text, 0)
	}))
}
