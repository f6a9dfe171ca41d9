package minalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// readLines reads a text and returns its records in the order in which they went out.
func readLines(t testing.TB, text string, change ...func(*Config)) []plog.LogRecord {
	t.Helper()
	s, b := newStream(t, Origin{}, 1<<20, change...), NewBatch(observed)
	s.Write(b, []byte(text))
	s.End(b)
	got := records(b)
	inOrder := make([]plog.LogRecord, len(got))
	for _, record := range got {
		inOrder[record.ObservedTimestamp()-NewBatch(observed).observed] = record
	}
	return inOrder
}

func textsOf(all []plog.LogRecord) (texts []string) {
	for _, record := range all {
		texts = append(texts, record.Body().AsString())
	}
	return texts
}

func attributeOf(record plog.LogRecord, name string) any {
	value, ok := record.Attributes().Get(name)
	if !ok {
		return nil
	}
	return value.AsRaw()
}

// Records that may go on in the next line.
var openRecords = map[string]string{
	"a text record":            "2025-10-01 16:12:04,785 INFO app: above\n",
	"a text record with lines": "2025-10-01 16:12:04,785 INFO app: above\nmore\n",
	"gunicorn's":               "[2025-10-01 16:12:04 +0000] [7] [INFO] Booting worker with pid: 7\n",
	"a record with traceback":  "2025-10-01 16:12:04,785 ERROR app: above\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: bad\n",
	"a bare traceback":         "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: bad\n",
	"half a traceback":         "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n",
	"JSON that has no end":     "{\n  \"message\": \"above\",\n",
	"nothing":                  "",
}

func TestALineThatPlainlyBeginsARecordContinuesNone(t *testing.T) {
	const at = "2025-10-01T16:12:05"
	for line, want := range map[string]struct {
		body string
		time string
	}{
		"2025-10-01 16:12:05,786 CRITICAL app: Disk is full":                                           {"Disk is full", at},
		"2025-10-01 16:12:05 | something | of its own":                                                 {"2025-10-01 16:12:05 | something | of its own", at},
		"2025-10-01T16:12:05+00:00 ERROR app: with a zone":                                             {"with a zone", at},
		"2025-10-01T16:12:05.786Z something":                                                           {"2025-10-01T16:12:05.786Z something", at},
		"[2025-10-01 16:12:05,900] something of its own":                                               {"[2025-10-01 16:12:05,900] something of its own", at},
		"\x1b[1;31m2025-10-01 16:12:05,200 CRITICAL app: coloured\x1b[0m":                              {"coloured", at},
		"\x00\x00\x002025-10-01 16:12:05,785 ERROR app: after the power cut":                           {"after the power cut", at},
		" 2025-10-01 16:12:05,785 ERROR app: indented":                                                 {"indented", at},
		"\x1b[2K\r2025-10-01 16:12:05,785 ERROR app: where a spinner was":                              {"where a spinner was", at},
		"\b\b\b\a\f2025-10-01 16:12:05,785 ERROR app: behind what moves the cursor":                    {"behind what moves the cursor", at},
		"\r  5%|#| 1/20\r 10%|##| 2/20\r2025-10-01 16:12:05,785 ERROR app: over a progress bar":        {"over a progress bar", at},
		" 10%|##| 2/20 [00:01<00:09, 2.0it/s]2025-10-01 16:12:05,785 ERROR app: behind a progress bar": {"behind a progress bar", at},
		" 10%|##| 2/20[2025-10-01 16:12:05 +0000] [7] [ERROR] Worker failed to boot.":                  {"Worker failed to boot.", at},
		"10/01/2025 16:12:05 ERROR app: of a day that nobody knows":                                    {"of a day that nobody knows", "1970-01-01T00:00:00"},
		"127.0.0.1 - - [01/Oct/2025:16:12:05 +0000] \"GET / HTTP/1.0\" 500 0 \"-\" \"curl/8.5.0\"":     {"127.0.0.1 - - [01/Oct/2025:16:12:05 +0000] \"GET / HTTP/1.0\" 500 0 \"-\" \"curl/8.5.0\"", at},
		`Loading: 100%|##| 1/1{"timestamp": "2025-10-01T16:12:05Z", "level": "ERROR", "message": "m"}`: {"m", at},
		`Loading: 100%|##| 1/1{"level": "ERROR", "message": "m", "timestamp": "2025-10-01T16:12:05Z"}`: {"m", at},
		`web-1  | {"timestamp": "2025-10-01T16:12:05Z", "level": "ERROR", "message": "m"}`:             {"m", at},
		"\x1e{\"timestamp\": \"2025-10-01T16:12:05Z\", \"message\": \"sequence\"}":                     {"sequence", at},
		"\uFEFF{\"timestamp\": \"2025-10-01T16:12:05Z\", \"message\": \"marked\"}":                     {"marked", at},
		" \t{\"timestamp\": \"2025-10-01T16:12:05Z\", \"message\": \"indented\"}":                      {"indented", at},
		"\x1b[32m{\"timestamp\": \"2025-10-01T16:12:05Z\", \"message\": \"green\"}\x1b[0m":             {"green", at},
	} {
		for name, above := range openRecords {
			if strings.HasPrefix(above, "{\n") && strings.HasPrefix(line, " \t{") {
				continue // an object that is indented may be a part of the one that is open
			}
			t.Run(name+" and "+line, func(t *testing.T) {
				got := readLines(t, "{\"message\": \"first\"}\n"+above+line+"\n"+`{"message": "last"}`+"\n")
				n := 4
				if above == "" {
					n = 3
				}
				require.Len(t, got, n, "%q", textsOf(got))
				at := slices.Index(textsOf(got), want.body)
				require.GreaterOrEqual(t, at, 0, "%q", textsOf(got))
				record := got[at]
				assert.Equal(t, want.time, record.Timestamp().AsTime().Format("2006-01-02T15:04:05"))
			})
		}
	}
}

