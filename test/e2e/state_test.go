package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// stateFiles returns the files of a state directory that a collector has left.
func stateFiles(t *testing.T, state string) (files []string) {
	t.Helper()
	entries, err := os.ReadDir(state)
	require.NoError(t, err)
	for _, entry := range entries {
		if entry.Type().IsRegular() && !strings.Contains(entry.Name(), ".corrupt-") {
			files = append(files, filepath.Join(state, entry.Name()))
		}
	}
	require.NotEmpty(t, files)
	return files
}

func TestADamagedStateFileIsMovedAsideAndAllIsDelivered(t *testing.T) {
	t.Parallel()
	damages := map[string]func(content []byte) []byte{
		"empty":              func([]byte) []byte { return nil },
		"garbage":            func([]byte) []byte { return bytes.Repeat([]byte("garbage "), 5000) },
		"cut":                func(content []byte) []byte { return content[:10000] },
		"pages overwritten":  func(content []byte) []byte { clear(content[8192:]); return content },
		"both metas damaged": func(content []byte) []byte { clear(content[:8192]); return content },
	}
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			e, state, path := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
			const each = 500
			count := each
			appendTo(t, path, numbered(0, each))
			c := startCollector(t, program.OTLP(state, path, e.URL, delivery))
			eventually(t, func() bool { return len(e.bodies()) == count }, "the first records")
			c.Stop()
			for name, damage := range damages {
				files := stateFiles(t, state)
				for _, file := range files {
					content, err := os.ReadFile(file)
					require.NoError(t, err)
					require.NoError(t, os.WriteFile(file, damage(content), 0o600))
				}
				appendTo(t, path, numbered(count, count+each))
				count += each
				c := startCollector(t, program.OTLP(state, path, e.URL, delivery))
				eventually(t, func() bool { return len(e.bodies()) == count }, "the records after the damage: %s", name)
				c.Stop()
				for _, file := range files {
					aside, err := filepath.Glob(file + ".corrupt-*")
					require.NoError(t, err)
					require.Len(t, aside, 1, "%s: %s", name, file)
					assert.Contains(t, c.Output(), aside[0])
					require.NoError(t, os.Remove(aside[0]))
				}
			}
		})
	}
}

func TestASecondCollectorIsToldWhoHoldsTheState(t *testing.T) {
	e, state, path := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
	startCollector(t, program.OTLP(state, path, e.URL, "acknowledged"))
	second, err := program.StartCollector(program.OTLP(state, path, e.URL, "acknowledged"))
	require.NoError(t, err)
	endWith(t, second.Process)
	eventually(t, func() bool { return ended(second.Process) }, "the second collector ends")
	assert.NotZero(t, second.ExitCode())
	assert.Contains(t, second.Output(), "is in use by another collector (process ")
	assert.Contains(t, second.Output(), "MINA_STATE_DIR")
}

func ended(p *program.Process) bool {
	select {
	case <-p.Ended:
		return true
	default:
		return false
	}
}

func TestAStateDirectoryThatCannotBeUsedIsNamed(t *testing.T) {
	e, path := newEndpoint(t), filepath.Join(t.TempDir(), "app.log")
	state := filepath.Join(path, "below")
	appendTo(t, path, numbered(0, 1))
	c, err := program.StartCollector(program.OTLP(state, path, e.URL, "acknowledged"))
	require.NoError(t, err)
	endWith(t, c.Process)
	eventually(t, func() bool { return ended(c.Process) }, "the collector ends")
	assert.NotZero(t, c.ExitCode())
	assert.Contains(t, c.Output(), `directory "`+state+`": not a directory; make it`)
	assert.Contains(t, c.Output(), "MINA_STATE_DIR")
	assert.NotContains(t, c.Output(), "goroutine ")
}
