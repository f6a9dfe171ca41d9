package semconv

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"
)

const traceback = "Traceback (most recent call last):\n" +
	"  File \"/srv/mina/services/ids.py\", line 7, in parse_id\n    int(raw)\n" +
	"  File \"/usr/lib/python3.13/json/decoder.py\", line 345, in decode\n    raise\n" +
	"ValueError: bad id"

func TestTheFrameOfAnException(t *testing.T) {
	const key, frame = "mina.exception.frame", "services.ids.parse_id"
	lines := []any{}
	for line := range strings.Lines(traceback) {
		lines = append(lines, line)
	}
	for name, tt := range map[string]struct {
		in   m
		want any
	}{
		"of Mina's":             {m{"exception": m{"type": "ValueError", "message": "bad id", "traceback": traceback}}, frame},
		"under its right name":  {m{"exception.stacktrace": traceback}, frame},
		"of a list of lines":    {m{"exception": m{"traceback": lines}}, frame},
		"that is there already": {m{"exception.stacktrace": traceback, key: "app.f"}, "app.f"},
		"cut off at its end":    {m{"exception.stacktrace": strings.TrimSuffix(traceback, "ValueError: bad id")}, nil},
		"of no calls":           {m{"exception": m{"type": "ValueError", "message": "bad id", "traceback": "ValueError: bad id"}}, nil},
		"of Java's":             {m{"exception.stacktrace": "java.lang.Error: x\n\tat com.example.Pay.charge(Pay.java:41)"}, nil},
		"that is no text":       {m{"exception.stacktrace": 7}, nil},
		"of a stack":            {m{"stack_info": traceback}, nil},
		"of no exception":       {m{"message": traceback}, nil},
	} {
		got, _ := apply(t, Config{}, tt.in, resourceAttributes{})
		assert.Equal(t, tt.want, got[key], name)
	}
}

// TestARecordWithoutExceptionCostsNothing looks for no frame in it.
func TestARecordWithoutExceptionCostsNothing(t *testing.T) {
	w, record := newTestWalk(Config{}, resourceAttributes{}), plog.NewLogRecord()
	record.Attributes().PutStr("detail", traceback)
	assert.Zero(t, testing.AllocsPerRun(100, func() { w.apply(record) }))
}

func BenchmarkFrame(b *testing.B) {
	for name, text := range map[string]string{"none": "", "traceback": traceback, "long": strings.Repeat(traceback[:strings.LastIndex(traceback, "ValueError")], 20) + "ValueError: bad id"} {
		b.Run(name, func(b *testing.B) {
			w, record := newTestWalk(Config{}, resourceAttributes{}), plog.NewLogRecord()
			record.Attributes().PutStr("meeting_id", "7")
			if text != "" {
				record.Attributes().PutStr("exception.stacktrace", text)
			}
			b.ReportAllocs()
			for b.Loop() {
				w.apply(record)
				record.Attributes().Remove("mina.exception.frame")
			}
		})
	}
}
