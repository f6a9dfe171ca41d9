package kubernetes

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTextsAreTexts installs what has names that YAML reads as something else where they are
// not in quotes. Decoding holds every field to its type.
func TestTextsAreTexts(t *testing.T) {
	const odd = `/srv/a: b, {c} #1 "d"`
	names := Values{
		"env":               Values{"Y": "1", "NULL": odd},
		"secretEnv":         Values{"N": "1", "MINE": odd},
		"existingSecret":    "1e3",
		"priorityClassName": "007", "serviceAccountName": "true", "fullnameOverride": "0x1f", "nameOverride": "1e3",
		"environment": "no", "clusterName": "1.0", "serviceName": "null",
		"monitoring": Values{"podMonitor": true, "rules": true, "dashboards": true}, "networkPolicy": Values{"enabled": true},
	}
	for name, mode := range map[string]Values{
		"agent":   {"mode": "agent", "logs": Values{"path": odd, "extraPaths": []any{odd}}, "state": Values{"hostPath": odd}},
		"intake":  {"mode": "intake", "state": Values{"storageClass": "0", "size": "10"}},
		"gateway": {"mode": "gateway", "state": Values{"persistent": false, "size": "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			given := maps.Clone(names)
			maps.Copy(given, mode)
			installation, err := renderAs(Chart(), "123", "2024", given)
			require.NoError(t, err)
			workload := installation.Workload()
			assert.Equal(t, "123", workload.Template.Labels["app.kubernetes.io/instance"])
			container := workload.Template.Spec.Containers[0]
			assert.Equal(t, "0x1f", container.EnvFrom[0].SecretRef.Name)
			assert.Equal(t, "1e3", container.EnvFrom[1].SecretRef.Name)
			if name == "agent" {
				assert.Equal(t, odd, container.VolumeMounts[2].MountPath)
				assert.Equal(t, odd, container.VolumeMounts[3].MountPath)
			}
		})
	}
}
