package try

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/otelcol"
)

// fake returns a collector that is a script.
func fake(t *testing.T, script string) *otelcol.Collector {
	t.Helper()
	path := filepath.Join(t.TempDir(), "otelcol-mina")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700))
	return &otelcol.Collector{Path: path, Env: os.Environ()}
}

func TestACollectorThatFailsIsNotWaitedFor(t *testing.T) {
	endless, writer := io.Pipe()
	t.Cleanup(func() { _ = writer.Close() })
	written := make(chan struct{})
	go func() {
		defer close(written)
		_, _ = writer.Write([]byte("a line\n"))
	}()
	in, err := open(t.Context(), "-", endless, 0)
	require.NoError(t, err)
	<-written
	_, err = (&plan{report: ownReport}).run(t.Context(), fake(t, `echo "Error: no memory" >&2; exit 1`), in)
	require.EqualError(t, err, "the collector has not done it: no memory (exit status 1)")
}

func TestWhatTheCollectorWritesIsPaired(t *testing.T) {
	const record = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"observedTimeUnixNano":"1","body":{"stringValue":"%s"},"attributes":[{"key":"log.record.uid","value":{"stringValue":"000000000000ff"}},{"key":"log.record.original","value":{"stringValue":"a line"}}]}]}]}]}`
	file := filepath.Join(t.TempDir(), "app.log")
	require.NoError(t, os.WriteFile(file, []byte("a line\n"), 0o600))
	in, err := open(t.Context(), file, nil, 0)
	require.NoError(t, err)
	o, err := (&plan{report: ownReport}).run(t.Context(), fake(t, `cat >/dev/null
printf '`+record+`\n' before >&3
printf '`+record+`\n' after >&4
echo '{"ScopeMetrics":[{"Metrics":[{"Name":"otelcol_receiver_mina_lines","Data":{"DataPoints":[{"Attributes":[{"Key":"format","Value":{"Type":"STRING","Value":"text"}}],"Value":1},{"Attributes":[{"Key":"format","Value":{"Type":"STRING","Value":"json"}}],"Value":0}]}}]}]}'
`), in)
	require.NoError(t, err)
	require.Len(t, o.attempts, 1)
	assert.Equal(t, "a line", o.attempts[0].decoded.original)
	assert.Equal(t, []change{{changed, "body", "body", "before", "after"}}, changes(o.attempts[0].decoded.fields, o.attempts[0].processed.fields))
	assert.Equal(t, map[string]float64{"text": 1}, o.counts.Lines)
}
