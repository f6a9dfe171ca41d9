package destination

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"
)

// records returns numbered records, over two scopes of each of two resources.
func records(n int) plog.Logs {
	logs := plog.NewLogs()
	for i := range n {
		if i%(n/2+1) == 0 {
			rl := logs.ResourceLogs().AppendEmpty()
			rl.Resource().Attributes().PutInt("n", int64(i))
			rl.ScopeLogs().AppendEmpty().Scope().SetName("first")
			rl.ScopeLogs().AppendEmpty().Scope().SetName("second")
		}
		rl := logs.ResourceLogs().At(logs.ResourceLogs().Len() - 1)
		record := rl.ScopeLogs().At(i % 2).LogRecords().AppendEmpty()
		record.Body().SetStr(fmt.Sprintf("r %d", i))
		record.Attributes().PutStr("key", fmt.Sprintf("value of r %d", i))
	}
	return logs
}

func TestRecordsKeepTheirResourceAndScope(t *testing.T) {
	all := records(9)
	left, right := Span(all, 0, 4), Span(all, 4, 9)
	assert.Equal(t, 4, left.LogRecordCount())
	assert.Equal(t, 5, right.LogRecordCount())
	seen := map[string]string{}
	describe := func(logs plog.Logs, into map[string]string) {
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, r := range sl.LogRecords().All() {
					into[r.Body().Str()] = fmt.Sprint(rl.Resource().Attributes().AsRaw(), sl.Scope().Name(), r.Attributes().AsRaw())
				}
			}
		}
	}
	describe(left, seen)
	describe(right, seen)
	want := map[string]string{}
	describe(all, want)
	assert.Equal(t, want, seen)
}

func TestRetryAfter(t *testing.T) {
	const most = 5 * time.Minute
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": -1, "0": 0, "7": 7 * time.Second, "0.5": 500 * time.Millisecond, "-3": -1, "NaN": -1, "soon": -1, "999999": most, "1e300": most,
		now.Add(time.Minute).Format(http.TimeFormat): time.Minute,
		now.Add(time.Hour).Format(http.TimeFormat):   most,
		now.Add(-time.Hour).Format(http.TimeFormat):  0,
	} {
		pause, asked := RetryAfter(http.Header{"Retry-After": {value}}, now, most)
		assert.Equal(t, want >= 0, asked, value)
		assert.Equal(t, max(want, 0), pause, value)
	}
	pause, asked := RetryAfter(nil, now, most)
	assert.False(t, asked)
	assert.Zero(t, pause)
}
