package e2e

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

func gzipped(t testing.TB, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.String()
}

// packed returns what a program makes of a text.
func packed(t testing.TB, text, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skip(name + " is not installed")
	}
	cmd := exec.Command(name, args...)
	cmd.Stdin = strings.NewReader(text)
	out, err := cmd.Output()
	require.NoError(t, err)
	return string(out)
}

// damages are what becomes of gzip files.
var damages = map[string]struct {
	damage func(t *testing.T, whole string) string
	// unsaid says that nothing is wrong with it.
	unsaid bool
}{
	"whole": {damage: func(_ *testing.T, whole string) string { return whole }, unsaid: true},
	"members": {damage: func(t *testing.T, whole string) string {
		return whole + gzipped(t, words("more", 0, 9)) + gzipped(t, "")
	}, unsaid: true},
	"garbage behind it":       {damage: func(_ *testing.T, whole string) string { return whole + "garbage of any kind" }},
	"text behind it":          {damage: func(_ *testing.T, whole string) string { return whole + words("behind", 0, 9) }},
	"garbage between members": {damage: func(t *testing.T, whole string) string { return whole + "garbage" + gzipped(t, words("lost", 0, 9)) }},
	"padded to a block":       {damage: func(_ *testing.T, whole string) string { return whole + strings.Repeat("\x00", 512-len(whole)%512) }},
	"padded with a megabyte":  {damage: func(_ *testing.T, whole string) string { return whole + strings.Repeat("\x00", 1<<20) }},
	"wrong checksum":          {damage: func(_ *testing.T, whole string) string { return whole[:len(whole)-8] + "sum!" + whole[len(whole)-4:] }},
	"wrong length":            {damage: func(_ *testing.T, whole string) string { return whole[:len(whole)-4] + "size" }},
	"no checksum":             {damage: func(_ *testing.T, whole string) string { return whole[:len(whole)-8] }},
	"half a checksum":         {damage: func(_ *testing.T, whole string) string { return whole[:len(whole)-6] }},
	"cut in the middle":       {damage: func(_ *testing.T, whole string) string { return whole[:len(whole)/2] }},
	"cut behind a member":     {damage: func(t *testing.T, whole string) string { return whole + gzipped(t, words("more", 0, 9))[:15] }},
	"cut in its header":       {damage: func(_ *testing.T, whole string) string { return whole[:5] }},
	"cut behind its header":   {damage: func(_ *testing.T, whole string) string { return whole[:10] }},
	"short, and cut": {damage: func(t *testing.T, _ string) string {
		whole := gzipped(t, words("short", 0, 2))
		return whole[:len(whole)-6]
	}},
	"a hole in the middle": {damage: func(_ *testing.T, whole string) string {
		return whole[:len(whole)/2] + strings.Repeat("\x00", len(whole)/2)
	}},
}

// TestAllThatGzipGivesIsDelivered reads damaged archives beside the program gzip.
func TestAllThatGzipGivesIsDelivered(t *testing.T) {
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			t.Parallel()
			e, dir, state := newEndpoint(t), t.TempDir(), t.TempDir()
			expected := map[string]string{}
			for name, d := range damages {
				path := filepath.Join(dir, name+".log.1.gz")
				appendTo(t, path, d.damage(t, gzipped(t, words(name, 0, 1500))))
				gives, _ := exec.Command("gzip", "-dc", path).Output()
				expected[name] = string(gives)
			}
			settings := program.OTLP(state, dir+"/*", e.URL, delivery)
			settings.Overrides = []string{"receivers::mina::file::flush_after: 20ms", "receivers::mina::file::poll_interval: 50ms"}
			c := startCollector(t, settings)
			for name, d := range damages {
				eventually(t, func() bool {
					return (d.unsaid || len(said(c, filepath.Join(dir, name)+".log")) > 0) && missing(e, expected[name]) == ""
				}, "%s", name)
			}
			appendTo(t, filepath.Join(dir, "app.log"), words("beside it", 0, 1))
			eventually(t, func() bool { return e.bodies()["beside it 0"] == 1 }, "the others go on")
			c.Stop()
			for name, d := range damages {
				lines := said(c, "warn", filepath.Join(dir, name)+".log")
				if d.unsaid {
					assert.Empty(t, lines)
				} else {
					assert.Len(t, lines, 1, name)
				}
			}
			count := len(e.records())
			for body, times := range e.bodies() {
				assert.True(t, times == 1 || strings.Contains(body, "a hole"), "%d times: %s", times, body)
			}

			// A restart reads none of them again.
			c = startCollector(t, settings)
			appendTo(t, filepath.Join(dir, "app.log"), words("beside it", 1, 2))
			eventually(t, func() bool { return e.bodies()["beside it 1"] == 1 }, "the others go on")
			c.Stop()
			assert.Len(t, e.records(), count+1)
		})
	}
}

