package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/mina-observability/otelcol-mina/extension/statestorageextension"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// checkpointState is what a collector has left of two files.
type checkpointState struct {
	// file is the file of the checkpoints, which are by the keys of the files' paths.
	file string
	keys map[string]string
	// first and second are the paths of the files.
	first, second string
}

// change opens the state of a collector that has ended.
func (s checkpointState) change(t *testing.T, operations ...*storage.Operation) {
	t.Helper()
	factory := statestorageextension.NewFactory()
	cfg := factory.CreateDefaultConfig().(*statestorageextension.Config)
	cfg.Directory = filepath.Dir(s.file)
	extension, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), cfg)
	require.NoError(t, err)
	client, err := extension.(storage.Extension).GetClient(t.Context(), component.KindReceiver, component.MustNewID("mina"), "")
	require.NoError(t, err)
	require.NoError(t, client.Batch(t.Context(), operations...))
	require.NoError(t, client.Close(t.Context()))
}

// set gives an item of the state another value.
func (s checkpointState) set(t *testing.T, key, value string) {
	t.Helper()
	s.change(t, storage.SetOperation(key, []byte(value)))
}

// load finds the keys of the files' checkpoints.
func (s *checkpointState) load(t *testing.T) {
	t.Helper()
	index := storage.GetOperation("files")
	s.change(t, index)
	var numbers []json.Number
	require.NoError(t, json.Unmarshal(index.Value, &numbers))
	for _, number := range numbers {
		value := storage.GetOperation("file." + number.String())
		s.change(t, value)
		var saved struct{ Path string }
		require.NoError(t, json.Unmarshal(value.Value, &saved))
		s.keys[saved.Path] = value.Key
	}
}

// TestCheckpointsThatCannotBeReadGoAlone damages what is kept of the first of two
// files, or the list of them. Nothing is lost, and the log says what is read again.
func TestCheckpointsThatCannotBeReadGoAlone(t *testing.T) {
	for name, tt := range map[string]struct {
		damage func(t *testing.T, s checkpointState)
		// said is what the line of the log has, beside what follows.
		said func(s checkpointState) string
		// both says that both of the files are read again.
		both bool
	}{
		"cut": {
			damage: func(t *testing.T, s checkpointState) {
				s.set(t, s.keys[s.first], `{"path":"`+s.first+`","device":1,"ino`)
			},
			said: func(s checkpointState) string { return s.first },
		},
		"of another kind": {
			damage: func(t *testing.T, s checkpointState) { s.set(t, s.keys[s.first], `[1, 2]`) },
			said:   func(s checkpointState) string { return strings.TrimPrefix(s.keys[s.first], "file.") },
		},
		"of a newer format": {
			damage: func(t *testing.T, s checkpointState) {
				s.set(t, s.keys[s.first], `{"version":2,"path":"`+s.first+`","id":"1:2","position":{"byte":100}}`)
			},
			said: func(s checkpointState) string { return s.first },
		},
		"a place that cannot be": {
			damage: func(t *testing.T, s checkpointState) {
				s.set(t, s.keys[s.first], `{"path":"`+s.first+`","device":1,"inode":2,"start":{"size":-3,"sum":1},"offset":-5}`)
			},
			said: func(s checkpointState) string { return s.first },
		},
		"missing": {
			damage: func(t *testing.T, s checkpointState) { s.change(t, storage.DeleteOperation(s.keys[s.first])) },
			said:   func(s checkpointState) string { return strings.TrimPrefix(s.keys[s.first], "file.") },
		},
		"damaged on the disk": {
			damage: func(t *testing.T, s checkpointState) { replaceIn(t, s.file, s.first, strings.ToUpper(s.first)) },
			said:   func(s checkpointState) string { return s.file },
		},
		"a list that cannot be read": {
			damage: func(t *testing.T, s checkpointState) { s.set(t, "files", `[1,`) },
			said:   func(checkpointState) string { return "list" },
			both:   true,
		},
		"a list of a newer format": {
			damage: func(t *testing.T, s checkpointState) { s.set(t, "files", `{"version":2,"files":[1,2]}`) },
			said:   func(checkpointState) string { return "list" },
			both:   true,
		},
		"a list that is damaged on the disk": {
			damage: func(t *testing.T, s checkpointState) { replaceIn(t, s.file, "[1,2]", "[1,3]") },
			said:   func(s checkpointState) string { return s.file },
			both:   true,
		},
	} {
		for _, delivery := range deliveries {
			t.Run(name+" "+delivery, func(t *testing.T) {
				t.Parallel()
				e, dir, state := newEndpoint(t), t.TempDir(), t.TempDir()
				s := checkpointState{
					file: filepath.Join(state, "receiver_mina_"), keys: map[string]string{},
					first: filepath.Join(dir, "first.log"), second: filepath.Join(dir, "second.log"),
				}
				const each = 200
				appendTo(t, s.first, numbered(0, each))
				appendTo(t, s.second, numbered(each, 2*each))
				settings := program.OTLP(state, dir+"/*.log", e.URL, delivery)
				c := startCollector(t, settings)
				eventually(t, func() bool { return len(e.records()) == 2*each }, "both files")
				c.Stop()

				s.load(t)
				require.Len(t, s.keys, 2)
				tt.damage(t, s)
				appendTo(t, s.first, numbered(2*each, 2*each+10))
				appendTo(t, s.second, numbered(2*each+10, 2*each+20))
				again := each
				if tt.both {
					again = 2 * each
				}
				c = startCollector(t, settings)
				eventually(t, func() bool { return len(e.bodies()) == 2*each+20 && len(e.records()) >= 2*each+20+again }, "what is new")
				c.Stop()
				assert.Len(t, e.records(), 2*each+20+again)
				e.requireNumbered(t, 2*each+20, 2)
				lines := said(c, "read again", tt.said(s))
				require.Len(t, lines, 1)

				// It is as whole as before.
				c = startCollector(t, settings)
				appendTo(t, s.second, numbered(2*each+20, 2*each+21))
				eventually(t, func() bool { return len(e.bodies()) == 2*each+21 }, "one more")
				c.Stop()
				assert.Len(t, e.records(), 2*each+21+again)
				assert.Empty(t, said(c, "read again"))
			})
		}
	}
}

