package pyformat

import (
	"bytes"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// testReader reads the times of testdata/layouts.py that have a date.
type testReader struct{}

func (testReader) Time(text []byte) (nanos int64, length int) {
	for _, layout := range []string{
		"2006-01-02 15:04:05,000", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z0700", "2006/01/02 15:04:05", "02/Jan/2006:15:04:05 -0700",
	} {
		for _, n := range []int{len(layout), len(layout) - 4} {
			if n < 0 || n > len(text) {
				continue
			}
			if t, err := time.Parse(layout, string(text[:n])); err == nil {
				return t.UnixNano(), n
			}
		}
	}
	return 0, 0
}

func (testReader) Level(text []byte, _ Levels) int {
	for _, level := range []string{"INFO", "I", "CRITICAL", "CRITI", "C", "Level 35"} {
		rest, ok := bytes.CutPrefix(text, []byte(level))
		if ok && (len(rest) == 0 || !isLetter(rest[0])) {
			return len(level)
		}
	}
	return 0
}

// TestMatch reads what Python's logging has printed; see testdata/layouts.py.
func TestMatch(t *testing.T) {
	text, err := os.ReadFile("testdata/layouts.json")
	require.NoError(t, err)
	var printed struct {
		Records []map[string]string
		Lines   []struct {
			Format, Datefmt, Line string
			Record                int
		}
	}
	require.NoError(t, json.Unmarshal(text, &printed))
	require.NotEmpty(t, printed.Lines)
	for _, line := range printed.Lines {
		t.Run(line.Format+" "+line.Datefmt+" "+strconv.Itoa(line.Record), func(t *testing.T) {
			layout, err := Compile(line.Format, 0)
			require.NoError(t, err)
			var v Values
			matched := layout.Match([]byte(line.Line), testReader{}, &v)
			if isUndecidable(line.Line) {
				require.False(t, matched, line.Line)
				return
			}
			require.True(t, matched, line.Line)
			want := printed.Records[line.Record]
			assert.Equal(t, want["message"], string(v.Message))
			for i, field := range layout.Fields {
				if field.Term != Asctime {
					assertPrinted(t, want[field.Name], string(v.Text[i]), field.Name)
				}
			}
			if strings.Contains(line.Datefmt, "%Y") || line.Datefmt == "" && strings.Contains(line.Format, "asctime") {
				require.True(t, v.HasTime)
				assertTime(t, want["created"], v.Time, strings.Contains(line.Format, "msecs") || line.Datefmt == "")
			}
		})
	}
}

// isUndecidable reports whether a value fills its column, or has been cut so that
// nothing tells what it was.
func isUndecidable(line string) bool {
	return strings.HasPrefix(line, "CRITICALservices") || strings.HasPrefix(line, "Level 35app") || strings.HasPrefix(line, "Level [") || strings.HasPrefix(line, "L ")
}

// assertPrinted compares a value with how a format may have printed it.
func assertPrinted(t *testing.T, want, got, name string) {
	t.Helper()
	if w, err := strconv.ParseFloat(want, 64); err == nil {
		g, err := strconv.ParseFloat(got, 64)
		require.NoError(t, err, name)
		assert.InDelta(t, w, g, 0.6, name)
		return
	}
	if name == "levelname" && len(got) <= 5 {
		assert.True(t, strings.HasPrefix(want, got), "%s: %s", name, got)
		return
	}
	assert.Equal(t, want, got, name)
}

func assertTime(t *testing.T, created string, nanos int64, millis bool) {
	t.Helper()
	want, err := strconv.ParseFloat(created, 64)
	require.NoError(t, err)
	unit := time.Second
	if millis {
		unit = time.Millisecond
	}
	assert.Equal(t, time.UnixMilli(int64(want*1000+0.5)).Truncate(unit), time.Unix(0, nanos).Truncate(unit))
}

func TestMatchReadsLogurusFormat(t *testing.T) {
	layout, err := Compile("<green>{time:YYYY-MM-DD HH:mm:ss.SSS}</green> | <level>{level: <8}</level> | "+
		"<cyan>{name}</cyan>:<cyan>{function}</cyan>:<cyan>{line}</cyan> - {extra[request_id]} <level>{message}</level>\n{exception}", 0)
	require.NoError(t, err)
	var v Values
	require.True(t, layout.Match([]byte("2025-10-01 16:12:05 | INFO     | app.pay:pay:41 - 0f8f Payment - done"), testReader{}, &v))
	assert.Equal(t, "Payment - done", string(v.Message))
	assert.Equal(t, []string{"asctime", "levelname", "name", "funcName", "lineno", "request_id"}, names(layout))
	assert.Equal(t, "pay", string(v.Text[3]))
	assert.Equal(t, "0f8f", string(v.Text[5]))
}

func TestMatchPassesOverColours(t *testing.T) {
	for _, format := range []string{
		"%(log_color)s%(levelname)-8s%(reset)s %(blue)s%(name)s%(reset)s: %(message_log_color)s%(message)s",
		"\x1b[32m%(levelname)-8s\x1b[0m %(name)s: \x1b[1;31m%(message)s\x1b[0m",
	} {
		layout, err := Compile(format, 0)
		require.NoError(t, err)
		var v Values
		require.True(t, layout.Match([]byte("INFO     app: Booting"), testReader{}, &v), format)
		assert.Equal(t, "Booting", string(v.Message))
		assert.Equal(t, []string{"levelname", "name"}, names(layout))
	}
}

func TestMatchReadsUvicornsPrefix(t *testing.T) {
	layout, err := Compile("%(levelprefix)s %(message)s", 0)
	require.NoError(t, err)
	var v Values
	require.True(t, layout.Match([]byte("INFO:     Booting"), testReader{}, &v))
	assert.Equal(t, "Booting", string(v.Message))
}

func TestMatchFindsTheTailBehindSeveralLines(t *testing.T) {
	layout, err := Compile("%(levelname)s: %(message)s [in %(pathname)s:%(lineno)d]", 0)
	require.NoError(t, err)
	var v Values
	require.True(t, layout.Match([]byte("INFO: first [in a way"), testReader{}, &v))
	assert.False(t, v.HasTail)
	assert.Equal(t, "first [in a way", string(v.Message))
	assert.Nil(t, v.Text[1])

	message, ok := layout.CutTail([]byte("first [in a way\nsecond [in /srv/mina/app.py:41]"), testReader{}, &v)
	require.True(t, ok)
	assert.Equal(t, "first [in a way\nsecond", string(message))
	assert.Equal(t, "/srv/mina/app.py", string(v.Text[1]))
}

func TestMatchRefusesWhatAlmostFits(t *testing.T) {
	for format, lines := range map[string][]string{
		"%(asctime)s %(levelname)s %(name)s: %(message)s": {
			"", "2025-10-01 16:12:05,785", "2025-10-01 16:12:05,785 Listening on: 0.0.0.0", "2025-10-01 16:12:05,785 INFO no logger: x",
			"16:12:05 Listening on: x", "INFO app: x", "2025-10-01 16:12:05,785 INFO app:x",
		},
		"[%(levelname)-8s] %(lineno)d %(message)s": {"[INFO] x y", "[INFO  ", "[INFO     ] 4x y", " [INFO] 41 x"},
		"%(message)s | %(levelname)s":              {"Booting", "Booting | now", "| INFO"},
	} {
		layout, err := Compile(format, 0)
		require.NoError(t, err)
		for _, line := range lines {
			var v Values
			assert.False(t, layout.Match([]byte(line), testReader{}, &v), "%s: %s", format, line)
		}
	}
}

func TestCompileSaysWhatIsWrong(t *testing.T) {
	for format, want := range map[string]string{
		"":                                        "names no attribute",
		"plain":                                   "names no attribute",
		"%(levelname)s %(name":                    `"%(name" at byte 14 is no field: write %(name)s`,
		"%(levelname)s %s":                        `"%s" at byte 14 is no field`,
		"%(levelname)s 100% %(message)s":          `at byte 17 is no field: write %(name)s, or %% for a percent sign`,
		"{levelname} {} {message}":                `"{} {message}" at byte 12 is no field: write {name}, or {{ and }} for braces`,
		"{levelname} } {message}":                 `at byte 12 is no field`,
		"{levelname:<<<8} {message}":              "{levelname:<<<8} at byte 0 has a format that is none",
		"{levelname:*<8} {message}":               `is filled up with "*"`,
		"%(levelname)s %(name)s":                  "has no %(message)s: add it",
		"{levelname} {name}":                      "has no {message}: add it",
		"%(name)s: %(message)s":                   "has neither %(asctime)s nor %(levelname)s",
		"%(levelname)s%(name)s: %(message)s":      "nothing stands between %(levelname)s and %(name)s at byte 13",
		"%(levelname)s %(name)s%(message)s":       "nothing stands between %(name)s and %(message)s at byte 22",
		"%(levelname)s %(message)s%(name)s":       "nothing stands between %(message)s and %(name)s",
		"%(levelname)s %(levelname)s %(message)s": "%(levelname)s at byte 14 is there twice",
		"%(levelname)s\n%(message)s":              "goes on in another line behind %(levelname)s",
		"\n%(levelname)s %(message)s":             "begins with a line's end",
		strings.Repeat("x", 3000):                 "longer than 2048 bytes",
		"%(levelname)s " + strings.Repeat("%(x)s ", 30) + "%(message)s": "more than 24 fields",
	} {
		_, err := Compile(format, 0)
		require.ErrorContains(t, err, want, format)
	}
}

func names(l *Layout) (names []string) {
	for _, f := range l.Fields {
		names = append(names, f.Name)
	}
	return names
}

func TestMatchAllocatesNothing(t *testing.T) {
	layout, err := Compile("%(levelname)-8s %(threadName)s [%(name)s] %(message)s (%(filename)s:%(lineno)d)", 0)
	require.NoError(t, err)
	line := []byte("INFO     Thread-1 (worker) [app] Booting (now) (app.py:41)")
	var v Values
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if !layout.Match(line, testReader{}, &v) {
			t.Fatal("does not match")
		}
	}))
}

