package statestorageextension

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/mina-observability/otelcol-mina/extension/statestorageextension/internal/metadata"
	"github.com/mina-observability/otelcol-mina/extension/statestorageextension/internal/metadatatest"
)

func TestItemsAreKept(t *testing.T) {
	directory := t.TempDir()
	s, logged := newStorage(t, directory, newTelemetry(t))
	client := open(t, s)
	get, gone := storage.GetOperation("a"), storage.GetOperation("b")
	require.NoError(t, client.Batch(t.Context(), storage.SetOperation("a", []byte("1")), storage.SetOperation("b", nil), get,
		storage.DeleteOperation("b"), gone, storage.DeleteOperation("never there"), storage.SetOperation("empty", nil)))
	assert.Equal(t, "1", string(get.Value), "a transaction sees what it has done")
	assert.Nil(t, gone.Value)
	require.Error(t, client.Set(t.Context(), "", []byte("without a key")))
	require.NoError(t, client.Close(t.Context()))
	require.NoError(t, client.Close(t.Context()))
	require.ErrorIs(t, client.Set(t.Context(), "a", nil), errClosed)

	client = open(t, s)
	value, err := client.Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, "1", string(value))
	value, err = client.Get(t.Context(), "empty")
	require.NoError(t, err)
	assert.Equal(t, []byte{}, value, "an empty item is there")
	require.NoError(t, client.Close(t.Context()))
	assert.Zero(t, logged.Len())
}

func TestTheFilesAreTheirOwnersAlone(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "made")
	s, _ := newStorage(t, directory, newTelemetry(t))
	client := open(t, s)
	require.NoError(t, client.Close(t.Context()))
	for path, want := range map[string]os.FileMode{directory: 0o700, filepath.Join(directory, stateName): 0o600} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, want, info.Mode().Perm(), path)
	}
}

func TestEachComponentHasAFileOfItsOwn(t *testing.T) {
	long := strings.Repeat("long", 100)
	names := map[string]bool{}
	for name, id := range map[string]component.ID{
		"receiver_mina_":             component.MustNewID("mina"),
		"receiver_mina_second":       component.MustNewIDWithName("mina", "second"),
		"receiver_mina_a~002Fb~00FC": component.MustNewIDWithName("mina", "a/bü"),
		fileName(component.KindReceiver, component.MustNewIDWithName("mina", long+"1"), ""): component.MustNewIDWithName("mina", long+"1"),
		fileName(component.KindReceiver, component.MustNewIDWithName("mina", long+"2"), ""): component.MustNewIDWithName("mina", long+"2"),
	} {
		got := fileName(component.KindReceiver, id, "")
		assert.Equal(t, name, got)
		assert.LessOrEqual(t, len(got), longestName)
		names[got] = true
	}
	assert.Len(t, names, 5)
	assert.Equal(t, "connector_fanout__logs", fileName(component.KindConnector, fanoutID, "logs"))
}

func TestASecondCollectorIsToldWhoHoldsTheFile(t *testing.T) {
	directory := t.TempDir()
	s, _ := newStorage(t, directory, newTelemetry(t))
	client := open(t, s)
	begin := time.Now()
	_, err := s.GetClient(t.Context(), component.KindConnector, fanoutID, "")
	require.EqualError(t, err, fmt.Sprintf("the state file %s is in use by another collector (process %d); "+
		"give each a state directory of its own: in the shipped configuration, with MINA_STATE_DIR", filepath.Join(directory, stateName), os.Getpid()))
	assert.Less(t, time.Since(begin), 2*time.Second)
	require.NoError(t, client.Close(t.Context()))
	client = open(t, s)
	require.NoError(t, client.Close(t.Context()))
	assert.Empty(t, corrupt(t, directory))
}

func TestADirectoryThatCannotBeUsedIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for directory, test := range map[string]struct {
		create bool
		want   string
	}{
		file:                             {want: "not a directory"},
		filepath.Join(file, "below"):     {create: true, want: "not a directory"},
		filepath.Join(t.TempDir(), "no"): {want: "no such file or directory"},
	} {
		set := metadatatest.NewSettings(newTelemetry(t))
		extension, err := NewFactory().Create(t.Context(), set, &Config{Directory: directory, CreateDirectory: test.create, Timeout: time.Second})
		require.NoError(t, err)
		assert.EqualError(t, extension.Start(t.Context(), componenttest.NewNopHost()), fmt.Sprintf("directory %q: %s; make it, "+
			"give it to the user that runs the collector (uid %d), or name another directory: in the shipped configuration, with MINA_STATE_DIR", directory, test.want, os.Getuid()))
	}
}

