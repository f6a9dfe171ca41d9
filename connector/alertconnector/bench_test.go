package alertconnector

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"
)

// tenRules are the four alerts, and six like those that one would write beside them.
func tenRules() string {
	var rules strings.Builder
	rules.WriteString(four)
	for i := range 6 {
		fmt.Fprintf(&rules, "  Other%d: {kind: count, condition: 'IsMatch(body, \"Payment %d declined\") and severity_number >= SEVERITY_NUMBER_WARN', window: 5m, threshold: 10}\n", i, i)
	}
	return rules.String()
}

// requests is a batch of ordinary records, of which every nth is a failed login from an
// address that fails now and then.
func requests(n, nth int) plog.Logs {
	records := every(n, time.Second, func(at time.Duration) logged {
		return logged{at: at, severity: plog.SeverityNumberInfo, body: "Transcription finished", logger: "app", attributes: map[string]any{
			"mina.request.id": "88c40097-7eda-465c-a888-8009ec5baf90", "http.request.method": "GET", "url.path": "/api/meetings", "client.address": "203.0.113.9",
			"user.id": "42", "http.response.status_code": 200, "duration_seconds": 1.5, "meeting_id": 7,
		}}
	})
	for i := range records {
		if nth > 0 && i%nth == 0 {
			records[i].body = "Login failed for ana"
			records[i].uid = fmt.Sprint(i)
		}
	}
	return batchOf(records...)
}

func BenchmarkTenRules(b *testing.B) {
	for name, nth := range map[string]int{"none matches": 0, "one matches": 1} {
		b.Run(name, func(b *testing.B) {
			e, now := evaluatorOf(b, tenRules()), begin.Add(10*time.Minute)
			const n = 500
			logs := requests(n, nth)
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				e.judge(b.Context(), logs, now)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/record")
		})
	}
}

// BenchmarkRequestsThatAreNotSlow is of records that a rule of kind consecutive has to
// know of, though they do not match.
func BenchmarkRequestsThatAreNotSlow(b *testing.B) {
	e, now := evaluatorOf(b, tenRules()), begin.Add(10*time.Minute)
	const n = 500
	records := every(n, time.Second, func(at time.Duration) logged { return handled(at, 0.339) })
	for i := range records {
		records[i].uid = fmt.Sprintf("%012x%016x", i, i)
	}
	logs := batchOf(records...)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		e.judge(b.Context(), logs, now)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/record")
}

func evaluatorOf(tb testing.TB, rules string) *evaluator {
	tb.Helper()
	a := start(tb, rules, nil, begin.Add(10*time.Minute))
	return a.ruler.evaluator
}

func TestWhatCannotMatchAllocatesNothing(t *testing.T) {
	e, now := evaluatorOf(t, tenRules()), begin.Add(10*time.Minute)
	logs := requests(100, 0)
	assert.Zero(t, testing.AllocsPerRun(100, func() { e.judge(t.Context(), logs, now) }))
}
