package statestorageextension

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/mina-observability/otelcol-mina/extension/statestorageextension/internal/metadatatest"
)

const stateName = "connector_fanout_"

var fanoutID = component.MustNewID("fanout")

// newStorage returns a started extension that keeps its files in a directory.
func newStorage(t *testing.T, directory string, telemetry *componenttest.Telemetry) (storage.Extension, *observer.ObservedLogs) {
	t.Helper()
	set := metadatatest.NewSettings(telemetry)
	core, logged := observer.New(zapcore.WarnLevel)
	set.Logger = zap.New(core)
	cfg := createDefaultConfig().(*Config)
	cfg.Directory, cfg.Timeout = directory, 50*time.Millisecond
	extension, err := NewFactory().Create(t.Context(), set, cfg)
	require.NoError(t, err)
	require.NoError(t, extension.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { assert.NoError(t, extension.Shutdown(t.Context())) }) //nolint:usetesting // the test's context has ended
	return extension.(storage.Extension), logged
}

func newTelemetry(t *testing.T) *componenttest.Telemetry {
	t.Helper()
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { _ = telemetry.Shutdown(t.Context()) }) //nolint:usetesting // the test's context has ended
	return telemetry
}

func open(t *testing.T, s storage.Extension) storage.Client {
	t.Helper()
	client, err := s.GetClient(t.Context(), component.KindConnector, fanoutID, "")
	require.NoError(t, err)
	return client
}

// stateFile returns the content of a state file, and its items. It has batches as a
// queue has them, larger than a page, and small items as an index.
func stateFile(t *testing.T) ([]byte, map[string][]byte) {
	t.Helper()
	directory := t.TempDir()
	s, _ := newStorage(t, directory, newTelemetry(t))
	client := open(t, s)
	items := map[string][]byte{}
	random := rand.NewChaCha8([32]byte{})
	for i := range 60 {
		key := fmt.Sprintf("item-%03d", i)
		value := make([]byte, []int{20, 3000, 15000}[i%3])
		_, _ = random.Read(value)
		items[key] = value
		require.NoError(t, client.Batch(t.Context(), storage.SetOperation(key, value), storage.SetOperation("index", fmt.Append(nil, i))))
	}
	items["index"] = []byte("59")
	require.NoError(t, client.Close(t.Context()))
	content, err := os.ReadFile(filepath.Join(directory, stateName))
	require.NoError(t, err)
	end := max(binary.NativeEndian.Uint64(content[16+40:]), binary.NativeEndian.Uint64(content[4096+16+40:]))
	return content[:end*4096], items // what is behind has never been used
}

func corrupt(t *testing.T, directory string) []string {
	t.Helper()
	aside, err := filepath.Glob(filepath.Join(directory, stateName+".corrupt-*"))
	require.NoError(t, err)
	return aside
}

// present returns how many items a client has. What it has must be what was put.
func present(t *testing.T, client storage.Client, items map[string][]byte) int {
	t.Helper()
	count := 0
	for key, want := range items {
		got, err := client.Get(t.Context(), key)
		require.NoError(t, err)
		if key == "index" {
			continue // an older one is as whole
		}
		if got != nil {
			require.Equal(t, want, got, key)
			count++
		}
	}
	return count
}

func requireUsable(t *testing.T, client storage.Client) {
	t.Helper()
	require.NoError(t, client.Set(t.Context(), "new", []byte("value")))
	value, err := client.Get(t.Context(), "new")
	require.NoError(t, err)
	require.Equal(t, "value", string(value))
	require.NoError(t, client.Delete(t.Context(), "new"))
}

