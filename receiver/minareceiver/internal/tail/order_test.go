package tail

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
)

// What is left of a file is read before what has followed it, which is newer, however it
// has been rotated while the collector was down.
func TestWhatIsLeftOfARotatedFileIsReadBeforeWhatFollowsIt(t *testing.T) {
	for name, rotate := range map[string]func(t *testing.T, path, text string){
		"by number": func(t *testing.T, path, _ string) { require.NoError(t, os.Rename(path, path+".1")) },
		"by date":   func(t *testing.T, path, _ string) { require.NoError(t, os.Rename(path, path+"-20251001")) },
		"inside": func(t *testing.T, path, _ string) {
			require.NoError(t, os.Rename(path, filepath.Join(filepath.Dir(path), "app.2025-10-01.log")))
		},
		"compressed": func(t *testing.T, path, text string) {
			write(t, path+".1.gz", gzipped(t, text))
			require.NoError(t, os.Remove(path))
		},
		"copied and truncated": func(t *testing.T, path, text string) { write(t, path+".1", text) },
	} {
		for _, known := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				const first, left, last = 100, 30_000, 31_000 // left is longer than a batch, and less than a turn
				dir, m := t.TempDir(), checkpointtest.NewMemory()
				path := filepath.Join(dir, "app.log")
				write(t, path, lines(0, first))
				b := newBench(t, dir, m)
				b.poll()
				require.NoError(t, b.store.Save(t.Context()))
				write(t, path, lines(0, left))
				rotate(t, path, lines(0, left))
				write(t, path, lines(left, last))
				if known { // of which nothing is delivered yet
					b.scan()
					require.NoError(t, b.store.Save(t.Context()))
				}
				b.closeAll()

				b = newBench(t, dir, m.Snapshot())
				b.scan()
				for len(b.reading) > 0 || !b.batcher.Empty() {
					if len(b.reading) > 0 {
						b.readTurn()
					}
					b.batcher.HandOver(t.Context())
					b.batcher.Wait() // batches in flight overtake each other
				}
				bodies := b.bodies()
				assert.Len(t, bodies, last-first)
				assert.True(t, slices.IsSorted(bodies))
			})
		}
	}
}
