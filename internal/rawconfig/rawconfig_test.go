package rawconfig

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func TestAConfigurationIsRead(t *testing.T) {
	const text = `
receivers: {mina: {file: {include: [/var/log/a.log, 7]}, http: null}, otlp/own: }
service: {telemetry: {metrics: {level: none, readers: [{pull: {}}, text]}}}
`
	var ours Config
	var theirs map[string]any // as confmap has it
	require.NoError(t, yaml.Unmarshal([]byte(text), &ours))
	require.NoError(t, yaml.Unmarshal([]byte(text), &theirs))
	for _, c := range []Config{ours, theirs} {
		assert.Equal(t, []string{"receivers", "service"}, c.Keys())
		assert.Equal(t, []string{"mina", "otlp/own"}, c.Section("receivers").Keys())
		assert.Equal(t, []string{"/var/log/a.log", "7"}, c.Section("receivers", "mina", "file").Texts("include"))
		assert.Equal(t, []string{}, c.Section("receivers", "mina", "http").Texts("include"))
		assert.Empty(t, c.Section("receivers", "otlp/own", "nothing", "below"))
		metrics := c.Section("service", "telemetry", "metrics")
		assert.Equal(t, "none", metrics.Text("level"))
		assert.Empty(t, metrics.Text("readers"))
		assert.Len(t, metrics.List("readers"), 2)
		assert.Contains(t, metrics.List("readers")[0], "pull")
		assert.Nil(t, metrics.List("readers")[1])
	}
	assert.Equal(t, "otlp", Kind("otlp/own"))
	assert.Equal(t, "otlp", Kind("otlp"))
	assert.Equal(t, "otlp", Kind("otlp / own"))
}
