package minalog

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// benchLine is a record of 650 bytes with 20 attributes.
var benchLine = []byte(`{"timestamp": "2025-10-01T16:12:05.785000+00:00", "level": "INFO", "logger": "services.transcription", ` +
	`"message": "Transcription finished", "module": "transcription", "function": "process", "line": 117, "process_id": 10177, ` +
	`"process_name": "MainProcess", "thread_id": 140245896464960, "thread_name": "MainThread", "hostname": "mina-prod-01", ` +
	`"request_id": "0f8fad5b-d9cb-469f-a165-70867728950e", "http": {"method": "POST", "path": "/api/meetings/7", "ip": "203.0.113.9", ` +
	`"user_agent": "Mozilla/5.0 (X11)"}, "user": {"id": "42", "username": "ana"}, "meeting_id": 7, "duration_seconds": 12.5, ` +
	`"model": "whisper-1", "language": "de", "word_count": 812}` + "\n")

const benchRecords = 1000

// BenchmarkDecode reads JSON lines into plog.
func BenchmarkDecode(b *testing.B) {
	block := string(bytes.Repeat(benchLine, benchRecords))
	for name, origin := range map[string]Origin{"records": {FileName: "app.log"}, "records with uid": {FileName: "app.log", Text: 1}} {
		b.Run(name, func(b *testing.B) {
			d := newDecoder(b)
			b.ReportAllocs()
			b.SetBytes(int64(len(block)))
			for b.Loop() {
				NewStream(origin, 1<<20).Write(d, NewBatch(observed), block)
			}
			b.ReportMetric(float64(b.N)*benchRecords/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(float64(len(benchLine)), "bytes/record")
		})
	}
}

// BenchmarkDecodeFormatters reads the JSON lines of other formatters.
func BenchmarkDecodeFormatters(b *testing.B) {
	for name, file := range map[string]string{"logging": "logging_json", "platforms": "platforms_json", "odd values": "odd_values"} {
		b.Run(name, func(b *testing.B) {
			text, err := os.ReadFile("testdata/lines/" + file + ".log")
			require.NoError(b, err)
			d := newDecoder(b)
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				NewStream(Origin{}, 1<<20).Write(d, NewBatch(observed), string(text))
			}
		})
	}
}

// BenchmarkDecodeForm reads what HTTPHandler posts.
func BenchmarkDecodeForm(b *testing.B) {
	const query = "name=app.views&msg=user+%25s&args=%28%27ana%27%2C%29&levelname=INFO&levelno=20&created=1759335125.785&exc_info=None&exc_text=None" +
		"&lineno=12&funcName=f&process=7&processName=MainProcess&thread=140245896464960&threadName=MainThread&http=%7B%27method%27%3A+%27GET%27%7D"
	d := newDecoder(b)
	b.ReportAllocs()
	b.SetBytes(int64(len(query)))
	for b.Loop() {
		form, err := url.ParseQuery(query)
		require.NoError(b, err)
		require.NoError(b, d.DecodeForm(NewBatch(observed), form))
	}
}

// BenchmarkParse is the parser's share of BenchmarkDecode.
func BenchmarkParse(b *testing.B) {
	parser := jsonParser{keys: newKeys(fieldLists{})}
	line := string(bytes.TrimSpace(benchLine))
	b.ReportAllocs()
	b.SetBytes(int64(len(benchLine)))
	for b.Loop() {
		if !parser.parse(line) {
			b.Fatal("not valid")
		}
	}
}

// TestAllocationsPerRecord holds the number of allocations, which is exact
// where times are not: one for every value, and what plog itself needs.
func TestAllocationsPerRecord(t *testing.T) {
	block := string(bytes.Repeat(benchLine, benchRecords))
	d := newDecoder(t)
	for origin, most := range map[Origin]float64{{FileName: "app.log"}: 30.1, {FileName: "app.log", Text: 1}: 31.1} {
		perBatch := testing.AllocsPerRun(10, func() {
			b := NewBatch(observed)
			NewStream(origin, 1<<20).Write(d, b, block)
			require.Equal(t, benchRecords, b.Len())
		})
		require.LessOrEqual(t, perBatch/benchRecords, most)
	}
}

// lengthened returns a line with so many words more in its message that it has about 120
// bytes. Those are in front of what stands behind a message.
func lengthened(line string) string {
	words := strings.Repeat(" words", max(0, 119-len(line))/len(" words"))
	for _, behind := range []string{" [in ", "                  [app]"} {
		if at := strings.Index(line, behind); at >= 0 {
			return line[:at] + words + line[at:]
		}
	}
	return line + words
}

// BenchmarkLayouts reads text records of about 120 bytes. They may take twice as long
// a byte as the JSON records of BenchmarkDecode.
func BenchmarkLayouts(b *testing.B) {
	for _, f := range families {
		line := lengthened(f.example) + "\n"
		block := strings.Repeat(line, benchRecords)
		d := newDecoder(b)
		b.Run(strings.ReplaceAll(f.name, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(block)))
			for b.Loop() {
				NewStream(Origin{FileName: "app.log"}, 1<<20).Write(d, NewBatch(observed), block)
			}
		})
	}
}

// BenchmarkWrapped reads lines that a container runtime or a supervisor has wrapped, and
// what several lines belong to. BenchmarkDecode is what it is measured by.
func BenchmarkWrapped(b *testing.B) {
	record := string(bytes.TrimSpace(benchLine))
	quoted, err := json.Marshal(record + "\n")
	require.NoError(b, err)
	const traceback = "2025-10-01 16:12:05,786 ERROR services.transcription: Transcription failed\nTraceback (most recent call last):\n" +
		"  File \"/srv/mina/services/transcription.py\", line 41, in process\n    raise ValueError(\"Invalid meeting ID format\")\nValueError: Invalid meeting ID format\n"
	for name, lines := range map[string]string{
		"docker":    `{"log":` + string(quoted) + `,"stream":"stdout","time":"2025-10-01T16:12:05.785000001Z"}` + "\n",
		"CRI":       "2025-10-01T16:12:05.785000001Z stdout F " + record + "\n",
		"compose":   "web-1  | " + record + "\n",
		"syslog":    "Oct  1 16:12:05 mina-prod-01 gunicorn[10177]: " + record + "\n",
		"kubectl":   "2025-10-01T16:12:05.785000001Z " + record + "\n",
		"several":   record + record + "\n",
		"indented":  "{\n    " + strings.ReplaceAll(strings.Trim(record, "{}"), ", ", ",\n    ") + "\n}\n",
		"traceback": traceback,
		"CRI text":  "2025-10-01T16:12:05.785000001Z stderr F " + strings.ReplaceAll(strings.TrimSpace(traceback), "\n", "\n2025-10-01T16:12:05.785000001Z stderr F ") + "\n",
		"printed":   "a line that somebody has printed without a logger, of the length that such lines have\n",
		"coloured":  "\x1b[32m2025-10-01 16:12:05,786\x1b[0m \x1b[1mINFO\x1b[0m services.transcription: Transcription of meeting 7 finished after 12.5 s\n",
	} {
		b.Run(name, func(b *testing.B) {
			block := strings.Repeat(lines, 200)
			d := newDecoder(b)
			b.ReportAllocs()
			b.SetBytes(int64(len(block)))
			for b.Loop() {
				NewStream(Origin{FileName: "app.log"}, 1<<20).Write(d, NewBatch(observed), block)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(block)), "ns/byte")
		})
	}
}