// TestTheRestOfAFileIsReadFromItsDamagedArchive compresses a file that has been read in
// part, while the collector is down.
func TestTheRestOfAFileIsReadFromItsDamagedArchive(t *testing.T) {
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			t.Parallel()
			e, dir, state := newEndpoint(t), t.TempDir(), t.TempDir()
			settings := program.OTLP(state, dir+"/*", e.URL, delivery)
			settings.Overrides = []string{"receivers::mina::file::flush_after: 20ms", "receivers::mina::file::poll_interval: 50ms"}
			path := func(name string) string { return filepath.Join(dir, name+".log.1") }
			for name := range damages {
				appendTo(t, path(name), words(name, 0, 100))
			}
			c := startCollector(t, settings)
			eventually(t, func() bool { return len(e.records()) == 100*len(damages) }, "the first part")
			c.Stop()
			expected := map[string]string{}
			for name, d := range damages {
				require.NoError(t, os.Remove(path(name)))
				appendTo(t, path(name)+".gz", d.damage(t, gzipped(t, words(name, 0, 1500))))
				gives, _ := exec.Command("gzip", "-dc", path(name)+".gz").Output()
				expected[name] = string(gives)
			}
			c = startCollector(t, settings)
			for name := range damages {
				eventually(t, func() bool { return missing(e, expected[name]) == "" }, "%s", name)
			}
			c.Stop()
			for body, times := range e.bodies() {
				assert.True(t, times == 1 || strings.Contains(body, "a hole") || strings.HasPrefix(body, "short"), "%d times: %s", times, body)
			}
		})
	}
}

// missing returns the first whole line of a text that has not been delivered.
func missing(e *endpoint, text string) string {
	bodies := e.bodies()
	for line := range strings.Lines(text) {
		_, body, _ := strings.Cut(line, `"message": "`)
		body, isWhole := strings.CutSuffix(body, "\"}\n")
		if isWhole && bodies[body] == 0 && !strings.Contains(body, `"`) { // or it is what damage has made of several
			return body
		}
	}
	return ""
}

// forms are what the files under one glob are that are no plain text.
var forms = map[string]struct {
	content func(t *testing.T, text string) string
	// foreign is the form of one that is not read.
	foreign string
}{
	"xz":    {func(t *testing.T, text string) string { return packed(t, text, "xz", "-c") }, "xz"},
	"lzma":  {func(t *testing.T, text string) string { return packed(t, text, "xz", "-c", "--format=lzma") }, "lzma"},
	"bzip2": {func(t *testing.T, text string) string { return packed(t, text, "bzip2", "-c") }, ""},
	"bzip2 of two": {func(t *testing.T, text string) string {
		return packed(t, text[:1000], "bzip2", "-c") + packed(t, text[1000:], "bzip2", "-c")
	}, ""},
	"zstd":             {func(t *testing.T, text string) string { return packed(t, text, "zstd", "-c") }, ""},
	"zstd of a stream": {func(t *testing.T, text string) string { return packed(t, text, "zstd", "-c", "--no-check", "-19") }, ""},
	"zstd of pzstd": {func(t *testing.T, text string) string {
		return "\x50\x2a\x4d\x18\x04\x00\x00\x00abcd" + packed(t, text, "zstd", "-c") // which begins with a frame to be skipped
	}, ""},
	"gzip of a name":       {func(t *testing.T, text string) string { return gzipped(t, text) }, ""},
	"UTF-16 little endian": {func(_ *testing.T, text string) string { return "\xff\xfe" + utf16ed(text, false) }, ""},
	"UTF-16 big endian":    {func(_ *testing.T, text string) string { return "\xfe\xff" + utf16ed(text, true) }, ""},
	"UTF-32": {func(_ *testing.T, text string) string {
		var out strings.Builder
		out.WriteString("\xff\xfe\x00\x00")
		for _, r := range text {
			out.Write([]byte{byte(r), byte(r >> 8), byte(r >> 16), 0})
		}
		return out.String()
	}, "utf-32"},
	"UTF-8 with a mark":    {func(_ *testing.T, text string) string { return "\uFEFF" + text }, ""},
	"NULs before the text": {func(_ *testing.T, text string) string { return strings.Repeat("\x00", 100_000) + text }, ""},
	"NULs between lines": {func(_ *testing.T, text string) string {
		return strings.Replace(text, "\n", "\n"+strings.Repeat("\x00", 100_000), 3)
	}, ""},
	"NULs behind the text": {func(_ *testing.T, text string) string { return text + strings.Repeat("\x00", 100_000) }, ""},
	"NULs within a gzip": {func(t *testing.T, text string) string {
		return gzipped(t, strings.Replace(text, "\n", "\n"+strings.Repeat("\x00", 10<<20), 1))
	}, ""},
}