func TestItStartsWithAnythingInPlaceOfItsFile(t *testing.T) {
	healthy, items := stateFile(t)
	write := func(content []byte) func(*testing.T, string) {
		return func(t *testing.T, path string) { require.NoError(t, os.WriteFile(path, content, 0o600)) }
	}
	changed := func(change func([]byte)) func(*testing.T, string) {
		content := bytes.Clone(healthy)
		change(content)
		return write(content)
	}
	for name, test := range map[string]struct {
		put func(t *testing.T, path string)
		// saved is how many items are still there, at least.
		saved int
	}{
		"an empty file":           {put: write(nil)},
		"a text":                  {put: write([]byte("not a database\n"))},
		"a page of zeros":         {put: write(make([]byte, 65536))},
		"a directory":             {put: func(t *testing.T, path string) { require.NoError(t, os.MkdirAll(filepath.Join(path, "below"), 0o700)) }},
		"a newer format":          {put: changed(func(c []byte) { c[20], c[4096+20] = 3, 3 })},
		"both sums wrong":         {put: changed(func(c []byte) { c[60]++; c[4096+60]++ })},
		"the first sum wrong":     {put: changed(func(c []byte) { c[60]++ }), saved: 59},
		"the second sum wrong":    {put: changed(func(c []byte) { c[4096+60]++ }), saved: 59},
		"a cut in the middle":     {put: write(healthy[:len(healthy)/2])},
		"a cut before its end":    {put: write(healthy[:len(healthy)-8192])},
		"4 KB cut out":            {put: write(append(bytes.Clone(healthy[:len(healthy)/2]), healthy[len(healthy)/2+4096:]...))},
		"half a page, as a crash": {put: write(healthy[:4096+2048])},
	} {
		t.Run(name, func(t *testing.T) {
			directory, telemetry := t.TempDir(), newTelemetry(t)
			test.put(t, filepath.Join(directory, stateName))
			s, logged := newStorage(t, directory, telemetry)

			client := open(t, s)
			assert.GreaterOrEqual(t, present(t, client, items), test.saved)
			requireUsable(t, client)
			require.NoError(t, client.Close(t.Context()))

			require.Len(t, corrupt(t, directory), 1)
			entries := logged.FilterMessageSnippet("A state file was damaged and has been moved aside: what waited in it and was not saved is lost").All()
			require.Len(t, entries, 1)
			assert.Equal(t, corrupt(t, directory)[0], entries[0].ContextMap()["moved_to"])
			metadatatest.AssertEqualStorageDamagedFiles(t, telemetry, []metricdata.DataPoint[int64]{{Value: 1}}, metricdatatest.IgnoreTimestamp())

			again := open(t, s)
			requireUsable(t, again)
			require.NoError(t, again.Close(t.Context()))
			assert.Len(t, corrupt(t, directory), 1, "the new file is whole")
		})
	}
}

// forEachFault is how long each fault is tried in ever other places.
const forEachFault = 500 * time.Millisecond

// TestRandomDamageNeitherStopsItNorIsHandedOut tries the faults of disks and power cuts.
func TestRandomDamageNeitherStopsItNorIsHandedOut(t *testing.T) {
	healthy, items := stateFile(t)
	random := rand.New(rand.NewPCG(1, 2))
	block := func(size int) []byte {
		b := make([]byte, size)
		switch random.IntN(4) {
		case 0:
		case 1:
			copy(b, bytes.Repeat([]byte{0xff}, size))
		case 2:
			from := random.IntN(len(healthy) - size)
			copy(b, healthy[from:])
		default:
			for i := range b {
				b[i] = byte(random.Uint32())
			}
		}
		return b
	}
	faults := map[string]func([]byte) []byte{
		"pages overwritten": func(c []byte) []byte {
			for range 1 + random.IntN(3) {
				copy(c[random.IntN(len(c)/4096)*4096:], block(4096))
			}
			return c
		},
		"4 KB overwritten anywhere": func(c []byte) []byte { copy(c[random.IntN(len(c)):], block(4096)); return c },
		"bytes changed": func(c []byte) []byte {
			for range 1 + random.IntN(20) {
				c[random.IntN(len(c))] ^= byte(1 + random.IntN(255))
			}
			return c
		},
		"headers changed": func(c []byte) []byte {
			for range 1 + random.IntN(3) {
				c[random.IntN(len(c)/4096)*4096+random.IntN(80)] = byte(random.Uint32())
			}
			return c
		},
		"truncated": func(c []byte) []byte { return c[:random.IntN(len(c))] },
		"4 KB cut out": func(c []byte) []byte {
			from := random.IntN(len(c) - 4096)
			return append(c[:from], c[from+4096:]...)
		},
	}
	directory := t.TempDir()
	s, _ := newStorage(t, directory, newTelemetry(t))
	for name, damage := range faults {
		rounds, kept, moved := 0, 0, 0
		for until := time.Now().Add(forEachFault); time.Now().Before(until); rounds++ {
			require.NoError(t, os.WriteFile(filepath.Join(directory, stateName), damage(bytes.Clone(healthy)), 0o600))
			client := open(t, s)
			kept += present(t, client, items)
			requireUsable(t, client)
			require.NoError(t, client.Close(t.Context()))
			for _, aside := range corrupt(t, directory) {
				require.NoError(t, os.Remove(aside))
				moved++
			}
		}
		t.Logf("%s: %d of %d files moved aside, %.0f %% of the items kept", name, moved, rounds, 100*float64(kept)/float64(rounds*(len(items)-1)))
	}
}

