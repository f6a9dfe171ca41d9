package minareceiver

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// stopGrace is how long a stop waits for the answer to what is in flight. What
// is not answered by then is read again at the next start.
const stopGrace = 5 * time.Second

// parcel is a batch on its way.
type parcel struct {
	transport string
	batch     *minalog.Batch
	// size is the length in bytes of the text that the batch was decoded from.
	size   int64
	pieces []piece
}

// again decodes the text once more. A consumer that refuses a batch may have
// changed it, or have taken its records apart, so the same one is never offered twice.
func (p *parcel) again(decoders *decoders) *minalog.Batch {
	decoder := decoders.get()
	defer decoders.put(decoder)
	batch := minalog.NewBatch(time.Now())
	for i := range p.pieces {
		p.pieces[i].decode(decoder, batch)
	}
	return batch
}

// finish says that the next consumer has answered for the batch.
func (p *parcel) finish() {
	for i := range p.pieces {
		p.pieces[i].finish()
	}
}

// delivery hands parcels to the next consumer, several at a time and each until
// it is taken or refused for good.
type delivery struct {
	next     consumer.Logs
	logger   *zap.Logger
	counters *counters
	decoders *decoders
	reports  map[string]*receiverhelper.ObsReport
	retry    RetryConfig
	window   *window

	host    component.Host
	failing atomic.Bool

	// accepting ends when the receiver stops, offering when the grace is over.
	accepting       context.Context
	stopAccepting   context.CancelFunc
	offering        context.Context
	stopOffering    context.CancelFunc
	parcelsInFlight sync.WaitGroup
}

func newDelivery(set receiver.Settings, cfg *Config, next consumer.Logs, decoders *decoders, counters *counters) (*delivery, error) {
	d := &delivery{
		next:     next,
		logger:   set.Logger,
		counters: counters,
		decoders: decoders,
		reports:  map[string]*receiverhelper.ObsReport{},
		retry:    cfg.Retry,
		window:   newWindow(int64(cfg.MaxInFlight)),
	}
	for _, transport := range []string{transportFile, transportStdin} {
		report, err := newObsReport(set, transport)
		if err != nil {
			return nil, err
		}
		d.reports[transport] = report
	}
	return d, nil
}

func newObsReport(set receiver.Settings, transport string) (*receiverhelper.ObsReport, error) {
	return receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID:             set.ID,
		Transport:              transport,
		LongLivedCtx:           transport != transportHTTP,
		ReceiverCreateSettings: set,
	})
}

func (d *delivery) start(host component.Host) {
	d.host = host
	d.accepting, d.stopAccepting = context.WithCancel(context.Background())
	d.offering, d.stopOffering = context.WithCancel(context.Background())
}

// stop takes no more parcels, waits a while for answers and then gives up.
func (d *delivery) stop() {
	if d.stopAccepting == nil {
		return // never started
	}
	d.stopAccepting()
	answered := make(chan struct{})
	go func() {
		d.parcelsInFlight.Wait()
		close(answered)
	}()
	select {
	case <-answered:
	case <-time.After(stopGrace):
	}
	d.stopOffering()
	<-answered
}

// reserve waits until a parcel of so many bytes may be submitted. It returns false
// if the context ends before that, or the receiver stops.
func (d *delivery) reserve(ctx context.Context, size int64) bool {
	for d.accepting.Err() == nil {
		full := d.window.take(size)
		if full == nil {
			return true
		}
		select {
		case <-full:
		case <-ctx.Done():
			return false
		case <-d.accepting.Done():
		}
	}
	return false
}

// submit sends a parcel, for which there is room, on its way.
func (d *delivery) submit(p *parcel) {
	d.counters.count(d.offering, p.transport, p.batch, p.size)
	begin := time.Now()
	d.parcelsInFlight.Go(func() {
		if p.batch.Len() == 0 {
			p.finish()
			d.window.give(p.size, 0, time.Now())
			return
		}
		d.deliver(p)
		now := time.Now()
		d.window.give(p.size, now.Sub(begin), now)
	})
}

// wait blocks until every parcel is answered for.
func (d *delivery) wait() { d.parcelsInFlight.Wait() }

func (d *delivery) deliver(p *parcel) {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = d.retry.InitialInterval, d.retry.MaxInterval
	pause.Reset()
	logs := p.batch.Logs()
	for {
		records := logs.LogRecordCount()
		err := d.offer(p.transport, logs, records)
		if err == nil {
			d.report(nil)
			p.finish()
			return
		}
		if refusedForGood(err) {
			d.counters.rejected(d.offering, records)
			d.logger.Error("The pipeline refused records for good; going on behind them", zap.Int("records", records), zap.Error(err))
			p.finish()
			return
		}
		d.report(err)
		select {
		case <-time.After(pause.NextBackOff()):
		case <-d.accepting.Done():
			return
		}
		logs = p.again(d.decoders).Logs()
	}
}

// refusedForGood reports whether records are refused for what they are. A stock
// exporter also calls it permanent when its credentials are wrong; that is for an
// operator to change, and the records wait.
func refusedForGood(err error) bool {
	if s, ok := status.FromError(err); ok && (s.Code() == codes.Unauthenticated || s.Code() == codes.PermissionDenied) {
		return false
	}
	return consumererror.IsPermanent(err)
}

func (d *delivery) offer(transport string, logs plog.Logs, records int) error {
	report := d.reports[transport]
	ctx := report.StartLogsOp(d.offering)
	err := d.next.ConsumeLogs(ctx, logs)
	report.EndLogsOp(ctx, "mina", records, err)
	return err
}

// report tells the host and the log when delivery begins to fail and when it
// works again.
func (d *delivery) report(err error) {
	if d.failing.Swap(err != nil) == (err != nil) || errors.Is(err, context.Canceled) {
		return
	}
	if err != nil {
		d.logger.Warn("The pipeline refuses records for now; the source waits and they are offered again", zap.Error(err))
		componentstatus.ReportStatus(d.host, componentstatus.NewRecoverableErrorEvent(err))
		return
	}
	d.logger.Info("The pipeline takes records again")
	componentstatus.ReportStatus(d.host, componentstatus.NewEvent(componentstatus.StatusOK))
}
