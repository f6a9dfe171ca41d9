package minalog

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/require"
)

var observed = time.Date(2025, 10, 1, 16, 12, 6, 0, time.UTC)

func newDecoder(t testing.TB, change ...func(*Config)) *Decoder {
	t.Helper()
	config := DefaultConfig()
	for _, f := range change {
		f(&config)
	}
	decoder, err := NewDecoder(&config)
	require.NoError(t, err)
	return decoder
}

// testStream is a stream with its decoder.
type testStream struct {
	*Stream
	decoder *Decoder
}

func newStream(t testing.TB, origin Origin, limit int, change ...func(*Config)) testStream {
	t.Helper()
	return testStream{NewStream(origin, limit), newDecoder(t, change...)}
}

func (s testStream) Write(b *Batch, block []byte) { s.Stream.Write(s.decoder, b, string(block)) }
func (s testStream) Flush(b *Batch)               { s.Stream.Flush(s.decoder, b) }
func (s testStream) End(b *Batch)                 { s.Stream.End(s.decoder, b) }

// TestGoldenLines reads every testdata/lines/*.log and compares the records with
// the .yaml beside it. MINA_UPDATE_GOLDEN=1 writes them anew.
func TestGoldenLines(t *testing.T) {
	inputs, err := filepath.Glob("testdata/lines/*.log")
	require.NoError(t, err)
	require.NotEmpty(t, inputs)
	for _, input := range inputs {
		t.Run(filepath.Base(input), func(t *testing.T) {
			block, err := os.ReadFile(input)
			require.NoError(t, err)
			b := NewBatch(observed)
			stream := newStream(t, Origin{FileName: filepath.Base(input)}, 1<<20)
			stream.Write(b, block)
			stream.End(b)
			require.Zero(t, stream.Pending())

			expected := strings.TrimSuffix(input, ".log") + ".yaml"
			if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
				require.NoError(t, golden.WriteLogsToFile(expected, b.Logs()))
			}
			want, err := golden.ReadLogs(expected)
			require.NoError(t, err)
			require.NoError(t, plogtest.CompareLogs(want, b.Logs()))
		})
	}
}