func utf16ed(text string, big bool) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		high, low := byte(unit>>8), byte(unit)
		if big {
			out = append(out, high, low)
		} else {
			out = append(out, low, high)
		}
	}
	return string(out)
}

// TestBytesThatAreNoLogTextAreNoRecords puts every form under one glob.
func TestBytesThatAreNoLogTextAreNoRecords(t *testing.T) {
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			t.Parallel()
			e, dir := newEndpoint(t), t.TempDir()
			path := func(name string) string { return filepath.Join(dir, name+".log") }
			want := map[string]int{}
			for name, form := range forms {
				appendTo(t, path(name), form.content(t, words(name+" ü😀", 0, 500)))
				for i := 0; i < 500 && form.foreign == ""; i++ {
					want[fmt.Sprintf("%s ü😀 %d", name, i)] = 1
				}
			}
			c := startCollector(t, program.OTLP(t.TempDir(), dir+"/*.log", e.URL, delivery))
			eventually(t, func() bool { return len(e.records()) >= len(want) }, "%s", differences{want, e})
			// UTF-16 and what has had holes go on.
			for _, name := range []string{"UTF-16 little endian", "UTF-16 big endian", "NULs behind the text"} {
				more := words(name+" ü😀", 500, 600)
				if strings.HasPrefix(name, "UTF-16") {
					more = utf16ed(more, name == "UTF-16 big endian")
				}
				appendTo(t, path(name), more[:len(more)/2|1]) // in the middle of a character
				appendTo(t, path(name), more[len(more)/2|1:])
				for i := 500; i < 600; i++ {
					want[fmt.Sprintf("%s ü😀 %d", name, i)] = 1
				}
			}
			eventually(t, func() bool { return len(e.records()) >= len(want) }, "%s", differences{want, e})
			c.Stop()
			assert.Equal(t, want, e.bodies())
			for _, record := range e.records() {
				assert.NotContains(t, record.attributes, "mina.parse_error")
			}
			for name, form := range forms {
				lines := said(c, "warn", `"path": "`+path(name)+`"`)
				if form.foreign == "" {
					assert.Empty(t, lines, name)
					continue
				}
				require.Len(t, lines, 1, name)
				assert.Contains(t, lines[0], `"form": "`+form.foreign+`"`)
			}
		})
	}
}

// TestARecordBehindAHoleOfAGibibyteArrives truncates files while they are written to.
func TestARecordBehindAHoleOfAGibibyteArrives(t *testing.T) {
	const hole = 1 << 30
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			t.Parallel()
			e, dir := newEndpoint(t), t.TempDir()
			path := func(name string) string { return filepath.Join(dir, name+".log") }
			for name, before := range map[string]string{"beginning": "", "middle": words("middle", 0, 10), "half a line": words("half a line", 0, 10) + "half a line that is never ended"} {
				require.NoError(t, os.WriteFile(path(name), []byte(before), 0o644))
				require.NoError(t, os.Truncate(path(name), hole))
				appendTo(t, path(name), words(name, 10, 20))
			}
			begun := words("running", 0, 10)
			appendTo(t, path("running"), begun)
			c := startCollector(t, program.OTLP(t.TempDir(), dir+"/*.log", e.URL, delivery))
			eventually(t, func() bool { return len(e.records()) >= 4*10+2*10+1-10 }, "what is there")
			// A writer that has its file open without O_APPEND goes on at its place.
			require.NoError(t, os.Truncate(path("running"), 0))
			require.NoError(t, os.Truncate(path("running"), hole))
			appendTo(t, path("running"), words("running", 10, 20))
			eventually(t, func() bool { return len(e.records()) >= 10+20+21+20 }, "what is behind every hole")
			c.Stop()
			bodies := e.bodies()
			assert.Len(t, bodies, 10+20+21+20)
			for _, name := range []string{"beginning", "middle", "half a line", "running"} {
				for i := 10; i < 20; i++ {
					assert.Equal(t, 1, bodies[fmt.Sprintf("%s %d", name, i)], "%s %d", name, i)
				}
			}
			assert.Equal(t, 1, bodies["half a line that is never ended"])
			assert.Less(t, c.CPU().Seconds(), 5.0)
		})
	}
}