func TestRecordsThatEndWithACarriageReturn(t *testing.T) {
	got := readLines(t, "2025-10-01 16:12:04,785 INFO app: one\r2025-10-01 16:12:05,785 ERROR app: two\rof it\r\r[2025-10-01 16:12:06,785] WARNING in app: three\r\n")
	require.Equal(t, []string{"one", "two\rof it\r", "three"}, textsOf(got))
	assert.Equal(t, plog.SeverityNumberError, got[1].SeverityNumber())
	assert.Equal(t, plog.SeverityNumberWarn, got[2].SeverityNumber())
}

func TestWhatIsInFrontOfATextRecordIsItsPrefix(t *testing.T) {
	const bar = "  5%|#| 1/20\r 10%|##| 2/20 [00:01<00:09, 2.0it/s]"
	got := readLines(t, bar+"2025-10-01 16:12:05,785 ERROR app: failed\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: bad\n")
	require.Equal(t, []string{"failed"}, textsOf(got))
	assert.Equal(t, strings.TrimSpace(bar), attributeOf(got[0], minaattr.Prefix))
	assert.Equal(t, "ValueError", attributeOf(got[0], "exception").(map[string]any)["type"])
}

// What quotes a record is none.
func TestTextThatHoldsARecordOfAnother(t *testing.T) {
	for _, line := range []string{
		"see 2025-10-01 16:12:05,785 ERROR app: failed", `line="2025-10-01 16:12:05,785 ERROR app: failed"`, "at:2025-10-01 16:12:05,785 ERROR app: failed",
		"x2025-10-01 16:12:05,785 is no level", "x2025-10-01 16:12:05,785 NOTE app: of none that is known", "12025-10-01 16:12:05,785 ERROR app: failed", "a\rb\rc",
	} {
		got := readLines(t, line+"\n")
		require.Equal(t, []string{line}, textsOf(got))
		assert.Nil(t, attributeOf(got[0], minaattr.Prefix))
	}
}

