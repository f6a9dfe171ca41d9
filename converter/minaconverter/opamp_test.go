package minaconverter

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOpAMPDoesNotReportTheConfigurationUnlessItIsToldTo(t *testing.T) {
	for conf, want := range map[string]bool{
		"{server: {ws: {endpoint: a}}}":                       false,
		"{capabilities: {reports_health: true}}":              false,
		"{capabilities: {reports_effective_config: true}}":    true,
		"{capabilities: {reports_effective_config: false}}":   false,
		"{capabilities: null, server: {http: {endpoint: a}}}": false,
	} {
		got, err := convert(t, "{extensions: {opamp/fleet: "+conf+", health_check: {endpoint: b}}, service: {extensions: [health_check]}}")
		require.NoError(t, err)
		assert.Equal(t, want, got.Get("extensions::opamp/fleet::capabilities::reports_effective_config"), conf)
		assert.Equal(t, []any{"health_check", "opamp/fleet"}, got.Get("service::extensions"), "it is started too")
		assert.Equal(t, "b", got.Get("extensions::health_check::http::endpoint"), "and the health check is translated")
	}
}
