package alertconnector

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// valuesOf returns the values of metrics by their names and attributes.
func valuesOf(all []pmetric.Metrics) map[string]int64 {
	values := map[string]int64{}
	for _, metrics := range all {
		for _, metric := range metrics.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
			points := metric.Gauge().DataPoints
			if metric.Type() == pmetric.MetricTypeSum {
				points = metric.Sum().DataPoints
			}
			for _, point := range points().All() {
				name := metric.Name()
				for _, attribute := range []string{minaattr.AlertName, minaattr.AlertState} {
					if value, ok := point.Attributes().Get(attribute); ok {
						name += " " + value.Str()
					}
				}
				values[name] = point.IntValue()
			}
		}
	}
	return values
}

func TestMetricsTellWhatTheRulesHaveSeen(t *testing.T) {
	for name, withLogs := range map[string]bool{"beside records": true, "alone": false} {
		t.Run(name, func(t *testing.T) {
			cfg := configOf(t, four)
			cfg.MaxAge = 0
			set := connectortest.NewNopSettings(component.MustNewType("alert"))
			factory, metrics, logs := NewFactory(), new(consumertest.MetricsSink), new(consumertest.LogsSink)
			toMetrics, err := factory.CreateLogsToMetrics(t.Context(), set, cfg, metrics)
			require.NoError(t, err)
			instances := []interface {
				component.Component
				ConsumeLogs(ctx context.Context, batch plog.Logs) error
			}{toMetrics}
			if withLogs {
				toLogs, err := factory.CreateLogsToLogs(t.Context(), set, cfg, logs)
				require.NoError(t, err)
				instances = append(instances, toLogs)
			}
			for _, instance := range instances {
				require.NoError(t, instance.Start(t.Context(), componenttest.NewNopHost()))
			}
			for _, instance := range instances { // the collector gives the same records to all
				require.NoError(t, instance.ConsumeLogs(t.Context(), batchOf(every(11, time.Second, failure)...)))
			}
			require.Eventually(t, func() bool {
				return valuesOf(metrics.AllMetrics())["mina.alert.transitions ErrorBurst firing"] == 1
			}, patience, 10*time.Millisecond)
			values := valuesOf(metrics.AllMetrics())
			assert.EqualValues(t, 11, values["mina.alert.evaluated"])
			assert.EqualValues(t, 11, values["mina.alert.matched ErrorBurst"])
			assert.InDelta(t, time.Now().Unix(), values["mina.alert.last_evaluation"], 60)
			assert.Subset(t, values, map[string]int64{
				"mina.alert.matched FailedLogins": 0, "mina.alert.late ErrorBurst": 0, "mina.alert.evicted ErrorBurst": 0,
			})
			if withLogs {
				require.Eventually(t, func() bool { return logs.LogRecordCount() >= 1 }, patience, time.Millisecond)
			}
			for _, instance := range instances {
				require.NoError(t, instance.Shutdown(t.Context()))
			}
		})
	}
}
