package kubernetes

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// TestVariablesAreWrittenAsGiven holds that a number in a file of values, which helm reads
// as one with a fraction, is the text that the user has written.
func TestVariablesAreWrittenAsGiven(t *testing.T) {
	given := Values{}
	require.NoError(t, yaml.UnmarshalStrict([]byte(`
env: {WHOLE: 1073741824, SMALL: 7, FRACTION: 0.25, TRUTH: true, TEXT: "007"}
secretEnv: {WHOLE_SECRET: 1073741824}
memoryMiB: 1200000
config: {connectors: {fanout: {queue_bytes: 1073741824}}}
`), &given))
	installation := rendered(t, given)
	variables := map[string]string{}
	for _, variable := range installation.Workload().Template.Spec.Containers[0].Env {
		variables[variable.Name] = variable.Value
	}
	for name, want := range map[string]string{
		"WHOLE": "1073741824", "SMALL": "7", "FRACTION": "0.25", "TRUTH": "true", "TEXT": "007", "MINA_MEMORY_MIB": "1200000",
	} {
		assert.Equal(t, want, variables[name], name)
	}
	assert.Contains(t, installation.ConfigMap()["config.yaml"], "queue_bytes: 1073741824\n")
	for _, object := range installation.Objects {
		if secret, ok := object.(*corev1.Secret); ok {
			assert.Equal(t, "1073741824", secret.StringData["WHOLE_SECRET"])
		}
	}
}

// TestVariablesAreThereOnce holds that what the user sets takes the place of what the chart
// would: of two of one name, Kubernetes warns.
func TestVariablesAreThereOnce(t *testing.T) {
	for name, given := range examples(t) {
		t.Run(name, func(t *testing.T) {
			for range 2 {
				env := Values{}
				for _, variable := range rendered(t, given).Workload().Template.Spec.Containers[0].Env {
					assert.NotContains(t, env, variable.Name)
					env[variable.Name] = "set by the user"
				}
				given["env"] = env
			}
			for _, variable := range rendered(t, given).Workload().Template.Spec.Containers[0].Env {
				assert.Equal(t, "set by the user", variable.Value, variable.Name)
			}
		})
	}
}