// Layouts that are tried in turn find what each finds by itself.
func TestLayoutsMatchAsEachDoes(t *testing.T) {
	formats := []string{
		"%(asctime)s %(levelname)-8s %(name)s: %(message)s",
		"%(asctime)s %(levelname)-8s %(name)s:%(lineno)d: %(message)s",
		"%(asctime)s %(levelname)-8s %(name)s:%(lineno)d - %(message)s",
		"%(asctime)s %(levelname)-8s [%(name)s] %(message)s",
		"%(asctime)s %(levelname)-8s %(message)s (%(filename)s)",
		"%(levelname)-8s %(created)f %(message)s",
		"%(levelname)-8s %(name)s %(message)s",
	}
	lines := []string{"", "x", "16:12:05", "16:12:05 x", "2025-10-01 16:12:05", "2025-10-01 16:12:05 x: y"}
	for _, when := range []string{"2025-10-01 16:12:05,785 ", "16:12:05 ", "01.10.2025 16:12:05 ", ""} {
		for _, rest := range []string{"app: x", "app:41: x", "app:41 - x", "[app] x", "x (app.py)", "1759335125.5 x", "1759335125.5", ""} {
			lines = append(lines, when+"INFO     "+rest, when+"INFO "+rest, when+"none "+rest)
		}
	}
	var all Layouts
	var each []*Layout
	for _, format := range formats {
		layout, err := Compile(format, 0)
		require.NoError(t, err)
		all.Add(layout)
		each = append(each, layout)
	}
	for _, line := range lines {
		var got, want Values
		at := -1
		for i, layout := range each {
			matches := layout.Match([]byte(line), testReader{}, &want)
			if at < i {
				at = all.Match(i, []byte(line), testReader{}, &got)
			}
			require.Equal(t, matches, at == i, "%s: %s", line, formats[i])
			if matches {
				n := len(layout.Fields)
				require.Equal(t, want.Text[:n], got.Text[:n], line)
				require.Equal(t, []any{want.Message, want.Start, want.HasTime}, []any{got.Message, got.Start, got.HasTime}, line)
			}
		}
	}
}

func FuzzLayout(f *testing.F) {
	f.Add("%(asctime)s [%(levelname)-8s] %(name)s: %(message)s (%(filename)s:%(lineno)d)", "2025-10-01 16:12:05,785 [INFO    ] app: Booting (app.py:41)")
	f.Add("{asctime} | {levelname:^8} | {x:d}{message:<9} {{ {name}", "16:12:05 |  INFO   | 12Booting { app")
	f.Add("%(levelname)-8s%(threadName)12s %(created)f,%(message)s", "INFO    Thread-1 (x) 1759335125.5,x")
	f.Add("%(asctime)s,%(msecs)d%(levelprefix)s %(message)s", "2025-10-01 16:12:05,7INFO:     x")
	f.Fuzz(func(t *testing.T, format, line string) {
		layout, err := Compile(format, 0)
		if err != nil {
			return
		}
		var v Values
		if !layout.Match([]byte(line), testReader{}, &v) {
			return
		}
		require.Equal(t, string(v.Message), line[v.Start:][:len(v.Message)])
		for i, field := range layout.Fields {
			require.Contains(t, line, string(v.Text[i]), field.Name)
		}
	})
}
