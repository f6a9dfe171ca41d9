package evaluation

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/corpus"
)

func TestLeaks(t *testing.T) {
	const key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\nAASCBKcwggSj\n"
	for delivered, want := range map[string]bool{
		"password=hunter2": true, "password=[REDACTED:sensitive_key]": false, "": false,
	} {
		assert.Equal(t, want, Leaks(delivered, "hunter2"), delivered)
	}
	assert.True(t, Leaks("a MIIEvQIBADANBgkqhkiG9w0BAQEF b", key), "one line of several")
	assert.False(t, Leaks("a -----BEGIN PRIVATE KEY----- b", key), "the first line says nothing")
}

func TestAProcessorThatDoesNothing(t *testing.T) {
	nothing := func(logs plog.Logs) (plog.Logs, error) { return logs, nil }
	lines := []corpus.Labelled{{Rule: "a", Secret: "hunter2", Line: `{"message": "is hunter2"}`}, {Rule: "b", Secret: "absent", Line: `{"message": "x"}`}}
	found, missed, err := Recall(nothing, lines)
	require.NoError(t, err)
	assert.Equal(t, map[string]Found{"a": {Of: 1}, "b": {Of: 1, Gone: 1}}, found)
	assert.Equal(t, lines[:1], missed)
	changed, err := Changed(nothing, []string{lines[0].Line})
	require.NoError(t, err)
	assert.Empty(t, changed)
	changed, err = Changed(func(logs plog.Logs) (plog.Logs, error) {
		logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().SetStr("y")
		return logs, nil
	}, []string{lines[0].Line})
	require.NoError(t, err)
	assert.Contains(t, changed[lines[0].Line], `"stringValue":"y"`)
	assert.InDelta(t, 500_000, PerMillion(1, 2), 0)
}
