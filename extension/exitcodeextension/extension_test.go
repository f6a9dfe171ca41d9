package exitcodeextension

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/mina-observability/otelcol-mina/internal/exitcode"
)

func TestTheProcessEndsWithWhatHappened(t *testing.T) {
	for name, test := range map[string]struct {
		happens func()
		want    int
	}{
		"all was delivered": {func() {}, exitcode.Delivered},
		"interrupted":       {exitcode.Interrupt, exitcode.Interrupted},
		"dead letters":      {exitcode.Bury, exitcode.DeadLetters},
	} {
		t.Run(name, func(t *testing.T) {
			core, logged := observer.New(zap.ErrorLevel)
			code := exitcode.Delivered
			e := &exitCode{logger: zap.New(core), exit: func(c int) { code = c }}
			require.NoError(t, e.Start(t.Context(), componenttest.NewNopHost()))
			test.happens()
			require.NoError(t, e.Shutdown(t.Context()))
			assert.Equal(t, test.want, code)
			assert.Equal(t, test.want != exitcode.Delivered, logged.Len() == 1)
		})
	}
}