func TestLinesThatContinueARecord(t *testing.T) {
	for _, line := range []string{
		"two lines", "  indented", "16:12:05 is no date", "10/01/2025 16:12:05 12.5 a row", "a\rb", "see 2025-10-01 16:12:05,785 ERROR app: it", "2025-10-01 is no time", "[brackets]", `{"rows": 3}`, `got {"message": "of something"}`, "- - -",
		"error: in small letters", `value = {"level": "x", "message": "y"} or None`, "\ttab", "|", "a | b", "web-1 | table", "\x1b[0m after a colour",
		"2025-10-01 08:00:00 meeting stand-up: 12 people", "2025-12-24 18:00:00 Christmas Eve", `{}["meeting"]`, `    {"rows": 3}`, `  {"a": {"b": 1}}.get("a")`, `    return {"level": "x", "message": "y"}.get("z")`,
		`{"a": 1},`, "2025-10-01T08:00:00Z;12;3.5",
	} {
		t.Run(line, func(t *testing.T) {
			if line == `{"rows": 3}` {
				t.Skip("an object is a record, as the application's own have no fields that they must have")
			}
			got := readLines(t, "2025-10-01 16:12:04,785 INFO app: above\n"+line+"\n")
			require.Len(t, got, 1, "%q", textsOf(got))
			assert.Equal(t, "above\n"+strings.TrimPrefix(line, "\x1b[0m"), got[0].Body().Str())
		})
	}
}

// What stands below a frame is a line of the program, whatever that looks like.
func TestLinesOfTheProgramBeginNoRecord(t *testing.T) {
	for _, source := range []string{
		`{}["meeting"]`, `{"level": "ERROR", "message": "m"}`, `{"timestamp": 1, "message": "m"}["x"]`, `return {`, `2025-10-01 16:12:05,785 ERROR app: in a text`,
		`[2025-10-01 16:12:05 +0000] [7] [ERROR] x`, `ERROR: int = 3`, `log.info('{"level": "ERROR", "message": "m"}')`, `ERROR:root:x`, `flags | {"level": "ERROR", "message": "m"}`,
	} {
		for name, above := range map[string]string{"of a record": "2025-10-01 16:12:04,785 ERROR app: above\n", "alone": ""} {
			t.Run(source+" "+name, func(t *testing.T) {
				got := readLines(t, above+"Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    "+source+"\n    ~~^^^^\nKeyError: 'meeting'\n"+`{"message": "next"}`+"\n")
				require.Len(t, got, 2, "%q", textsOf(got))
				assert.Equal(t, "'meeting'", attributeOf(got[0], "exception").(map[string]any)["message"])
			})
		}
	}
}

func TestABrokenRecordBeginsOne(t *testing.T) {
	const broken = `{"timestamp": "2025-10-01T16:12:05Z", "level": "ERROR", "message": "say "hi""}`
	for name, above := range openRecords {
		t.Run(name, func(t *testing.T) {
			got := readLines(t, above+broken+"\n")
			record := got[len(got)-1]
			assert.Equal(t, broken, record.Body().Str())
			assert.Equal(t, plog.SeverityNumberError, record.SeverityNumber())
		})
	}
}

func TestWhatIsNotUnderstoodKeepsItsTime(t *testing.T) {
	for line, want := range map[string]string{
		"2025-10-01 16:12:05.785 | ??? | something":                                        "2025-10-01T16:12:05.785Z",
		"[2025-10-01T16:12:05+02:00] something":                                            "2025-10-01T14:12:05Z",
		`{"timestamp": "2025-10-01T16:12:05.5Z", "level": "ERROR", "message": "say "hi""}`: "2025-10-01T16:12:05.5Z",
		`{"timestamp": "2025-10-01T16:12:05Z", "level": "ERROR", "message": "half`:         "2025-10-01T16:12:05Z",
		"printed":                   "1970-01-01T00:00:00Z",
		"2025-13-01 16:12:05 month": "1970-01-01T00:00:00Z",
	} {
		record := readLines(t, line+"\n")[0]
		assert.Equal(t, line, record.Body().Str())
		assert.NotNil(t, attributeOf(record, minaattr.ParseError))
		assert.Equal(t, want, record.Timestamp().AsTime().Format(time.RFC3339Nano))
		if strings.Contains(line, `"level"`) {
			assert.Equal(t, plog.SeverityNumberError, record.SeverityNumber())
		}
	}
}

