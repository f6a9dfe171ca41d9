package fanoutconnector

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	zaplogs "go.uber.org/zap/zaptest/observer"
)

// TestAnAnswerThatComesLateIsSaidToo is for exporters that answer after their own timeout,
// or after their own tries.
func TestAnAnswerThatComesLateIsSaidToo(t *testing.T) {
	core, logs := zaplogs.New(zapcore.WarnLevel)
	h := &health{logger: zap.New(core), tell: func(*componentstatus.Event) {}}
	h.offered(1)
	late := time.Now().Add(patience)
	for _, answer := range []error{nil, nil, errors.New("no broker"), errors.New("no topic")} {
		h.refused(answer)
		h.check(late, 0)
	}
	said := logs.FilterMessage("The destination takes nothing; records wait until it does").All()
	if assert.Len(t, said, 2) {
		assert.Equal(t, errNoAnswer.Error(), said[0].ContextMap()["error"])
		assert.Equal(t, "no broker", said[1].ContextMap()["error"])
	}
}
