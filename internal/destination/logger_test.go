package destination

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

// steps is a clock that goes on when it is told.
type steps struct {
	zapcore.Clock
	now time.Time
}

func (s *steps) Now() time.Time { return s.now }

func TestTheSameIsSaidOncePerMinute(t *testing.T) {
	core, logs := observer.New(zap.InfoLevel)
	clock := &steps{zapcore.DefaultClock, time.Unix(1_700_000_000, 0)}
	logger := OncePerMinute(zap.New(core, zap.WithClock(clock)))
	for range 3 {
		logger.Warn("one")
		logger.With(zap.Int("n", 1)).Warn("one")
		logger.Warn("two")
		logger.Debug("below the level")
		clock.now = clock.now.Add(59 * time.Second)
	}
	said := map[string]int{}
	for _, entry := range logs.All() {
		said[entry.Message]++
	}
	assert.Equal(t, map[string]int{"one": 2, "two": 2}, said, "at 0 and 118 seconds")
}

func TestALoggerThatSaysThingsSeldomIsSmall(t *testing.T) {
	const loggers = 100
	logger := zap.NewNop()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range loggers {
		OncePerMinute(logger)
	}
	runtime.ReadMemStats(&after)
	assert.Less(t, (after.TotalAlloc-before.TotalAlloc)/loggers, uint64(4<<10), "bytes that live as long as the exporter")
}
