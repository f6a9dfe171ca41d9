package exitcodeextension

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/exitcode"
)

// exitCode ends the process when the collector stops its extensions: all pipelines
// have been stopped by then, and their exporters have written what they had.
type exitCode struct {
	component.StartFunc
	logger *zap.Logger
	exit   func(code int)
}

var meanings = map[int]string{
	exitcode.Interrupted: "Not all of the input was delivered",
	exitcode.DeadLetters: "All of the input was read; records that a destination refused are in its dead-letter file",
}

// Shutdown ends the process if there is more to say than that all went well.
func (e *exitCode) Shutdown(context.Context) error {
	if code := exitcode.Take(); code != exitcode.Delivered {
		e.logger.Error(meanings[code], zap.Int("exit_code", code))
		_ = e.logger.Sync() // the process ends here
		e.exit(code)
	}
	return nil
}
