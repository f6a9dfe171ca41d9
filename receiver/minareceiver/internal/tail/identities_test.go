package tail

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
)

// Whatever becomes of a file while the collector is down: what is read again behind an
// older checkpoint is known.
func TestARecordThatIsReadAgainHasItsIdentity(t *testing.T) {
	for name, rotate := range map[string]func(t *testing.T, path string){
		"as it was": func(*testing.T, string) {},
		"renamed":   func(t *testing.T, path string) { require.NoError(t, os.Rename(path, path+".1")) },
		"under another name": func(t *testing.T, path string) {
			require.NoError(t, os.Rename(path, filepath.Join(filepath.Dir(path), "archive.log")))
		},
		"renamed, with a new": func(t *testing.T, path string) {
			require.NoError(t, os.Rename(path, path+".1"))
			write(t, path, lines(500, 600))
		},
		"compressed": func(t *testing.T, path string) {
			write(t, path+".1.gz", gzipped(t, lines(0, 300)))
			require.NoError(t, os.Remove(path))
		},
		"compressed, with a new": func(t *testing.T, path string) {
			write(t, path+".1.gz", gzipped(t, lines(0, 300)))
			require.NoError(t, os.Remove(path))
			write(t, path, lines(500, 600))
		},
		"copied and truncated": func(t *testing.T, path string) { write(t, path+".1", lines(0, 300)); write(t, path, lines(500, 600)) },
	} {
		for _, delivered := range []int{0, 1, 100} { // one line is less than a fingerprint
			t.Run(fmt.Sprintf("%s, with %d delivered", name, delivered), func(t *testing.T) {
				dir, m := t.TempDir(), checkpointtest.NewMemory()
				path := filepath.Join(dir, "app.log")
				b := newBench(t, dir, m)
				if delivered > 0 {
					write(t, path, lines(0, delivered))
					b.poll()
					require.NoError(t, b.store.Save(t.Context()))
				}
				write(t, path, lines(0, 300))
				b.scan()
				b.readTurn()
				b.texts.save(t.Context(), b.store)
				kill := m.Snapshot() // before anything is handed over
				b.poll()
				known := b.identities(t)
				require.Len(t, known, 300)
				require.Len(t, slices.Compact(slices.Sorted(maps.Values(known))), 300)
				b.closeAll()

				rotate(t, path)
				b = newBench(t, dir, kill)
				b.poll()
				b.poll()
				b.later()
				b.poll()
				again := b.identities(t)
				for _, body := range numbers(delivered, 300) {
					require.Equal(t, known[body], again[body], body)
				}
				require.Len(t, slices.Compact(slices.Sorted(maps.Values(again))), len(again))
			})
		}
	}
}

func TestEqualRecordsOfDifferentTextsAreToldApart(t *testing.T) {
	for name, second := range map[string]func(t *testing.T, dir, path string){
		"two files": func(t *testing.T, dir, _ string) { write(t, filepath.Join(dir, "job-2.log"), warnings) },
		"a new file after a rename": func(t *testing.T, _, path string) {
			require.NoError(t, os.Rename(path, path+".1"))
			write(t, path, warnings)
		},
		"a file that is truncated": func(t *testing.T, _, path string) {
			write(t, path+".1", warnings)
			write(t, path, warnings[:len(warnings)/2])
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "job-1.log")
			write(t, path, warnings)
			b := newBench(t, dir, checkpointtest.NewMemory())
			b.poll()
			second(t, dir, path)
			b.poll()
			uids := map[string]bool{}
			for record := range b.records {
				uid, _ := record.Attributes().Get("log.record.uid")
				uids[uid.Str()] = true
			}
			assert.Len(t, uids, len(b.bodies()))
			assert.Greater(t, len(uids), 4)
		})
	}
}

// A checkpoint of an older release, or one from before records had identities, gets one.
func TestAFileThatWasReadWithoutIdentitiesGetsOne(t *testing.T) {
	dir, m := t.TempDir(), checkpointtest.NewMemory()
	path := filepath.Join(dir, "app.log")
	write(t, path, lines(0, 100))
	b := newBench(t, dir, m)
	b.texts.wanted = false
	b.poll()
	require.NoError(t, b.store.Save(t.Context()))
	b.closeAll()

	write(t, path, lines(0, 200))
	b = newBench(t, dir, m)
	b.scan()
	b.texts.save(t.Context(), b.store)
	kill := m.Snapshot()
	b.poll()
	known := b.identities(t)
	require.Len(t, known, 100)
	b.closeAll()

	b = newBench(t, dir, kill)
	b.poll()
	assert.Equal(t, known, b.identities(t))
}

func TestAStorageThatFailsHoldsNoRecordUp(t *testing.T) {
	dir, m := t.TempDir(), checkpointtest.NewMemory()
	write(t, filepath.Join(dir, "app.log"), lines(0, 100))
	b := newBench(t, dir, m)
	m.Fail(errors.New("the disk is full"))
	b.poll()
	assert.Len(t, b.identities(t), 100)
}

func TestIdentitiesAreKeptOnlyWhereTheyAreWanted(t *testing.T) {
	dir, m := t.TempDir(), checkpointtest.NewMemory()
	write(t, filepath.Join(dir, "app.log"), lines(0, 10))
	b := newBench(t, dir, m)
	b.texts.wanted = false
	b.poll()
	for record := range b.records {
		assert.NotContains(t, record.Attributes().AsRaw(), "log.record.uid")
	}
	for _, point := range b.files {
		assert.Equal(t, checkpoint.File{}.Text, point.checkpoint.File().Text)
	}
}