func TestATracebackBelongsToTheLineAboveItThatHasATime(t *testing.T) {
	got := readLines(t, "2025-10-01 16:12:05.785 ~ boom ~\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: bad\n"+
		"2025-10-01 16:12:06.785 ~ fine ~\nprinted\n")
	require.Len(t, got, 3)
	assert.Equal(t, "2025-10-01 16:12:05.785 ~ boom ~", got[0].Body().Str())
	assert.Equal(t, plog.SeverityNumberError, got[0].SeverityNumber())
	assert.Equal(t, "ValueError", attributeOf(got[0], "exception").(map[string]any)["type"])
	assert.Equal(t, []string{"2025-10-01 16:12:06.785 ~ fine ~", "printed"}, textsOf(got[1:]))
}

// gunicorn logs what a worker has raised as an error: below another of its lines a
// traceback is that of a crash, which an INFO would hide.
func TestACrashBehindALineOfGunicornIsARecord(t *testing.T) {
	const traceback = "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: bad\n"
	for level, want := range map[string]int{"DEBUG": 2, "INFO": 2, "WARNING": 2, "ERROR": 1, "CRITICAL": 1} {
		got := readLines(t, "[2025-10-01 16:12:04 +0000] [7] ["+level+"] Booting worker with pid: 7\n"+traceback)
		require.Len(t, got, want, level)
		assert.GreaterOrEqual(t, got[want-1].SeverityNumber(), plog.SeverityNumberError)
		assert.NotNil(t, attributeOf(got[want-1], "exception"))
	}
}

func TestSeveralRecordsOnALine(t *testing.T) {
	const one, two = `{"timestamp": "2025-10-01T16:12:05Z", "level": "ERROR", "message": "one"}`, `{"level": "INFO", "message": "two"}`
	for line, want := range map[string][]string{
		one + two:             {"one", "two"},
		one + two + one:       {"one", "two", "one"},
		one + " " + two:       {"one", "two"},
		one + "printed":       {"one", "printed"},
		one + " | " + two:     {"one", "two"},
		"printed" + one + two: {"one", "two"},
		one + "2025-10-01 16:12:05,785 ERROR app: text":          {"one", "text"},
		`{"timestamp": "2025-10-01T16:1` + one:                   {`{"timestamp": "2025-10-01T16:1`, "one"},
		`{"level": "INFO", "mess` + two:                          {`{"level": "INFO", "mess`, "two"},
		`{"level": "INFO", "n": 1` + two:                         {`{"level": "INFO", "n": 1`, "two"},
		`{"level": "INFO", "http": {"method": "GET` + one:        {`{"level": "INFO", "http": {"method": "GET`, "one"},
		`{"level": "INFO", "user": {"id": 1}, "message": ` + two: {`{"level": "INFO", "user": {"id": 1}, "message":`, "two"},
		`{"rows": 3}` + two:                                      {"", "two"},
	} {
		for name, above := range map[string]string{"alone": "", "behind an open record": "2025-10-01 16:12:04,785 INFO app: above\n"} {
			t.Run(line+" "+name, func(t *testing.T) {
				got := readLines(t, above+line+"\n")
				assert.Equal(t, want, textsOf(got[strings.Count(above, "\n"):]))
			})
		}
	}
}