// TestAnUnreadableListIsNoFirstStart: what was written meanwhile is not passed over,
// although the files that are there at the first start are to be.
func TestAnUnreadableListIsNoFirstStart(t *testing.T) {
	e, state, path := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
	settings := program.OTLP(state, path, e.URL, "acknowledged")
	settings.Overrides = []string{"receivers::mina::file::start_at: end"}
	appendTo(t, path, numbered(0, 10))
	c := startCollector(t, settings)
	eventually(t, func() bool {
		appendTo(t, path, numbered(10, 11)) // until the first look is over
		return len(e.records()) > 0
	}, "what is new")
	c.Stop()
	before := len(e.records())
	checkpointState{file: filepath.Join(state, "receiver_mina_")}.set(t, "files", `{}`)
	appendTo(t, path, numbered(11, 12))
	c = startCollector(t, settings)
	eventually(t, func() bool { return e.bodies()["record 11"] == 1 }, "what was written while it was down")
	c.Stop()
	assert.Equal(t, 1, e.bodies()["record 0"])
	assert.Greater(t, len(e.records()), before)
}

// replaceIn changes a text of a file, wherever it has it.
func replaceIn(t *testing.T, path, old, with string) {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(content), old)
	require.NoError(t, os.WriteFile(path, bytes.ReplaceAll(content, []byte(old), []byte(with)), 0o600))
}

// said returns the lines of a collector's log that have all of the texts.
func said(c *program.Collector, texts ...string) (lines []string) {
	for line := range strings.Lines(c.Output()) {
		has := true
		for _, text := range texts {
			has = has && strings.Contains(line, text)
		}
		if has {
			lines = append(lines, line)
		}
	}
	return lines
}
