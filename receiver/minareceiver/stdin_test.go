package minareceiver

import (
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configoptional"

	"github.com/mina-observability/otelcol-mina/internal/exitcode"
)

func startStdin(t *testing.T, next *sink, input io.ReadCloser) *minaReceiver {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.Stdin = configoptional.Some(StdinConfig{MaxLogSize: 4 << 10})
	cfg.InFlight.Retry.InitialInterval = time.Millisecond
	require.NoError(t, cfg.Validate())
	r, err := newReceiver(nopSettings(), cfg, next)
	require.NoError(t, err)
	r.inputs[0].(*stdinInput).input = input
	require.NoError(t, r.Start(t.Context(), newHost(nil)))
	return r
}

func TestStdinIsReadToItsEndAndTheCollectorEnds(t *testing.T) {
	terminated := make(chan os.Signal, 10)
	signal.Notify(terminated, syscall.SIGTERM)
	defer signal.Stop(terminated)

	next := &sink{}
	text := lines(0, 5000) + strings.Repeat("x", 10<<10) + "\n2025-10-01 16:12:05,785 ERROR app: last\ngoes on"
	r := startStdin(t, next, io.NopCloser(strings.NewReader(text)))
	<-terminated
	stopReceiver(t, r)
	assert.Equal(t, exitcode.Delivered, exitcode.Take())
	var rest []string
	for _, body := range next.taken() {
		if len(body) != len("000000") {
			rest = append(rest, body)
		}
	}
	slices.Sort(rest) // batches may overtake each other
	require.Len(t, rest, 3+1)
	assert.Equal(t, "last\ngoes on", rest[0])
	assert.Equal(t, strings.Repeat("x", 10<<10), strings.Join(rest[1:], ""))
	requireEach(t, slices.DeleteFunc(next.taken(), func(body string) bool { return slices.Contains(rest, body) }), 0, 5000, 1)
}

func TestStdinIsHandedOverWhileItIsOpen(t *testing.T) {
	next := &sink{}
	reader, writer := io.Pipe()
	r := startStdin(t, next, reader)
	_, err := writer.Write([]byte(`{"message": "one"}` + "\n2025-10-01 16:12:05,785 INFO app: two\n"))
	require.NoError(t, err)
	eventually(t, has(next, 2), "both, the second after a while")
	require.ErrorIs(t, r.Shutdown(t.Context()), errStopped, "there may be more")
	assert.Equal(t, exitcode.Interrupted, exitcode.Take())
	assert.Equal(t, []string{"one", "two"}, next.taken())
}

func TestAnInputThatCannotBeReadEndsTheCollectorAndIsNoSuccess(t *testing.T) {
	terminated := make(chan os.Signal, 10)
	signal.Notify(terminated, syscall.SIGTERM)
	defer signal.Stop(terminated)

	next := &sink{}
	text := strings.NewReader(lines(0, 100))
	r := startStdin(t, next, io.NopCloser(io.MultiReader(text, iotest.ErrReader(syscall.EIO))))
	<-terminated
	require.ErrorIs(t, r.Shutdown(t.Context()), errStopped)
	assert.Equal(t, exitcode.Interrupted, exitcode.Take())
	requireEach(t, next.taken(), 0, 100, 1)
}