func TestPrefixesAreAttributes(t *testing.T) {
	const json, text = `{"level": "ERROR", "timestamp": "2025-10-01T16:12:05Z", "message": "m"}`, "2025-10-01 16:12:05,786 ERROR app: m"
	for prefix, want := range map[string]string{
		"web-1  | ":            "web-1  |",
		"mina_web.1-x | ":      "mina_web.1-x |",
		"[pod/mina-7f9c/web] ": "[pod/mina-7f9c/web]",
		"Oct  1 16:12:05 mina-prod-01 gunicorn[10177]: ":           "Oct  1 16:12:05 mina-prod-01 gunicorn[10177]:",
		"<134>Oct  1 16:12:05 mina-prod-01 gunicorn: ":             "<134>Oct  1 16:12:05 mina-prod-01 gunicorn:",
		"2025-10-01T16:12:05.785+00:00 mina-prod-01 gunicorn[7]: ": "2025-10-01T16:12:05.785+00:00 mina-prod-01 gunicorn[7]:",
		"2025-10-01T16:12:05+0000 mina-prod-01 gunicorn[7]: ":      "2025-10-01T16:12:05+0000 mina-prod-01 gunicorn[7]:",
		"2025-10-01T16:12:05.785000000Z ":                          "2025-10-01T16:12:05.785000000Z",
	} {
		for form, line := range map[string]string{"JSON": json, "text": text, "text with a traceback": text} {
			t.Run(prefix+form, func(t *testing.T) {
				input := prefix + line + "\n"
				if form == "text with a traceback" {
					input += prefix + "Traceback (most recent call last):\n" + prefix + "  File \"a.py\", line 1, in f\n" + prefix + "ValueError: bad\n"
				}
				got := readLines(t, "[2025-10-01 16:12:04 +0000] [7] [INFO] Booting worker with pid: 7\n"+input+input)
				require.Len(t, got, 3, "%q", textsOf(got))
				n := 0
				for _, record := range got {
					if record.Body().Str() != "m" {
						continue
					}
					n++
					assert.Equal(t, want, attributeOf(record, minaattr.Prefix))
					assert.Equal(t, plog.SeverityNumberError, record.SeverityNumber())
					assert.Equal(t, "16:12:05", record.Timestamp().AsTime().Format(time.TimeOnly))
					if form == "text with a traceback" {
						assert.Equal(t, "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: bad", attributeOf(record, "exception").(map[string]any)["traceback"])
					}
				}
				assert.Equal(t, 2, n)
			})
		}
	}
}

func TestPrefixesThatAreNone(t *testing.T) {
	for _, line := range []string{
		"id | name", "a  | b | c", "Loading: 100%|##| 1/1", "see: http://x", "Oct  1 16:12:05", "Oct  1 16:12:05 something happened here", "| x |", "<b>bold</b>", "[x] done",
	} {
		got := readLines(t, line+"\n")
		require.Len(t, got, 1)
		assert.Equal(t, line, got[0].Body().Str())
		assert.Nil(t, attributeOf(got[0], minaattr.Prefix), line)
	}
}

func TestTheYearOfASystemsLogIsTheLatestThatHasBeen(t *testing.T) {
	for stamp, want := range map[string]string{
		"Oct  1 16:12:05": "2025-10-01T16:12:05Z", "Oct  2 10:00:00": "2025-10-02T10:00:00Z", "Dec 31 23:59:59": "2024-12-31T23:59:59Z", "Feb 29 10:00:00": "2024-02-29T10:00:00Z",
	} {
		record := readLines(t, stamp+" mina-prod-01 gunicorn[7]: printed\n")[0]
		assert.Equal(t, "printed", record.Body().Str())
		assert.Equal(t, want, record.Timestamp().AsTime().Format(time.RFC3339))
	}
}

func TestWritersOfOneFileAreReadApart(t *testing.T) {
	got := readLines(t, interleaved)
	byBody := map[string]plog.LogRecord{}
	for _, record := range got {
		byBody[record.Body().Str()+fmt.Sprint(attributeOf(record, minaattr.Prefix))] = record
	}
	require.Len(t, byBody, 5, "%q", textsOf(got))
	for _, failed := range []string{"failed<nil>", "failedweb-1  |"} {
		exception, ok := attributeOf(byBody[failed], "exception").(map[string]any)
		require.True(t, ok, failed)
		assert.Equal(t, "bad", exception["message"])
	}
	assert.Equal(t, "stderr", attributeOf(byBody["failed<nil>"], "log.iostream"))
	assert.Contains(t, byBody, "half line<nil>")
	assert.Contains(t, byBody, "ddb-1   |")
}

func TestARecordDoesNotWaitForEverWhileOthersWrite(t *testing.T) {
	s, b := newStream(t, Origin{}, 1<<20), NewBatch(observed)
	s.Write(b, []byte("2025-10-01T16:12:05Z stderr F 2025-10-01 16:12:05,786 ERROR app: failed\n"))
	for range 2 * maxBehind / 50 {
		s.Write(b, []byte(`2025-10-01T16:12:05Z stdout F {"message": "stdout"}`+"\n"))
		require.LessOrEqual(t, s.Pending(), int64(maxBehind+200))
	}
	assert.Zero(t, s.Pending())
}

