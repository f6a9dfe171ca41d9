package ring

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const span = 5 * time.Second

// clock is a ring with a time of its own.
type clock struct {
	*Ring
	at time.Time
}

func newClock(limit int) *clock {
	c := &clock{Ring: New(span, limit), at: time.Unix(1e9, 0)}
	c.now = func() time.Time { return c.at }
	return c
}

func (c *clock) pass(d time.Duration) { c.at = c.at.Add(d) }

func batch(text string) Batch { return NewBatch("/insert/", http.Header{}, []byte(text)) }

// left returns what another process would be sent.
func (c *clock) left() string {
	_, batches := c.Succeed()
	text := ""
	for _, b := range batches {
		text += string(b.Body())
	}
	return text
}

func TestBatchesOfTheLastSecondsAreKept(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(c *clock)
		left    string
	}{
		"nothing":  {func(*clock) {}, ""},
		"in order": {func(c *clock) { c.Keep(0, batch("a")); c.Keep(0, batch("b")) }, "ab"},
		"the span before the newest": {func(c *clock) {
			c.Keep(0, batch("a"))
			c.pass(span / 2)
			c.Keep(0, batch("b"))
			c.pass(span * 3 / 4)
			c.Keep(0, batch("c"))
		}, "bc"},
		"however long the store takes to come back": {func(c *clock) { c.Keep(0, batch("a")); c.pass(time.Hour) }, "a"},
		"until they are saved":                      {func(c *clock) { c.Keep(0, batch("a")); c.pass(1); c.Saved(c.at) }, ""},
		"those since":                               {func(c *clock) { c.Keep(0, batch("a")); c.pass(1); c.Saved(c.at); c.Keep(0, batch("b")) }, "b"},
		"not behind a clean end":                    {func(c *clock) { c.Keep(0, batch("a")); c.Clear() }, ""},
		"if the next process ends at once":          {func(c *clock) { c.Keep(0, batch("a")); c.Succeed() }, "a"},
		"if the next process ends in a moment": {func(c *clock) {
			c.Keep(0, batch("a"))
			c.pass(time.Hour)
			c.Succeed()
			c.Resent()
			c.Keep(1, batch("b"))
		}, "ab"},
		"not if the next process has had its time": {func(c *clock) {
			c.Keep(0, batch("a"))
			c.Succeed()
			c.Resent()
			c.pass(2 * span)
			c.Keep(1, batch("b"))
		}, "b"},
	} {
		t.Run(name, func(t *testing.T) {
			ring := newClock(1000)
			c.happens(ring)
			assert.Equal(t, c.left, ring.left())
		})
	}
}

func TestAnswerOfAProcessThatHasEndedIsNone(t *testing.T) {
	ring := newClock(1000)
	assert.True(t, ring.Keep(0, batch("a")))
	life, batches := ring.Succeed()
	assert.Len(t, batches, 1)
	assert.False(t, ring.Keep(0, batch("b")), "which is not on its way to the next")
	assert.True(t, ring.Keep(life, batch("c")))
	assert.Equal(t, "ac", ring.left())
}

func TestWhatThereIsNoRoomForIsCounted(t *testing.T) {
	ring := newClock(3)
	for _, text := range []string{"a", "b", "c", "d", "e"} {
		assert.True(t, ring.Keep(0, batch(text)))
	}
	assert.EqualValues(t, 2, ring.Unkept())
	assert.Equal(t, "cde", ring.left())
	ring.Keep(1, batch("longer"))
	assert.EqualValues(t, 6, ring.Unkept())
	assert.Empty(t, ring.left())
	ring.Keep(2, batch("f"))
	ring.Abandon()
	assert.EqualValues(t, 7, ring.Unkept())
	assert.Empty(t, ring.left())
}

func TestBatchesThatComeFastArePacked(t *testing.T) {
	ring := newClock(100_000)
	text := strings.Repeat(`{"_msg":"Request handled","severity_text":"INFO"}`, 200)
	want := ""
	for i := range 40 {
		ring.Keep(0, batch(fmt.Sprint(i, text)))
		want += fmt.Sprint(i, text)
	}
	assert.Zero(t, ring.Unkept(), "40 batches of 10 kB are within 100 kB")
	assert.Equal(t, want, ring.left())
	assert.Less(t, ring.bytes, 100_000)
}

func BenchmarkKeep(b *testing.B) {
	for name, limit := range map[string]int{"slow": 1 << 40, "fast": 8 << 20} {
		b.Run(name, func(b *testing.B) {
			body := bytes.Repeat([]byte(`{"_msg":"Request handled","severity_text":"INFO","scope.name":"app"}`), 4000)
			ring := New(span, limit)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for range b.N {
				ring.Keep(0, NewBatch("", nil, body))
				if len(ring.entries) > 100 {
					ring.Saved(time.Now())
				}
			}
		})
	}
}
