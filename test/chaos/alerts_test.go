package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// TestEachAlertFiresOnceWhateverIsKilled is the short form of make chaos.
func TestEachAlertFiresOnceWhateverIsKilled(t *testing.T) {
	t.Parallel()
	_, err := program.Binary()
	require.NoError(t, err)
	const kills, alerts = 10, 4
	records, posts, err := runAlerts(t.Context(), kills)
	require.NoError(t, err)
	assert.Equal(t, verdict{once: kills * alerts}, records, "at the destination")
	assert.Equal(t, verdict{once: kills * alerts}, posts, "at Alertmanager")
}
