package redaction

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/rules"
)

// benchRecords are mapped records of 650 bytes with 20 attributes and no secret, of
// which most values differ from one record to the next.
func benchRecords() []plog.LogRecord {
	records := make([]plog.LogRecord, 256)
	for i := range records {
		n := i * 7919
		r := plog.NewLogRecord()
		r.Body().SetStr(fmt.Sprintf("Transcription of meeting %d finished after %d.5 seconds with model whisper-1 and %d words; language: de, retries=%d", n, i, 812+n, i%3))
		a := r.Attributes()
		a.PutStr("code.function.name", "transcription.process")
		a.PutInt("code.line.number", 117)
		a.PutStr("mina.process.name", "MainProcess")
		a.PutInt("thread.id", int64(140245896464960+n))
		a.PutStr("thread.name", "MainThread")
		a.PutStr("mina.request.id", fmt.Sprintf("%08x-d9cb-469f-a165-%012x", n*7907, n*104729))
		a.PutStr("http.request.method", "POST")
		a.PutStr("url.path", fmt.Sprintf("/api/meetings/%d/transcribe", n))
		a.PutStr("url.query", fmt.Sprintf("lang=de&n=%d", n))
		a.PutStr("client.address", fmt.Sprintf("203.0.113.%d", i))
		a.PutStr("user_agent.original", fmt.Sprintf("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/%d.36", i))
		a.PutStr("user.id", strconv.Itoa(n))
		a.PutStr("user.name", fmt.Sprintf("ana%d", i))
		a.PutInt("meeting_id", int64(n))
		a.PutDouble("duration_seconds", 12.5+float64(i))
		a.PutStr("model", "whisper-1")
		a.PutStr("language", "de")
		a.PutInt("word_count", int64(812+i))
		a.PutStr("log.file.name", "Start_application_1.log")
		records[i] = r
	}
	return records
}

// manyRules are as many custom rules as make 200 with those of the default set.
func manyRules() []rules.Custom {
	var list []rules.Custom
	for i := len(New(Config{Action: Mask}).Names()); i < 200; i++ {
		list = append(list, rules.Custom{Name: fmt.Sprintf("custom_%d", i), Pattern: fmt.Sprintf(`\bvendor%d[_-]([a-z0-9]{20,40})\b`, i*37), Keywords: []string{fmt.Sprintf("vendor%d", i*37)}})
	}
	return list
}

// BenchmarkRecordWithoutHit is the usual record, with the default rules and with 200.
func BenchmarkRecordWithoutHit(b *testing.B) {
	records := benchRecords()
	for name, o := range map[string]Config{"default": {Action: Mask}, "200": {Action: Mask, CustomRules: manyRules()}, "all": {Action: Mask, Sets: []string{rules.SetAll}}} {
		b.Run(name, func(b *testing.B) {
			session := New(o).Begin()
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				session.Record(records[i])
				i = (i + 1) % len(records)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// BenchmarkHostileText passes over a megabyte of what looks like the beginning of a secret.
func BenchmarkHostileText(b *testing.B) {
	for _, part := range []string{"1", "a", "eyJ", "-----BEGIN "} {
		b.Run(part, func(b *testing.B) {
			text := strings.Repeat(part, (1<<20)/len(part))
			s := New(Config{Action: Mask}).Begin()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				s.redact(text, nil)
			}
		})
	}
}

// TestAllocationsOfARecordWithoutHit allows for the decimal form of the thread's number.
func TestAllocationsOfARecordWithoutHit(t *testing.T) {
	records := benchRecords()
	session := New(Config{Action: Mask}).Begin()
	i := 0
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { session.Record(records[i%len(records)]); i++ }), 1.0)
}