func TestManyWritersHaveABound(t *testing.T) {
	s, b := newStream(t, Origin{}, 1<<20), NewBatch(observed)
	for i := range 1000 {
		s.Write(b, fmt.Appendf(nil, "Oct  1 16:12:05 host app[%d]: 2025-10-01 16:12:05,786 ERROR app: failed\n", i))
		require.LessOrEqual(t, len(s.wrapped), maxWrapped)
	}
	s.End(b)
	assert.Len(t, records(b), 1000)
}

func TestJSONOverSeveralLines(t *testing.T) {
	const whole = "{\n    \"timestamp\": \"2025-10-01T16:12:05Z\",\n    \"message\": \"pretty {[\\\"\",\n    \"user\": {\n        \"id\": 42\n    },\n    \"list\": [\n        {\"a\": 1},\n        2\n    ]\n}"
	noIndent := strings.NewReplacer("    ", "").Replace(whole)
	for name, text := range map[string]string{"indented": whole, "not indented": noIndent, "with CR": strings.ReplaceAll(whole, "\n", "\r\n"), "in a terminal": "\x1b[1m" + whole + "\x1b[0m"} {
		t.Run(name, func(t *testing.T) {
			got := readLines(t, "2025-10-01 16:12:04,785 INFO app: above\n"+text+"\n"+text+"\n")
			require.Len(t, got, 3, "%q", textsOf(got))
			for _, record := range got[1:] {
				assert.Equal(t, `pretty {["`, record.Body().Str())
				assert.Equal(t, map[string]any{"user": map[string]any{"id": int64(42)}, "list": []any{map[string]any{"a": int64(1)}, int64(2)}}, record.Attributes().AsRaw())
			}
		})
	}
	t.Run("in a container", func(t *testing.T) {
		wrapped := "2025-10-01T16:12:05Z stdout F " + strings.ReplaceAll(whole, "\n", "\n2025-10-01T16:12:05Z stdout F ") + "\n"
		require.Len(t, readLines(t, wrapped), 1)
	})
	t.Run("without an end", func(t *testing.T) {
		got := readLines(t, "{\n    \"message\": 1,\nprinted\n2025-10-01 16:12:05,785 INFO app: next\n")
		assert.Equal(t, []string{"{\n    \"message\": 1,\nprinted", "next"}, textsOf(got))
		assert.Equal(t, "invalid_json", attributeOf(got[0], minaattr.ParseError))
	})
	t.Run("longer than a record may be", func(t *testing.T) {
		s, b := newStream(t, Origin{}, 100), NewBatch(observed)
		s.Write(b, []byte("{\n"+strings.Repeat("    \"a\": 1,\n", 100)))
		assert.LessOrEqual(t, s.Pending(), int64(100))
		s.End(b)
		assert.Equal(t, 101, strings.Count(strings.Join(textsOf(records(b)), "\n"), "\n")+1)
	})
	t.Run("with the original", func(t *testing.T) {
		const text = "2025-10-01 16:12:04,785 INFO app: above\n"
		got := readLines(t, text+whole+"\n", func(c *Config) { c.IncludeOriginal = true })
		require.Len(t, got, 2)
		assert.Equal(t, strings.TrimSpace(text), attributeOf(got[0], "log.record.original"))
		assert.Equal(t, whole, attributeOf(got[1], "log.record.original"))
	})
	t.Run("half a line is none", func(t *testing.T) {
		assert.Len(t, readLines(t, "{\"message\": \"half\nprinted\n"), 2)
	})
}

