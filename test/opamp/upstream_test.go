package opamp

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestUpstreamStillSendsSecretsInTheConfiguration is why it is not reported: secrets are
// left out by their type, and the password for Kafka is of none.
func TestUpstreamStillSendsSecretsInTheConfiguration(t *testing.T) {
	t.Parallel()
	f, v := startFleet(t), startVendor(t)
	c, _ := start(t, v, f.url, "extensions::opamp::capabilities::reports_effective_config: true",
		`exporters::kafka/unused::auth::sasl: {mechanism: PLAIN, username: mina, password: `+token+`}`)
	eventually(t, f.sees(func() bool { return f.configuration != nil }), "the configuration has come")
	c.Stop()
	configuration := string(f.configuration.GetConfigMap().GetConfigMap()[""].GetBody())
	assert.Contains(t, configuration, "kafka/unused")
	assert.Contains(t, configuration, token, "it is sent without secrets: config/opamp.yaml and the converter need not turn it off")
}
