package destination

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// OncePerMinute returns a logger that says the same thing once a minute. Every batch
// that waits would say so at each of its tries.
func OncePerMinute(logger *zap.Logger) *zap.Logger {
	return logger.WithOptions(zap.WrapCore(func(core zapcore.Core) zapcore.Core {
		return seldom{core, &said{at: map[string]time.Time{}}}
	}))
}

// seldom leaves out what has been said within a minute. zap's own sampler counts in
// tables of 448 KiB, and whatever lives makes the collections rarer and the heap larger.
type seldom struct {
	zapcore.Core
	said *said
}

func (c seldom) With(fields []zapcore.Field) zapcore.Core {
	c.Core = c.Core.With(fields)
	return c
}

func (c seldom) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if !c.Enabled(entry.Level) || !c.said.due(entry.Message, entry.Time) {
		return checked
	}
	return c.Core.Check(entry, checked)
}

// said holds when each message was said last; messages are few, since they are literals.
type said struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (s *said) due(message string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last, ok := s.at[message]; ok && now.Sub(last) < time.Minute {
		return false
	}
	s.at[message] = now
	return true
}

// HelperLogger returns the logger of exporterhelper. That says "Dropping data" of every
// batch that it gives up, also where the batch goes back to who has it, or stays in a
// queue on disk at a shutdown: then nothing is dropped, and nothing is said. Status
// says what is wrong (docs/decisions/008-exporter-messages.md).
func HelperLogger(logger *zap.Logger, queue configoptional.Optional[exporterhelper.QueueBatchConfig]) *zap.Logger {
	waits := !queue.HasValue() || queue.Get().WaitForResult
	stored := queue.HasValue() && queue.Get().StorageID != nil
	return OncePerMinute(logger.WithOptions(zap.WrapCore(func(core zapcore.Core) zapcore.Core {
		return givenBack{Core: core, waits: waits, stored: stored}
	})))
}

// givenBack leaves out what is said of batches that are not dropped.
type givenBack struct {
	zapcore.Core
	waits, stored bool
}

func (c givenBack) With(fields []zapcore.Field) zapcore.Core {
	c.Core = c.Core.With(fields)
	return c
}

func (c givenBack) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if c.Enabled(entry.Level) {
		return checked.AddCore(entry, c)
	}
	return checked
}

func (c givenBack) Write(entry zapcore.Entry, fields []zapcore.Field) error {
	if strings.HasPrefix(entry.Message, "Exporting failed. Rejecting data.") ||
		strings.HasPrefix(entry.Message, "Exporting failed. Dropping data.") && (c.waits || c.stored && interrupted(fields)) {
		return nil
	}
	return c.Core.Write(entry, fields)
}

// interrupted reports whether an entry is of a try that a shutdown has ended. The type
// of that error is exporterhelper's own.
func interrupted(fields []zapcore.Field) bool {
	for _, field := range fields {
		if err, ok := field.Interface.(error); ok && strings.Contains(fmt.Sprint(err), "interrupted due to shutdown") {
			return true
		}
	}
	return false
}
