package redaction

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

func hmacPrefix(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))[:hashDigits]
}

// benchRecord is a mapped record of 650 bytes with 20 attributes and no secret.
func benchRecord(t testing.TB) plog.LogRecord {
	r := plog.NewLogRecord()
	r.Body().SetStr("Transcription of meeting 7 finished after 12.5 seconds with model whisper-1 and 812 words; language: de, retries=0")
	require.NoError(t, r.Attributes().FromRaw(map[string]any{
		"code.function.name": "transcription.process", "code.line.number": 117, "mina.process.name": "MainProcess", "thread.id": 140245896464960,
		"thread.name": "MainThread", "mina.request.id": "0f8fad5b-d9cb-469f-a165-70867728950e", "http.request.method": "POST", "url.path": "/api/meetings/7/transcribe",
		"url.query": "lang=de", "client.address": "203.0.113.9", "user_agent.original": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "user.id": "42", "user.name": "ana",
		"meeting_id": 7, "duration_seconds": 12.5, "model": "whisper-1", "language": "de", "word_count": 812, "log.file.name": "Start_application_1.log",
	}))
	return r
}

// BenchmarkRecordWithoutHit is the usual record.
func BenchmarkRecordWithoutHit(b *testing.B) {
	r := benchRecord(b)
	redactor := New(Options{Action: Mask})
	session := redactor.Begin()
	b.ReportAllocs()
	for b.Loop() {
		session.Record(r)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkHostileText passes over a megabyte of what looks like the beginning of a secret.
func BenchmarkHostileText(b *testing.B) {
	for _, part := range []string{"1", "a", "eyJ", "-----BEGIN "} {
		b.Run(part, func(b *testing.B) {
			text := strings.Repeat(part, (1<<20)/len(part))
			s := New(Options{Action: Mask}).Begin().s
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				s.redact(text)
			}
		})
	}
}

// TestAllocationsOfARecordWithoutHit allows for the decimal form of the thread's number.
func TestAllocationsOfARecordWithoutHit(t *testing.T) {
	r := benchRecord(t)
	session := New(Options{Action: Mask}).Begin()
	require.LessOrEqual(t, testing.AllocsPerRun(10, func() { session.Record(r) }), 1.0)
}