func TestAFileThatIsUndamagedStaysWhereItCannotBeOpened(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may open every file")
	}
	directory := t.TempDir()
	path := filepath.Join(directory, stateName)
	require.NoError(t, os.WriteFile(path, []byte("of another user"), 0o400))
	s, _ := newStorage(t, directory, newTelemetry(t))
	_, err := s.GetClient(t.Context(), component.KindConnector, fanoutID, "")
	require.ErrorContains(t, err, "the state file "+path+" cannot be opened: permission denied; give it to the user that runs the collector")
	assert.Empty(t, corrupt(t, directory))
}

func TestTheMetricsAreThereFromTheStart(t *testing.T) {
	telemetry := newTelemetry(t)
	newStorage(t, t.TempDir(), telemetry)
	zero := []metricdata.DataPoint[int64]{{Value: 0}}
	metadatatest.AssertEqualStorageDamagedFiles(t, telemetry, zero, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualStorageDamagedItems(t, telemetry, zero, metricdatatest.IgnoreTimestamp())
	free, err := telemetry.GetMetric("otelcol_storage_free_bytes")
	require.NoError(t, err)
	assert.Positive(t, free.Data.(metricdata.Gauge[int64]).DataPoints[0].Value)
}

func TestWhatCannotBeIsNamed(t *testing.T) {
	conf, err := confmaptest.LoadConf("testdata/config.yaml")
	require.NoError(t, err)
	for key, want := range map[string]string{
		"state_storage":         "",
		"state_storage/missing": "directory must name the folder of the state files, such as /var/lib/otelcol-mina",
		"state_storage/timeout": "timeout must be positive (got -1s)",
	} {
		section, err := conf.Sub(key)
		require.NoError(t, err)
		cfg := createDefaultConfig().(*Config)
		require.NoError(t, section.Unmarshal(cfg))
		if err := cfg.Validate(); want == "" {
			assert.NoError(t, err)
		} else {
			assert.EqualError(t, err, want)
		}
	}
}

// stock returns a client of the stock file_storage, which moves damaged files aside
// as far as it can.
func stock(t *testing.T, directory string) (storage.Client, error) {
	t.Helper()
	factory := filestorage.NewFactory()
	cfg := factory.CreateDefaultConfig().(*filestorage.Config)
	cfg.Directory, cfg.Recreate = directory, true
	extension, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), cfg)
	require.NoError(t, err)
	return extension.(storage.Extension).GetClient(t.Context(), component.KindConnector, fanoutID, "")
}

func TestTheFilesOfTheStockStorageAreTakenOver(t *testing.T) {
	directory := t.TempDir()
	client, err := stock(t, directory)
	require.NoError(t, err)
	require.NoError(t, client.Set(t.Context(), "a", []byte("1")))
	require.NoError(t, client.Close(t.Context()))

	s, logged := newStorage(t, directory, newTelemetry(t))
	for range 2 {
		ours := open(t, s)
		value, err := ours.Get(t.Context(), "a")
		require.NoError(t, err)
		assert.Equal(t, "1", string(value))
		require.NoError(t, ours.Close(t.Context()))
	}
	assert.Zero(t, logged.Len())
}

func BenchmarkBatch(b *testing.B) {
	extension, err := NewFactory().Create(b.Context(), extensiontest.NewNopSettings(metadata.Type),
		&Config{Directory: b.TempDir(), CreateDirectory: true, Timeout: time.Second})
	require.NoError(b, err)
	client, err := extension.(storage.Extension).GetClient(b.Context(), component.KindConnector, fanoutID, "")
	require.NoError(b, err)
	for name, size := range map[string]int{"checkpoint": 300, "batch": 400_000} {
		value := make([]byte, size)
		b.Run("set a "+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, client.Set(b.Context(), name, value))
			}
		})
		b.Run("get a "+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := client.Get(b.Context(), name)
				require.NoError(b, err)
			}
		})
	}
	require.NoError(b, client.Close(b.Context()))
}
