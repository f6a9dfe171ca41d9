package server

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/kubernetes"
)

// operators are the kinds of the Prometheus Operator, without what it knows of their fields,
// which test/kubernetes knows.
const operators = `
for kind in PodMonitor PrometheusRule; do
  name=$(echo $kind | tr A-Z a-z)
  kubectl apply --filename - <<END
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${name}s.monitoring.coreos.com}
spec:
  group: monitoring.coreos.com
  names: {kind: $kind, plural: ${name}s, singular: $name, listKind: ${kind}List}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
END
  kubectl wait --for condition=established customresourcedefinition/${name}s.monitoring.coreos.com
done`

// TestMonitoringIsInstalled installs what Prometheus and Grafana read, and takes it away.
func TestMonitoringIsInstalled(t *testing.T) {
	folder := t.TempDir()
	run := func(script string) string {
		t.Helper()
		out, err := cluster.Run(folder, script)
		require.NoError(t, err)
		return out
	}
	run(operators)
	run("helm install mina " + kubernetes.Chart() + " --namespace monitored --create-namespace --set existingSecret=datadog " +
		"--set monitoring.podMonitor=true --set monitoring.rules=true --set monitoring.dashboards=true")
	const all = "kubectl --namespace monitored get podmonitors,prometheusrules,configmaps --selector app.kubernetes.io/instance=mina --output name"
	assert.Equal(t, []string{
		"podmonitor.monitoring.coreos.com/mina-otelcol-mina", "prometheusrule.monitoring.coreos.com/mina-otelcol-mina",
		"configmap/mina-otelcol-mina", "configmap/mina-otelcol-mina-dashboards",
	}, strings.Fields(run(all)))
	run("helm uninstall mina --namespace monitored")
	assert.Empty(t, strings.Fields(run(all)))
}
