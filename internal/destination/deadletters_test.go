package destination

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/mina-observability/otelcol-mina/internal/destination/internal/metadatatest"
)

func newDeadLetters(directory string) *DeadLetters {
	return NewDeadLetters(DeadLetterConfig{Directory: directory, MaxSizeMiB: 1}, component.MustNewIDWithName("otlp", "vendor"))
}

func mode(t *testing.T, path string) os.FileMode {
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}

func TestOnlyTheOwnerMayReadDeadLetters(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T, path string){
		"new": func(*testing.T, string) {},
		"existing": func(t *testing.T, path string) {
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
			require.NoError(t, os.WriteFile(path, nil, 0o600))
			require.NoError(t, os.Chmod(path, 0o644))
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDeadLetters(filepath.Join(t.TempDir(), "dead-letter"))
			prepare(t, d.Path())
			before := Buried()
			require.NoError(t, d.Start(componenttest.NewNopTelemetrySettings()))
			if name == "existing" {
				assert.Equal(t, os.FileMode(0o600), mode(t, d.Path()), "at the start already")
			}
			require.NoError(t, d.Write(records(3), Cause{Reason: "refused"}))
			assert.Equal(t, os.FileMode(0o600), mode(t, d.Path()))
			assert.Equal(t, os.FileMode(0o700), mode(t, filepath.Dir(d.Path())))
			assert.Equal(t, before+3, Buried())
		})
	}
}

func TestDeadLettersAreOnlyWrittenToAFileOfTheirOwn(t *testing.T) {
	for name, plant := range map[string]func(path, other string) error{
		"a link":            func(path, other string) error { return os.Symlink(other, path) },
		"a link to nothing": func(path, other string) error { return os.Symlink(other+"-new", path) },
		"a hard link":       func(path, other string) error { return os.Link(other, path) },
		"a pipe":            func(path, _ string) error { return syscall.Mkfifo(path, 0o600) },
		"a directory":       func(path, _ string) error { return os.Mkdir(path, 0o700) },
		"a device":          func(path, _ string) error { return os.Symlink(os.DevNull, path) },
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			other := filepath.Join(folder, "other")
			require.NoError(t, os.WriteFile(other, []byte("theirs"), 0o600))
			d := newDeadLetters(filepath.Join(folder, "dead-letter"))
			require.NoError(t, os.Mkdir(filepath.Dir(d.Path()), 0o700))
			require.NoError(t, plant(d.Path(), other))
			before := Buried()
			require.ErrorContains(t, d.Start(componenttest.NewNopTelemetrySettings()), "dead_letter::directory")
			require.Error(t, d.Write(records(1), Cause{Reason: "refused"}))
			text, err := os.ReadFile(other)
			require.NoError(t, err)
			assert.Equal(t, "theirs", string(text))
			assert.NoFileExists(t, other+"-new")
			assert.Equal(t, before, Buried())
		})
	}
}

func TestDirectoryThatIsALinkOfAnotherUserIsRefused(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a link away")
	}
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target"), filepath.Join(folder, "dead-letter")
	require.NoError(t, os.Mkdir(target, 0o700))
	require.NoError(t, os.Symlink(target, link))
	d := newDeadLetters(link)
	require.NoError(t, d.Write(records(1), Cause{Reason: "refused"}), "the operator's own link")
	require.NoError(t, os.Lchown(link, 12345, 12345))
	require.ErrorContains(t, d.Write(records(1), Cause{Reason: "refused"}), "is a link that another user has made")
}

func TestDirectoryThatCannotBeMadeIsAnErrorAtTheStart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, directory := range []string{file, filepath.Join(file, "below"), "/proc/dead-letter"} {
		err := newDeadLetters(directory).Start(componenttest.NewNopTelemetrySettings())
		require.ErrorContains(t, err, `dead_letter::directory "`+directory+`" cannot be used`)
		assert.ErrorContains(t, err, "MINA_STATE_DIR")
	}
}

func TestLengthOfTheDeadLettersIsShown(t *testing.T) {
	_, telemetry, _ := settings(t)
	d := newDeadLetters(filepath.Join(t.TempDir(), "dead-letter"))
	require.NoError(t, d.Start(telemetry.NewTelemetrySettings()))
	defer d.Shutdown()
	file := attribute.NewSet(attribute.String("file", "otlp_vendor.jsonl"))
	is := func(want int64) {
		t.Helper()
		metadatatest.AssertEqualDeadLetterBytes(t, telemetry, []metricdata.DataPoint[int64]{{Attributes: file, Value: want}}, metricdatatest.IgnoreTimestamp())
	}
	is(0)
	require.NoError(t, d.Write(records(1), Cause{Reason: "refused"}))
	info, err := os.Stat(d.Path())
	require.NoError(t, err)
	is(info.Size())
	require.NoError(t, os.RemoveAll(filepath.Dir(d.Path())))
	is(0)
	metadatatest.AssertEqualDeadLetterCapacityBytes(t, telemetry, []metricdata.DataPoint[int64]{{Attributes: file, Value: 1 << 20}}, metricdatatest.IgnoreTimestamp())
}
