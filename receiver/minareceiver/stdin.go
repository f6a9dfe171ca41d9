package minareceiver

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/receiver"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// stdinFlushAfter is how long a text record that may go on waits for more lines.
const stdinFlushAfter = time.Second

// stdinInput reads standard input to its end.
type stdinInput struct {
	logger *zap.Logger
	limit  int
	source *source
	// alone says that there is no other input, so that the end of this one is the
	// end of the collector.
	alone bool

	input  io.ReadCloser
	signal chan os.Signal
	stop   chan struct{}
	work   sync.WaitGroup
}

func newStdinInput(set receiver.Settings, cfg *StdinConfig, decoders *decoders, delivery *delivery, alone bool) *stdinInput {
	return &stdinInput{
		logger: set.Logger,
		limit:  int(cfg.MaxLogSize),
		source: newSource(transportStdin, minalog.Origin{}, int(cfg.MaxLogSize), decoders, delivery),
		alone:  alone,
		input:  os.Stdin,
		stop:   make(chan struct{}),
	}
}

// Start begins to read.
func (s *stdinInput) Start(context.Context, component.Host) error {
	if s.alone {
		// Before the collector listens to signals, one would end the process at once.
		s.signal = make(chan os.Signal, 1)
		signal.Notify(s.signal, syscall.SIGTERM)
	}
	s.work.Go(func() {
		if err := s.read(); err != nil {
			s.logger.Error("Cannot read standard input", zap.Error(err))
		}
		select {
		case <-s.stop:
			return
		default:
		}
		s.source.delivery.wait()
		if s.alone {
			s.logger.Info("Standard input has ended and everything is delivered; shutting down")
			s.endProcess()
		}
	})
	s.work.Go(func() {
		every(s.stop, stdinFlushAfter/4, func() { s.source.flushIdle(stdinFlushAfter) })
	})
	return nil
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
	return nil
}

// read hands over the input in blocks of whole lines.
func (s *stdinInput) read() error {
	var rest []byte
	for {
		block := make([]byte, len(rest)+blockSize)
		copy(block, rest)
		n, err := s.input.Read(block[len(rest):])
		block = block[:len(rest)+n]
		end := wholeLines(block, s.limit)
		rest = block[end:]
		if end > 0 && !s.write(block[:end]) {
			return nil
		}
		switch {
		case errors.Is(err, io.EOF):
			s.finish(rest)
			return nil
		case errors.Is(err, fs.ErrClosed):
			return nil
		case err != nil:
			s.finish(rest)
			return err
		}
	}
}

func (s *stdinInput) write(block []byte) bool {
	s.source.mu.Lock()
	defer s.source.mu.Unlock()
	return s.source.write(block) && s.source.handOver()
}

func (s *stdinInput) finish(rest []byte) {
	s.source.mu.Lock()
	defer s.source.mu.Unlock()
	if len(rest) > 0 && !s.source.write(rest) {
		return
	}
	s.source.flush()
}

// endProcess asks the collector to shut down as an operator would, which is the
// way that ends with exit code 0. It asks until it is heard: the collector begins
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