func TestPartsOfAContainersLines(t *testing.T) {
	docker := func(log, at string) string {
		return fmt.Sprintf(`{"log":%q,"stream":"stderr","time":"2025-10-01T%sZ"}`, log, at) + "\n"
	}
	long := strings.Repeat("x", partSize)
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"a part and its rest":                    {docker("half ", "16:12:05.1") + docker("line\n", "16:12:05.2"), []string{"half line"}},
		"a line without a newline and a restart": {docker("giving up", "16:12:05.1") + docker("booting\n", "16:20:00"), []string{"giving up", "booting"}},
		"a part of full length waits":            {docker(long, "16:12:05.1") + docker("line\n", "16:20:00"), []string{long + "line"}},
		"parts, the last of them short":          {docker(long, "16:12:05.1") + docker("end", "16:12:05.1") + docker("booting\n", "16:20:00"), []string{long + "end", "booting"}},
		"a terminal's":                           {docker("hello\r\n", "16:12:05.1"), []string{"hello"}},
		"a terminal's in parts":                  {docker("hel", "16:12:05.1") + docker("lo\r\n", "16:12:05.1"), []string{"hello"}},
		"CRI":                                    {"2025-10-01T16:12:05.1Z stderr P giving up\n2025-10-01T16:20:00Z stderr F booting\n", []string{"giving up", "booting"}},
		"CRI's last":                             {"2025-10-01T16:12:08.000000001Z stdout P bye\n", []string{"bye"}},
		"CRI's last, without a newline":          {"2025-10-01T16:12:08.000000001Z stdout P bye", []string{"bye"}},
		"CRI's empty one":                        {"2025-10-01T16:12:08.000000001Z stdout P \n", nil},
		"docker's last":                          {docker("bye", "16:12:05.1"), []string{"bye"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := readLines(t, test.text)
			assert.Equal(t, test.want, textsOf(got))
			for _, record := range got {
				assert.NotZero(t, record.Timestamp())
			}
		})
		t.Run(name+", flushed", func(t *testing.T) {
			s, b := newStream(t, Origin{}, 1<<20), NewBatch(observed)
			s.Write(b, []byte(test.text))
			s.Flush(b)
			for _, record := range records(b) {
				assert.NotZero(t, record.Timestamp())
			}
		})
	}
}

func TestColoursAreNoText(t *testing.T) {
	for text, want := range map[string]string{
		"\x1b[31mred\x1b[0m": "red", "\x1b[1;38;5;196mred\x1b[m": "red", "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\": "link", "\x1b]0;title\atext": "text", "\x1b[2K\x1b[1Gline": "line",
		"\x1b(Bcharset": "charset", "\x1b": "", "end\x1b": "end", "end\x1b[": "end[", "\x1b[31": "[31", "plain": "plain", "\x1b]no end": "]no end", "\x1b[\x01": "[\x01", "\x1bMup": "up",
	} {
		assert.Equal(t, want, string(withoutANSI([]byte(text))), "%q", text)
	}
}

// A file that someone has made to be slow costs no more than its length.
func TestHostileLinesAreLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	for name, unit := range map[string]string{
		"half lines": "{\"message\": \"ha\n", "brackets": "[", "braces": "{", "objects": "{}", "keys": `{"`, "nested": `{"a":`, "records": `x{"message":"a","level":"b"}`, "bars": "a | ",
		"escapes": "\x1b", "titles": "\x1b]", "headers": "Traceback (most recent call last):\n", "opened": "{\n", "times": "2025-10-01 16:12:05 ", "quotes": `"`, "access": `] "`, "groups": "  + Exception Group Traceback (most recent call last):\n", "margins": "  | ",
		"syslog": "Oct  1 16:12:05 h a[1]: ", "levels": "ERROR:", "blank": " \n", "CRI": "2025-10-01T16:12:05Z stdout P ", "records behind half ones": `{"a{"message":"a","level":"b"}`,
	} {
		for _, end := range []string{"", "\n"} {
			t.Run(name+end, func(t *testing.T) {
				line := strings.Repeat(unit, (256<<10)/len(unit)) + end
				text := strings.Repeat(line, 4)
				s, b := newStream(t, Origin{}, 256<<10), NewBatch(observed)
				start := time.Now()
				s.Write(b, []byte(text))
				s.End(b)
				assert.Less(t, time.Since(start), 20*time.Second) // a square would take minutes
			})
		}
	}
}