func TestDamageThatIsMetLaterIsNoEnd(t *testing.T) {
	healthy, items := stateFile(t)
	for name, damage := range map[string]func(t *testing.T, path string){
		"overwritten": func(t *testing.T, path string) {
			file, err := os.OpenFile(path, os.O_RDWR, 0)
			require.NoError(t, err)
			defer file.Close()
			_, err = file.WriteAt(bytes.Repeat([]byte("garbage "), (len(healthy)-8192)/8), 8192)
			require.NoError(t, err)
		},
		"truncated": func(t *testing.T, path string) { require.NoError(t, os.Truncate(path, 8192)) },
	} {
		for use, do := range map[string]func(*testing.T, storage.Client){
			"read":  func(t *testing.T, c storage.Client) { present(t, c, items) },
			"write": requireUsable,
		} {
			t.Run(name+" before a "+use, func(t *testing.T) {
				directory := t.TempDir()
				path := filepath.Join(directory, stateName)
				require.NoError(t, os.WriteFile(path, healthy, 0o600))
				s, logged := newStorage(t, directory, newTelemetry(t))
				client := open(t, s)
				damage(t, path)
				do(t, client)
				requireUsable(t, client)
				require.NoError(t, client.Close(t.Context()))
				assert.Len(t, corrupt(t, directory), 1)
				assert.Len(t, logged.FilterMessageSnippet("moved aside").All(), 1)
			})
		}
	}
}

// A disk that damages files again and again is not filled with them.
func TestTheNewestDamagedFilesAreKept(t *testing.T) {
	directory := t.TempDir()
	others := []string{stateName + ".corrupt-", stateName + ".corrupt-mine", "connector_fanout_other.corrupt-20250101T000000.000000000Z"}
	for _, name := range others {
		require.NoError(t, os.WriteFile(filepath.Join(directory, name), nil, 0o600))
	}
	folder := filepath.Join(directory, stateName+".corrupt-20250101T000000.000000000Z")
	require.NoError(t, os.Mkdir(folder, 0o700))
	const times = 7
	s, logged := newStorage(t, directory, newTelemetry(t))
	for i := range times {
		require.NoError(t, os.WriteFile(filepath.Join(directory, stateName), fmt.Appendf(nil, "garbage %d", i), 0o600))
		client := open(t, s)
		requireUsable(t, client)
		require.NoError(t, client.Close(t.Context()))
	}
	var kept []string
	for _, path := range corrupt(t, directory) {
		if content, err := os.ReadFile(path); err == nil && len(content) > 0 {
			kept = append(kept, string(content))
		}
	}
	assert.Equal(t, []string{"garbage 4", "garbage 5", "garbage 6"}, kept)
	assert.DirExists(t, folder)
	for _, name := range others {
		assert.FileExists(t, filepath.Join(directory, name), "it is no file of ours that was moved aside")
	}
	assert.Len(t, logged.FilterMessageSnippet("moved aside").All(), times)
	assert.Equal(t, times, logged.Len())
}

func TestADamagedItemGoesAlone(t *testing.T) {
	healthy, items := stateFile(t)
	content := bytes.Clone(healthy)
	at := bytes.Index(content, items["item-059"][5000:5100])
	require.Positive(t, at)
	content[at]++
	directory, telemetry := t.TempDir(), newTelemetry(t)
	require.NoError(t, os.WriteFile(filepath.Join(directory, stateName), content, 0o600))
	s, logged := newStorage(t, directory, telemetry)
	client := open(t, s)
	assert.Equal(t, len(items)-2, present(t, client, items))
	require.NoError(t, client.Close(t.Context()))
	assert.Empty(t, corrupt(t, directory))
	entries := logged.All()
	require.Len(t, entries, 1)
	assert.Contains(t, entries[0].Message, "An item of a state file is damaged and is left out")
	assert.Equal(t, "item-059", entries[0].ContextMap()["key"])
	metadatatest.AssertEqualStorageDamagedItems(t, telemetry, []metricdata.DataPoint[int64]{{Value: 1}}, metricdatatest.IgnoreTimestamp())
}

func TestWhatFollowsIsSaidInTheOwnersTerms(t *testing.T) {
	directory := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(directory, "receiver_mina_"), []byte("garbage"), 0o600))
	s, logged := newStorage(t, directory, newTelemetry(t))
	client, err := s.GetClient(t.Context(), component.KindReceiver, component.MustNewID("mina"), "")
	require.NoError(t, err)
	require.NoError(t, client.Close(t.Context()))
	require.Equal(t, 1, logged.Len())
	assert.True(t, strings.HasSuffix(logged.All()[0].Message, "files whose checkpoint was not saved are read again"), logged.All()[0].Message)
}
