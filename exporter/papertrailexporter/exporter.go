package papertrailexporter

import (
	"context"
	"strconv"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/exporter/papertrailexporter/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/destination"
)

type papertrailExporter struct {
	cfg      *Config
	counters *metadata.TelemetryBuilder
	format   *format
	server   *server
	flights  *destination.Flights
	status   *destination.Status
}

func newExporter(cfg *Config, set exporter.Settings) (*papertrailExporter, error) {
	counters, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	counters.ExporterPapertrailTruncatedRecords.Add(context.Background(), 0)
	flights := destination.NewFlights()
	status, err := destination.NewStatus(set, flights.Waiting)
	if err != nil {
		return nil, err
	}
	return &papertrailExporter{cfg: cfg, counters: counters, format: newFormat(cfg), server: newServer(cfg), flights: flights, status: status}, nil
}

func (e *papertrailExporter) start(ctx context.Context, host component.Host) error {
	e.status.Start(host)
	return e.server.start(ctx)
}

func (e *papertrailExporter) shutdown(context.Context) error {
	e.server.close()
	e.status.Shutdown()
	e.counters.Shutdown()
	return nil
}

// push sends a batch, over one connection. If that breaks, all of it is sent again.
func (e *papertrailExporter) push(ctx context.Context, logs plog.Logs) error {
	ctx, cancel := e.flights.Bound(ctx)
	defer cancel()
	batch := frames{counted: e.cfg.Framing == framingOctets && e.cfg.Transport != transportUDP}
	truncated := int64(0)
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			origin := e.format.origin(rl.Resource(), sl.Scope())
			for _, record := range sl.LogRecords().All() {
				var whole bool
				batch.message, whole = e.format.append(batch.message[:0], origin, record)
				if !whole {
					truncated++
				}
				batch.add(e.cfg.Transport == transportUDP)
			}
		}
	}
	err := e.server.send(ctx, &batch)
	if err == nil && truncated > 0 {
		e.counters.ExporterPapertrailTruncatedRecords.Add(ctx, truncated)
	}
	e.status.Report(err)
	return err
}

// frames are messages, one after the other, as they go over the wire (RFC 6587).
type frames struct {
	counted bool
	message []byte
	text    []byte
	// ends are where the messages end, for datagrams.
	ends []int
}

func (f *frames) add(datagram bool) {
	switch {
	case datagram:
		f.text = append(f.text, f.message...)
		f.ends = append(f.ends, len(f.text))
	case f.counted:
		f.text = strconv.AppendInt(f.text, int64(len(f.message)), 10)
		f.text = append(append(f.text, ' '), f.message...)
	default:
		f.text = append(append(f.text, f.message...), '\n')
	}
}
