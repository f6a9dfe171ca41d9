package minareceiver

import (
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
)

// TestStopWaitsOnceForAllInputs stops while records of a file and of a client are on
// their way to a pipeline that does not answer, and does not look at its context.
func TestStopWaitsOnceForAllInputs(t *testing.T) {
	cfg, url := httpConfig(t)
	dir := t.TempDir()
	cfg.File = configoptional.Some(*fileConfig(dir).File.Get())
	appendTo(t, filepath.Join(dir, "app.log"), lines(0, 10))
	var offered atomic.Int32
	end := make(chan struct{})
	next := &sink{answer: func(int, plog.Logs) error {
		offered.Add(1)
		<-end
		return errBusy
	}}
	r := startReceiver(t, cfg, next, checkpointtest.NewMemory())
	posted := make(chan int)
	go func() {
		response, err := http.Post(url, "application/json", strings.NewReader(`{"message": "posted"}`))
		if err != nil {
			posted <- 0
			return
		}
		_ = response.Body.Close()
		posted <- response.StatusCode
	}()
	eventually(t, func() bool { return offered.Load() == 2 }, "both are on their way")
	begin := time.Now()
	stopReceiver(t, r)
	assert.Less(t, time.Since(begin), 5*time.Second)
	assert.NotEqual(t, http.StatusAccepted, <-posted)
	close(end)
	http.DefaultClient.CloseIdleConnections()
}
