package sentryeventsexporter

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

func at(seconds int) pcommon.Timestamp {
	return pcommon.NewTimestampFromTime(time.Unix(int64(seconds), 0))
}

func crumb(seconds int, message string) breadcrumb {
	record := plog.NewLogRecord()
	record.SetTimestamp(at(seconds))
	record.Body().SetStr(message)
	return newBreadcrumb("app", record)
}

func messages(crumbs []breadcrumb) (all []string) {
	for _, c := range crumbs {
		all = append(all, c.Message)
	}
	return all
}

func TestTrails(t *testing.T) {
	cfg := BreadcrumbsConfig{MaxPerEvent: 3, MaxTrails: 2, MaxAge: 100 * time.Second}
	add := func(tr *trails, key string, seconds int, message string) {
		tr.add(key, crumb(seconds, message))
	}

	t.Run("in order of time, whatever came first", func(t *testing.T) {
		tr := newTrails(cfg)
		for _, second := range []int{3, 1, 2} {
			add(tr, "a", second, fmt.Sprint(second))
		}
		assert.Equal(t, []string{"1", "2", "3"}, messages(tr.before("a", at(3))))
	})
	t.Run("not those that came later", func(t *testing.T) {
		tr := newTrails(cfg)
		add(tr, "a", 1, "before")
		add(tr, "a", 9, "after")
		assert.Equal(t, []string{"before"}, messages(tr.before("a", at(5))))
	})
	t.Run("the last ones", func(t *testing.T) {
		tr := newTrails(cfg)
		for second := range 10 {
			add(tr, "a", second, fmt.Sprint(second))
		}
		assert.Equal(t, []string{"7", "8", "9"}, messages(tr.before("a", at(20))))
	})
	t.Run("not too old", func(t *testing.T) {
		tr := newTrails(cfg)
		add(tr, "a", 1, "old")
		add(tr, "a", 150, "young")
		assert.Equal(t, []string{"young"}, messages(tr.before("a", at(200))))
	})
	t.Run("one that is offered again is there once", func(t *testing.T) {
		tr := newTrails(cfg)
		for range 3 {
			add(tr, "a", 1, "same")
			add(tr, "a", 1, "other")
		}
		assert.Equal(t, []string{"same", "other"}, messages(tr.before("a", at(1))))
	})
	t.Run("the quietest is forgotten", func(t *testing.T) {
		tr := newTrails(cfg)
		add(tr, "a", 1, "a")
		add(tr, "b", 2, "b")
		add(tr, "a", 3, "a again")
		add(tr, "c", 4, "c")
		assert.Empty(t, tr.before("b", at(9)))
		assert.Len(t, tr.before("a", at(9)), 2)
		assert.Len(t, tr.byKey, 2)
	})
	t.Run("none", func(t *testing.T) {
		tr := newTrails(BreadcrumbsConfig{MaxTrails: 1, MaxAge: time.Second})
		add(tr, "a", 1, "a")
		assert.Empty(t, tr.before("a", at(1)))
	})
	t.Run("long messages are cut", func(t *testing.T) {
		c := crumb(1, strings.Repeat("ä", 5000))
		assert.LessOrEqual(t, len(c.Message), maxCrumbMessage+len("…"))
		assert.True(t, strings.HasSuffix(c.Message, "ä…"))
	})
}

func TestTrailOf(t *testing.T) {
	resource, record := pcommon.NewResource(), plog.NewLogRecord()
	_ = resource.Attributes().FromRaw(map[string]any{"host.name": "h", "process.pid": 7})
	_ = record.Attributes().FromRaw(map[string]any{"thread.id": 9})
	assert.Equal(t, "thread h 7 9", trailOf(resource, record))
	record.Attributes().PutStr(minaattr.RequestID, "r")
	assert.Equal(t, "request r", trailOf(resource, record))
	record.SetTraceID([16]byte{1})
	assert.Equal(t, "trace 01000000000000000000000000000000", trailOf(resource, record))
}

func BenchmarkTrails(b *testing.B) {
	tr := newTrails(BreadcrumbsConfig{MaxPerEvent: 100, MaxTrails: 1000, MaxAge: time.Minute})
	c := crumb(1, "Meeting 4711 transcribed")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c.at = at(i)
		tr.add("request", c)
	}
}
