package destination

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
)

// bodiesIn returns the bodies of the letters in all files of a directory.
func bodiesIn(t *testing.T, directory string) (bodies []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(directory, "*.jsonl*"))
	require.NoError(t, err)
	for _, path := range found {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, letter := range lettersIn(t, string(text)) {
			bodies = append(bodies, recordOf(letter).Body().Str())
		}
	}
	return bodies
}

// one returns a record with a body.
func one(body string) plog.Logs {
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr(body)
	return logs
}

func TestAFullFileIsRotatedAndRecordsWaitWhenAllAreFull(t *testing.T) {
	d := newDeadLetters(t.TempDir())
	var want []string
	for {
		body := strings.Repeat("a letter of 50 KB ", len(want)%2*1400+1400)
		err := d.Write(one(body), Cause{Reason: "refused"})
		if err != nil {
			require.ErrorIs(t, err, errFull)
			break
		}
		want = append(want, body)
	}
	found, err := os.ReadDir(d.file.directory)
	require.NoError(t, err)
	total := int64(0)
	for _, entry := range found {
		info, err := entry.Info()
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode())
		assert.Regexp(t, `^otlp_vendor(\.\d{8}T\d{6}\.\d{3}Z)?\.jsonl$`, entry.Name())
		total += info.Size()
	}
	assert.Greater(t, len(found), 8)
	assert.LessOrEqual(t, total, int64(1<<20))
	assert.Greater(t, total, int64(900<<10), "all of the room is used")
	assert.ElementsMatch(t, want, bodiesIn(t, d.file.directory))

	for _, entry := range found {
		require.NoError(t, os.Remove(filepath.Join(d.file.directory, entry.Name())))
	}
	require.NoError(t, d.Write(one("more"), Cause{Reason: "refused"}), "there is room again")
}

func TestFilesOfOthersTakeNoRoom(t *testing.T) {
	d := newDeadLetters(t.TempDir())
	for _, name := range []string{"otlp_vendor_2.jsonl", "otlp_vendor.more.jsonl", "otlp_vendor.resending.jsonl", "otlp_vendo.jsonl"} {
		require.NoError(t, os.WriteFile(filepath.Join(d.file.directory, name), make([]byte, 1<<20), 0o600))
	}
	require.NoError(t, d.Write(one("a"), Cause{Reason: "refused"}))
}

func TestALineThatHasNoEndIsNotGoneOnWith(t *testing.T) {
	whole := `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"old"}}]}]}]}`
	half := whole[:len(whole)-9] + strings.Repeat(" ", 9<<10)
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"half a letter":                  {whole + "\n" + half, []string{"old", "new"}},
		"nothing but half a letter":      {half, []string{"new"}},
		"a letter that has lost its end": {whole + "\n" + whole, []string{"old", "old", "new"}},
		"an empty file":                  {"", []string{"new"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDeadLetters(t.TempDir())
			require.NoError(t, os.WriteFile(d.Path(), []byte(test.text), 0o600))
			require.NoError(t, d.Write(one("new"), Cause{Reason: "refused"}))
			assert.Equal(t, test.want, bodiesIn(t, d.file.directory))
		})
	}
	t.Run("what is no letter stays", func(t *testing.T) {
		d := newDeadLetters(t.TempDir())
		require.NoError(t, os.WriteFile(d.Path(), []byte("a note"), 0o600))
		require.NoError(t, d.Write(one("new"), Cause{Reason: "refused"}))
		text, err := os.ReadFile(d.Path())
		require.NoError(t, err)
		note, _, _ := strings.Cut(string(text), "\n")
		assert.Equal(t, "a note", note)
	})
}

// TestWritersAndAPersonShareAFile lets several collectors write to the file of one
// exporter, which is rotated, while somebody moves it away again and again.
func TestWritersAndAPersonShareAFile(t *testing.T) {
	directory, moved := t.TempDir(), t.TempDir()
	var writers sync.WaitGroup
	var want []string
	for writer := range 3 {
		d := newDeadLetters(directory)
		d.limit = 64 << 20
		for i := range 40 {
			want = append(want, strings.Repeat("a", writer)+" "+strings.Repeat("b", i))
		}
		writers.Go(func() {
			for i := range 40 {
				assert.NoError(t, d.Write(one(strings.Repeat("a", writer)+" "+strings.Repeat("b", i)), Cause{Reason: "refused"}))
			}
		})
	}
	small := &DeadLetters{exporter: "otlp/vendor", file: letterFile{directory: directory, name: "otlp_vendor"}, limit: 1 << 20}
	ended, person := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(person)
		for i := 0; ; i++ {
			select {
			case <-ended:
				return
			case <-time.After(time.Millisecond):
				_ = os.Rename(small.Path(), filepath.Join(moved, strings.Repeat("m", i%200+1)+time.Now().Format(fullSince)+".jsonl"))
			}
		}
	}()
	writers.Wait()
	close(ended)
	<-person
	got := map[string]bool{}
	for _, body := range append(bodiesIn(t, directory), bodiesIn(t, moved)...) {
		got[body] = true
	}
	for _, body := range want {
		assert.True(t, got[body], "%q is in some file", body)
	}
}

func TestExportersThatShareANameShareAFile(t *testing.T) {
	directory := t.TempDir()
	var writers sync.WaitGroup
	for _, id := range []string{"a/b", "a_b"} {
		d := NewDeadLetters(DeadLetterConfig{Directory: directory, MaxSizeMiB: 1}, component.MustNewIDWithName("otlp", id))
		writers.Go(func() {
			for range 50 {
				assert.NoError(t, d.Write(one(id), Cause{Reason: "refused"}))
			}
		})
	}
	writers.Wait()
	assert.Len(t, bodiesIn(t, directory), 100)
}
