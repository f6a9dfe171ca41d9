package minareceiver

import (
	"maps"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/metadatatest"
)

func TestOwnMetrics(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	defer func() { require.NoError(t, telemetry.Shutdown(t.Context())) }()
	set := metadatatest.NewSettings(telemetry)

	dir, next := t.TempDir(), &sink{}
	first, second := "\nprinted\n{\"broken\": \n"+lines(0, 3), "2025-10-01 16:12:05,785 ERROR app: text\nTraceback (most recent call last):\n  f\nE: x\n"
	appendTo(t, filepath.Join(dir, "app.log"), first)
	next.answer = func(offer int, _ plog.Logs) error {
		switch offer {
		case 1:
			return errBusy
		case 3:
			return consumererror.NewPermanent(errBusy)
		}
		return nil
	}
	r := startReceiver(t, fileConfig(dir), next, checkpointtest.NewMemory(), set)
	eventually(t, has(next, 5), "what is complete")
	appendTo(t, filepath.Join(dir, "app.log"), second)
	eventually(t, func() bool { return next.offered() >= 3 }, "the text record, refused for good")
	eventually(t, has(next, 6), "taken at last")
	stopReceiver(t, r)

	by := func(key, value string, n int64) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Value: n, Attributes: attribute.NewSet(attribute.String(key, value))}
	}
	ignore := metricdatatest.IgnoreTimestamp()
	metadatatest.AssertEqualReceiverMinaLines(t, telemetry, []metricdata.DataPoint[int64]{
		by("format", "json", 3), by("format", "blank", 1), by("format", "unknown", 2), by("format", "text", 4),
		by("format", "gunicorn", 0), by("format", "access", 0), by("format", "traceback", 0), by("format", "otlp_json", 0),
	}, ignore)
	metadatatest.AssertEqualReceiverMinaParseFailures(t, telemetry, []metricdata.DataPoint[int64]{
		by("reason", "unknown_format", 1), by("reason", "invalid_json", 1), by("reason", "too_long", 0),
	}, ignore)
	metadatatest.AssertEqualReceiverMinaReadBytes(t, telemetry, []metricdata.DataPoint[int64]{by("transport", "file", int64(len(first+second))), by("transport", "http", 0), by("transport", "stdin", 0)}, ignore)

	for name, want := range map[string]int64{"otelcol_receiver_accepted_log_records": 6, "otelcol_receiver_refused_log_records": 6} {
		metric, err := telemetry.GetMetric(name)
		require.NoError(t, err)
		require.Equal(t, want, metric.Data.(metricdata.Sum[int64]).DataPoints[0].Value, name)
	}
}

// Of two receivers in one collector each is seen.
func TestTheGaugesAreEachReceiversOwn(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	defer func() { require.NoError(t, telemetry.Shutdown(t.Context())) }()
	set, next := metadatatest.NewSettings(telemetry), &sink{}
	next.answer = func(int, plog.Logs) error { return errBusy }
	sizes := map[string]int{"mina/a": 3, "mina/b": 5}
	for name, size := range sizes {
		dir := t.TempDir()
		appendTo(t, filepath.Join(dir, "app.log"), lines(0, size))
		set.ID = component.MustNewIDWithName("mina", name[len("mina/"):])
		r := startReceiver(t, fileConfig(dir), next, checkpointtest.NewMemory(), set)
		defer stopReceiver(t, r)
	}
	gauge := func(name string) func() bool {
		return func() bool {
			metric, err := telemetry.GetMetric(name)
			require.NoError(t, err)
			found := map[string]int{}
			for _, point := range metric.Data.(metricdata.Gauge[int64]).DataPoints {
				receiver, _ := point.Attributes.Value("receiver")
				found[receiver.AsString()] = int(point.Value) / len(lines(0, 1))
			}
			return maps.Equal(sizes, found)
		}
	}
	eventually(t, gauge("otelcol_receiver_mina_backlog_bytes"), "the backlog")
	eventually(t, gauge("otelcol_receiver_mina_in_flight_bytes"), "what is in flight")
}
