package inflight

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/ending"
	"github.com/mina-observability/otelcol-mina/internal/turn"
)

// stopGrace is how long a stop waits for the answer to what is in flight. What
// is not answered by then is read again at the next start.
const stopGrace = 3 * time.Second

// Sender hands batches to the next consumer, several at a time and each until it
// is taken.
type Sender struct {
	next     consumer.Logs
	logger   *zap.Logger
	counters *Counters
	decoders *Decoders
	reports  map[string]*receiverhelper.ObsReport
	retry    RetryConfig
	window   *window
	// turns are those of the batches in flight, for who must see them in order.
	turns turn.Queue

	mu sync.Mutex
	// unanswered are the times when the batches were read that are in flight.
	unanswered map[*batch]time.Time

	refusals refusals

	// accepting ends when the receiver stops, offering when the grace is over.
	accepting     context.Context
	stopAccepting context.CancelFunc
	offering      context.Context
	stopOffering  context.CancelFunc
	inFlight      sync.WaitGroup
	// gaveUp says that the stop has ended a batch that was not taken.
	gaveUp atomic.Bool
}

// NewSender returns a sender to the next consumer.
func NewSender(set receiver.Settings, cfg Config, next consumer.Logs, decoders *Decoders, counters *Counters) (*Sender, error) {
	s := &Sender{
		next:     next,
		logger:   set.Logger,
		counters: counters,
		decoders: decoders,
		reports:  map[string]*receiverhelper.ObsReport{},
		retry:    cfg.Retry,
		window:   newWindow(int64(cfg.MaxInFlight)),

		unanswered: map[*batch]time.Time{},
		refusals:   refusals{logger: set.Logger},
	}
	for _, transport := range []string{TransportFile, TransportStdin} {
		report, err := NewObsReport(set, transport)
		if err != nil {
			return nil, err
		}
		s.reports[transport] = report
	}
	return s, nil
}

// NewObsReport returns the collector's own metrics of what comes through a transport.
func NewObsReport(set receiver.Settings, transport string) (*receiverhelper.ObsReport, error) {
	return receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID:             set.ID,
		Transport:              transport,
		LongLivedCtx:           transport != TransportHTTP,
		ReceiverCreateSettings: set,
	})
}

// Start lets batches be handed over.
func (s *Sender) Start(host component.Host) {
	s.refusals.host = host
	s.accepting, s.stopAccepting = context.WithCancel(context.Background())
	s.offering, s.stopOffering = context.WithCancel(context.Background())
}

// Stop takes no more batches, waits a while for answers and then gives up.
func (s *Sender) Stop() {
	if s.stopAccepting == nil {
		return // never started
	}
	s.mu.Lock()
	s.stopAccepting()
	s.mu.Unlock()
	if !ending.Of(&s.inFlight, stopGrace, s.stopOffering) {
		s.logger.Warn("The pipeline does not let go of its records; they are read again at the next start")
	}
}

// reserve waits until a batch of so many bytes may be submitted. It returns false
// if the context ends before that, or the receiver stops.
func (s *Sender) reserve(ctx context.Context, size int64) bool {
	for s.accepting.Err() == nil {
		full := s.window.take(size, time.Now())
		if full == nil {
			return s.admit()
		}
		select {
		case <-full:
		case <-time.After(widenAfter):
		case <-ctx.Done():
			return false
		case <-s.accepting.Done():
		}
	}
	return false
}

// admit counts a batch that is about to be submitted as in flight, unless the receiver
// stops: a stop that waits for the others would not wait for this one.
func (s *Sender) admit() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.accepting.Err() != nil {
		return false
	}
	s.inFlight.Add(1)
	return true
}

// submit sends a batch that has been admitted on its way.
func (s *Sender) submit(b *batch) {
	s.counters.Count(s.offering, b.transport, b.records, b.size)
	begin := time.Now()
	s.note(b)
	b.turn = s.turns.Next()
	go func() {
		defer s.inFlight.Done()
		defer s.settle(b)
		defer b.turn.End()
		if b.records.Len() == 0 {
			b.delivered()
			s.window.give(b.size, 0, time.Now())
			return
		}
		s.deliver(b)
		now := time.Now()
		s.window.give(b.size, now.Sub(begin), now)
	}()
}

// wait blocks until no batch is on its way, and returns whether all were taken.
func (s *Sender) wait() bool {
	s.inFlight.Wait()
	return !s.gaveUp.Load()
}

// deliver offers a batch until it is taken, or the receiver stops.
func (s *Sender) deliver(b *batch) {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = s.retry.InitialInterval, s.retry.MaxInterval
	pause.Reset()
	logs, before := b.records.Logs(), taken
	for {
		err := s.offer(b, logs)
		if s.offering.Err() != nil && err != nil {
			s.gaveUp.Store(true) // it was the stop that ended the offer
			return
		}
		now := answerOf(err)
		s.refusals.change(before, now, err)
		if now == taken {
			b.delivered()
			s.counters.Delivered(b.transport, b.read)
			return
		}
		before = now
		select {
		case <-time.After(pause.NextBackOff()):
		case <-s.accepting.Done():
			s.gaveUp.Store(true)
			return
		}
		logs = b.again(s.decoders).Logs()
	}
}

func (s *Sender) offer(b *batch, logs plog.Logs) error {
	report, records := s.reports[b.transport], logs.LogRecordCount()
	ctx := report.StartLogsOp(turn.NewContext(s.offering, b.turn))
	err := s.next.ConsumeLogs(ctx, logs)
	report.EndLogsOp(ctx, "mina", records, err)
	return err
}

func (s *Sender) note(b *batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unanswered[b] = b.read
}

func (s *Sender) settle(b *batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.unanswered, b)
}

// InFlight returns how many bytes of text are in flight, and may be for now, and how long ago
// the oldest of it was read.
func (s *Sender) InFlight(now time.Time) (bytes, limit int64, oldest time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, read := range s.unanswered {
		oldest = max(oldest, now.Sub(read))
	}
	bytes, limit = s.window.load()
	return bytes, limit, oldest
}
