package minareceiver

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/receiver"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/exitcode"
	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
)

// stdinFlushAfter is how long a text record that may go on waits for more lines.
const stdinFlushAfter = time.Second

// errStopped says that the receiver was stopped before the end of its input.
var errStopped = errors.New("standard input was not read to its end, or not all of it is delivered")

// stdinInput reads standard input to its end.
type stdinInput struct {
	logger *zap.Logger
	limit  int

	mu      sync.Mutex
	source  *inflight.Source
	batcher *inflight.Batcher
	// alone says that there is no other input, so that the end of this one is the
	// end of the collector.
	alone bool
	// delivered says that all was read, to its end, and is answered for.
	delivered atomic.Bool

	input  io.ReadCloser
	signal chan os.Signal
	ending sync.Once
	stop   chan struct{}
	work   sync.WaitGroup
}

func newStdinInput(set receiver.Settings, cfg *Config, decoder *minalog.Decoder, sender *inflight.Sender, alone bool) *stdinInput {
	limit, origin := int(cfg.Stdin.Get().MaxLogSize), minalog.Origin{}
	if cfg.IncludeRecordUID {
		origin.Text = minalog.NewText()
	}
	return &stdinInput{
		logger:  set.Logger,
		limit:   limit,
		source:  inflight.NewSource(origin, limit, checkpoint.Position{}),
		batcher: inflight.NewBatcher(inflight.TransportStdin, decoder, sender),
		alone:   alone,
		input:   os.Stdin,
		stop:    make(chan struct{}),
	}
}

// Start begins to read.
func (s *stdinInput) Start(context.Context, component.Host) error {
	if s.alone {
		// Before the collector listens to signals, one would end the process at once.
		s.signal = make(chan os.Signal, 1)
		signal.Notify(s.signal, syscall.SIGTERM)
		s.work.Go(s.passOn)
	}
	s.work.Go(s.run)
	s.work.Go(func() {
		every(s.stop, stdinFlushAfter/4, s.flushIdle)
	})
	return nil
}

// run reads the input, waits until all is answered for, and ends the collector if
// there is no other input.
func (s *stdinInput) run() {
	err := s.read()
	if errors.Is(err, errStopped) {
		return
	}
	if err != nil {
		s.logger.Error("Cannot read standard input", zap.Error(err))
	}
	if !s.batcher.Wait() {
		return // the receiver is being stopped
	}
	s.delivered.Store(err == nil)
	if !s.alone {
		return
	}
	if err == nil {
		s.logger.Info("Standard input has ended and everything is delivered; shutting down")
	}
	s.ending.Do(s.endProcess)
}

// passOn sees to it that the collector hears of a signal that came before it listened.
func (s *stdinInput) passOn() {
	select {
	case <-s.signal:
		s.ending.Do(s.endProcess)
	case <-s.stop:
	}
}

// Shutdown stops reading. A read of a terminal or pipe cannot be interrupted
// everywhere, so it is left behind if closing the input does not end it.
func (s *stdinInput) Shutdown(context.Context) error {
	close(s.stop)
	if s.signal != nil {
		signal.Stop(s.signal)
	}
	ended := make(chan struct{})
	go func() {
		s.work.Wait()
		close(ended)
	}()
	_ = s.input.Close()
	select {
	case <-ended:
	case <-time.After(time.Second):
	}
	if s.alone && !s.delivered.Load() {
		exitcode.Interrupt()
		return errStopped
	}
	return nil
}

// read hands over the input in blocks of whole lines.
func (s *stdinInput) read() error {
	var buffer []byte
	for {
		rest := len(buffer)
		buffer = slices.Grow(buffer, inflight.BlockSize)
		n, err := s.input.Read(buffer[rest : rest+inflight.BlockSize])
		buffer = buffer[:rest+n]
		block := string(buffer)
		end := inflight.WholeLines(block, s.limit)
		if err != nil {
			end = len(block)
		}
		if !s.write(block[:end], err != nil) {
			return errStopped
		}
		buffer = append(buffer[:0], block[end:]...)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, fs.ErrClosed), errors.Is(err, io.ErrClosedPipe):
			return errStopped
		case err != nil:
			return err
		}
	}
}

// write hands over a block, and at the end also what waits for more lines. It
// returns false if the receiver stops.
func (s *stdinInput) write(block string, end bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if block != "" {
		s.batcher.Write(s.source, block)
	}
	if end {
		s.batcher.End(s.source)
	}
	return s.batcher.HandOver(context.Background())
}

// flushIdle hands over a text record that nothing has followed for a while.
func (s *stdinInput) flushIdle() {
	if !s.mu.TryLock() {
		return // it is being written to
	}
	defer s.mu.Unlock()
	if s.batcher.FlushIdle(s.source, stdinFlushAfter) {
		s.batcher.HandOver(context.Background())
	}
}

// endProcess asks the collector to shut down as an operator would. It asks until it is heard: the collector begins
// to listen when all its components have started.
func (s *stdinInput) endProcess() {
	process, err := os.FindProcess(os.Getpid())
	if err != nil {
		s.logger.Error("Cannot end the collector", zap.Error(err))
		return
	}
	for {
		if err := process.Signal(syscall.SIGTERM); err != nil {
			s.logger.Error("Cannot end the collector", zap.Error(err))
			return
		}
		select {
		case <-s.stop:
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}
