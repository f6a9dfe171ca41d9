package e2e

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// pipe starts a collector that reads an input to its end.
func pipe(t *testing.T, input io.Reader, endpoint, delivery string) *program.Process {
	t.Helper()
	cmd := exec.Command(binary(t), "--config", "config/stdin.yaml", "--config", "config/otlp.yaml")
	cmd.Env = append(os.Environ(), "OTLP_ENDPOINT="+endpoint, "MINA_DELIVERY="+delivery, "OTLP_COMPRESSION=none", "MINA_STATE_DIR="+t.TempDir())
	cmd.Stdin = input
	return start(t, cmd)
}

// openInput returns an input that has some text and does not end before the test.
func openInput(t *testing.T, text string) *os.File {
	t.Helper()
	reader, writer, err := os.Pipe()
	assert.NoError(t, err)
	t.Cleanup(func() { _ = reader.Close(); _ = writer.Close() })
	_, err = writer.WriteString(text)
	assert.NoError(t, err)
	return reader
}

func TestTheExitCodeSaysWhetherAllWasDelivered(t *testing.T) {
	t.Parallel()
	down := func() int { return http.StatusServiceUnavailable }
	refused := func() int { return http.StatusBadRequest }
	for name, test := range map[string]struct {
		refuse func() int
		poison string
		open   bool
		signal []os.Signal
		want   int
	}{
		"delivered":                              {want: 0},
		"refused for what they are":              {poison: "record 7", want: 4},
		"terminated before the end":              {open: true, signal: []os.Signal{syscall.SIGTERM}, want: 3},
		"interrupted before the end":             {open: true, signal: []os.Signal{syscall.SIGINT}, want: 3},
		"terminated while a destination is down": {refuse: down, signal: []os.Signal{syscall.SIGTERM}, want: 3},
		"terminated while the sender is refused": {refuse: refused, signal: []os.Signal{syscall.SIGTERM}, want: 3},
		"interrupted twice":                      {refuse: down, signal: []os.Signal{syscall.SIGINT, syscall.SIGINT}, want: 3},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEndpoint(t)
			asked := make(chan struct{}, 1000)
			e.setRefuse(func() int {
				select {
				case asked <- struct{}{}:
				default:
				}
				if test.refuse == nil {
					return 0
				}
				return test.refuse()
			})
			input := io.Reader(strings.NewReader(numbered(0, 20)))
			if test.open {
				input = openInput(t, numbered(0, 20))
			}
			url := e.URL
			if test.poison != "" {
				url = refusing(t, e, test.poison)
			}
			c := pipe(t, input, url, "acknowledged")
			if test.signal != nil {
				<-asked // records are on their way, or have arrived
			}
			for _, signal := range test.signal {
				c.Signal(signal)
			}
			eventually(t, func() bool { return ended(c) }, "the process ends")
			assert.Equal(t, test.want, c.ExitCode())
		})
	}
}

func TestWhatIsWrittenOfTheInputIsItsOwnersAlone(t *testing.T) {
	state := t.TempDir()
	cmd := exec.Command(binary(t), "--config", "config/stdin.yaml", "--config", "config/local.yaml")
	cmd.Env, cmd.Stdin = append(os.Environ(), "MINA_STATE_DIR="+state), strings.NewReader(numbered(0, 20))
	c := start(t, cmd)
	eventually(t, func() bool { return ended(c) }, "the process ends")
	assert.Zero(t, c.ExitCode())
	info, err := os.Stat(filepath.Join(state, "records.jsonl"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestAClosedInputIsNoSuccess(t *testing.T) {
	e := newEndpoint(t)
	c := start(t, exec.Command("sh", "-c", `OTLP_ENDPOINT=`+e.URL+` exec "$0" --config config/stdin.yaml --config config/otlp.yaml <.`, binary(t)))
	eventually(t, func() bool { return ended(c) }, "the process ends")
	assert.Equal(t, 3, c.ExitCode())
	assert.Contains(t, c.Output(), "Cannot read standard input")
}

func TestADestinationThatIsDownAtTheEndIsWaitedFor(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	until := time.Now().Add(3 * time.Second)
	e.setRefuse(func() int {
		if time.Now().Before(until) {
			return http.StatusServiceUnavailable
		}
		return 0
	})
	c := pipe(t, strings.NewReader(numbered(0, 100)), e.URL, "acknowledged")
	eventually(t, func() bool { return ended(c) }, "the process ends by itself")
	assert.Zero(t, c.ExitCode())
	e.requireNumbered(t, 100, 1)
}
