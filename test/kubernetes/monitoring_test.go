package kubernetes

import (
	"os"
	"path/filepath"
	"testing"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// TestMonitoring holds that Prometheus and Grafana get what docs/monitoring has, and that
// the ports which are read are the pods'.
func TestMonitoring(t *testing.T) {
	folder := filepath.Join(program.Root(), "docs", "monitoring")
	installation := rendered(t, Values{
		"env": Values{"OTLP_ENDPOINT": "http://backend:4318"}, "destinations": []any{"auto", "metrics"},
		"monitoring": Values{"podMonitor": true, "rules": true, "dashboards": true, "labels": Values{"release": "prometheus"}},
	})
	workload := installation.Workload()
	seen := map[string]bool{}
	for _, object := range installation.Objects {
		switch o := object.(type) {
		case *monitoringv1.PodMonitor:
			seen["PodMonitor"] = true
			assert.Equal(t, "prometheus", o.Labels["release"])
			assertSelects(t, &o.Spec.Selector, workload)
			assert.Equal(t, "otelcol-mina", workload.Template.Labels[o.Spec.JobLabel], "the job that the rules name")
			ports := map[string]bool{}
			for _, port := range workload.Template.Spec.Containers[0].Ports {
				ports[port.Name] = true
			}
			require.Len(t, o.Spec.PodMetricsEndpoints, 2)
			for _, endpoint := range o.Spec.PodMetricsEndpoints {
				assert.True(t, ports[*endpoint.Port], *endpoint.Port)
			}
		case *monitoringv1.PrometheusRule:
			seen["PrometheusRule"] = true
			text, err := os.ReadFile(filepath.Join(folder, "rules.yml"))
			require.NoError(t, err)
			var want monitoringv1.PrometheusRuleSpec
			require.NoError(t, yaml.UnmarshalStrict(text, &want))
			assert.Equal(t, want, o.Spec)
			assert.Equal(t, "prometheus", o.Labels["release"])
		case *corev1.ConfigMap:
			if o.Labels["grafana_dashboard"] == "" {
				continue
			}
			seen["dashboards"] = true
			files, err := filepath.Glob(filepath.Join(folder, "dashboards", "*.json"))
			require.NoError(t, err)
			assert.Len(t, o.Data, len(files))
			for _, file := range files {
				text, err := os.ReadFile(file)
				require.NoError(t, err)
				assert.Equal(t, string(text), o.Data[filepath.Base(file)])
			}
		}
	}
	assert.Len(t, seen, 3)
}
