package minareceiver

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
)

// uids returns the log.record.uid of every record that has one, by its body.
func (s *sink) uids() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]string{}
	for _, logs := range s.logs {
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, record := range sl.LogRecords().All() {
					if uid, ok := record.Attributes().Get("log.record.uid"); ok {
						all[record.Body().AsString()] = uid.Str()
					}
				}
			}
		}
	}
	return all
}

func TestRecordsOfFilesHaveIdentitiesIfThatIsAskedFor(t *testing.T) {
	for _, wanted := range []bool{false, true} {
		dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
		path := filepath.Join(dir, "app.log")
		appendTo(t, path, lines(0, 10))
		cfg := fileConfig(dir)
		cfg.IncludeRecordUID = wanted
		r := startReceiver(t, cfg, next, m)
		eventually(t, has(next, 10), "read")
		kill := m.Snapshot()
		stopReceiver(t, r)
		if !wanted {
			assert.Empty(t, next.uids())
			continue
		}
		require.Len(t, next.uids(), 10)

		appendTo(t, path, lines(10, 20))
		behind := &sink{}
		r = startReceiver(t, cfg, behind, kill)
		eventually(t, has(behind, 10), "read on")
		stopReceiver(t, r)
		for body, uid := range behind.uids() {
			assert.Equal(t, next.uids()["000000"][12:], uid[12:], "what tells the file, for %s", body)
		}
	}
}

func TestRecordsOfStdinHaveIdentities(t *testing.T) {
	next := &sink{}
	reader, writer := io.Pipe()
	cfg := createDefaultConfig().(*Config)
	cfg.IncludeRecordUID = true
	cfg.Stdin.GetOrInsertDefault()
	r, err := newReceiver(nopSettings(), cfg, next)
	require.NoError(t, err)
	r.inputs[0].(*stdinInput).input = reader
	require.NoError(t, r.Start(t.Context(), newHost(nil)))
	_, err = io.WriteString(writer, lines(0, 10))
	require.NoError(t, err)
	eventually(t, has(next, 10), "read")
	assert.Error(t, r.Shutdown(t.Context()))
	assert.Len(t, next.uids(), 10)
	assert.True(t, strings.HasPrefix(next.uids()["000000"], "000000000000"))
}

// What a client sends again is another request, and nothing tells it from what another
// client sends.
func TestRecordsOverHTTPHaveNone(t *testing.T) {
	next := &sink{}
	cfg, url := httpConfig(t)
	cfg.IncludeRecordUID = true
	r := startReceiver(t, cfg, next, nil)
	response, _ := post(t, url+"/v1/mina", "application/json", "", []byte(`[{"message":"a"},{"message":"b","log.record.uid":"its own"}]`))
	stopReceiver(t, r)
	require.Equal(t, 202, response.StatusCode)
	assert.Equal(t, map[string]string{"b": "its own"}, next.uids())
}
