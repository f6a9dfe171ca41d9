package statusextension

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

func TestOnlyThisHostMayAsk(t *testing.T) {
	for endpoint, want := range map[string]string{
		"localhost:13134": "",
		"127.0.0.2:1":     "",
		"[::1]:13134":     "",
		"localhost":       `endpoint must be a host and a port, such as localhost:13134 (got "localhost")`,
		"0.0.0.0:13134":   `endpoint "0.0.0.0:13134" would tell everybody who can reach it where the collector's files are: it must be on localhost`,
		":13134":          `endpoint ":13134" would tell everybody who can reach it where the collector's files are: it must be on localhost`,
		"mina.example:1":  `endpoint "mina.example:1" would tell everybody who can reach it where the collector's files are: it must be on localhost`,
	} {
		err := (&Config{Endpoint: endpoint}).Validate()
		if want == "" {
			assert.NoError(t, err, endpoint)
		} else {
			assert.EqualError(t, err, want)
		}
	}
}

func TestAMistypedKeyIsNamed(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	err := confmap.NewFromStringMap(map[string]any{"endpont": "localhost:1"}).Unmarshal(cfg)
	require.ErrorContains(t, err, "endpoint")
}
