package logstoreextension

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"time"

	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/extension/logstoreextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/extension/logstoreextension/internal/ring"
	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

// supervisor runs one engine after the other, each with what the one before may have lost.
type supervisor struct {
	*own
	settings engine.Settings
	path     string
	limit    int64
	interval time.Duration

	directory *engine.Directory
	deaths    deaths
	pauses    pauses
	// told says that the log has said of records that are too old.
	told bool
}

func newSupervisor(cfg *Config, o *own) *supervisor {
	listen, _ := address(cfg.Listen) // which Validate has found good
	return &supervisor{
		own:  o,
		path: cfg.Directory, limit: cfg.Retention.Bytes, interval: watchInterval,
		settings: engine.Settings{
			Path: cfg.Path, Address: listen,
			RetentionDays: cfg.Retention.Days, FreeBytes: cfg.Retention.FreeDiskBytes, MemoryMiB: cfg.MemoryMiB,
		},
	}
}

// run runs engines until it is called off, or until another would be of no use.
func (s *supervisor) run(ctx context.Context) {
	defer func() {
		if s.directory != nil {
			s.directory.Close()
		}
	}()
	for {
		begin, whole := time.Now(), false
		process, err := s.begin()
		if err == nil {
			whole = s.live(ctx, process)
		}
		if ctx.Err() != nil {
			return
		}
		lived := time.Since(begin)
		if err != nil {
			s.status.stopped(asProblem(err))
		} else if !s.mourn(process.Death(), lived, whole) {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(s.pauses.next(lived)):
		}
	}
}

// begin starts an engine.
func (s *supervisor) begin() (*engine.Process, error) {
	if s.directory == nil {
		directory, err := engine.Open(s.path)
		if err != nil {
			return nil, err
		}
		s.directory = directory
	}
	return s.directory.Start(s.settings)
}

// live lets requests through to an engine until it ends, and reports whether it has had
// everything.
func (s *supervisor) live(ctx context.Context, process *engine.Process) (whole bool) {
	defer process.Stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-process.Ended:
			cancel()
		case <-ctx.Done():
		}
	}()
	inside := &life{Process: process, ready: make(chan struct{})}
	if !s.answers(ctx, inside) {
		return false
	}
	var batches []ring.Batch
	inside.number, batches = s.ring.Succeed()
	s.door.let(inside)
	defer s.door.let(nil)
	s.status.runs()
	var work sync.WaitGroup
	work.Go(func() { s.resend(ctx, inside, batches) })
	newWatch(s, inside).run(ctx)
	work.Wait()
	return inside.takes()
}

// pollInterval is how often is looked whether an engine that starts answers.
const pollInterval = 10 * time.Millisecond

// answers waits until the engine answers, and reports whether it does. It reads its password
// with the first request that has one, and refuses another at the same time.
func (s *supervisor) answers(ctx context.Context, inside *life) bool {
	for {
		if _, err := s.ask(ctx, inside, "/metrics", nil); err == nil {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(pollInterval):
		}
	}
}

// resend has an engine take what the one before may not have written, before it takes
// anything else.
func (s *supervisor) resend(ctx context.Context, inside *life, batches []ring.Batch) {
	for _, batch := range batches {
		for {
			err := s.post(ctx, inside, batch)
			if err == nil {
				break
			}
			if ctx.Err() != nil {
				return // it has ended, which is said elsewhere
			}
			s.status.often.Warn("The store of the logs does not take again what it may have lost; new records wait", zap.Error(err))
			select {
			case <-ctx.Done():
				return
			case <-time.After(firstPause):
			}
		}
	}
	s.ring.Resent()
	s.status.update(func(now *logstore.Status) { now.Resent += int64(len(batches)) })
	close(inside.ready)
}

// mourn says how an engine has ended that has had everything, or not, and reports whether
// to start another.
func (s *supervisor) mourn(death engine.Death, lived time.Duration, whole bool) bool {
	switch {
	case death.Clean && whole:
		s.ring.Clear()
		s.status.stopped(engine.Problem{Reason: "somebody has ended the store", Action: "nothing: it is started again"})
		return true
	case death.Clean:
		s.status.stopped(engine.Problem{
			Reason: "the store has ended before it has answered",
			Action: fmt.Sprintf("nothing, if somebody has ended it; otherwise see %s, and that path is the program victoria-logs", s.directory.Log()),
		})
		return true
	}
	s.status.logger.Warn("The store of the logs has ended by itself", zap.String("reason", death.Reason), zap.Duration("after", lived))
	why := s.problemOf(death)
	if !s.full(death) && s.deaths.another(death, lived) {
		s.ring.Abandon()
		s.status.update(func(now *logstore.Status) { now.Unkept = s.ring.Unkept() })
		s.status.failed(why)
		return false
	}
	s.status.update(func(now *logstore.Status) { now.Restarts++ })
	s.status.stopped(why)
	return true
}

// noRoom is how little of a disk an engine cannot even say on that there is none, in bytes.
const noRoom = 1 << 20

// full reports whether an engine has ended for want of room, which may be made.
func (s *supervisor) full(death engine.Death) bool {
	return strings.Contains(death.Reason, syscall.ENOSPC.Error()) || strings.Contains(death.Reason, syscall.EDQUOT.Error()) || s.directory.Free() < noRoom
}

// problemOf says what to do about a death.
func (s *supervisor) problemOf(death engine.Death) engine.Problem {
	folder := s.directory.Damaged(death)
	action := fmt.Sprintf("see %s; if the records are damaged, move %s away; and start the collector again", s.directory.Log(), s.directory.Data())
	switch {
	case s.full(death):
		action = fmt.Sprintf("make room on the disk of %s", s.directory.Data())
	case death.Killed:
		action = "nothing, if somebody has done that; if the system has, for want of memory, give it more or the store less (memory_mib)"
	case folder != "":
		action = fmt.Sprintf("move %s away, whose records are then not shown, and start the collector again", folder)
	}
	return engine.Problem{Reason: death.String(), Action: action}
}

func asProblem(err error) engine.Problem {
	if problem, ok := err.(*engine.Problem); ok { //nolint:errorlint // it is never wrapped
		return *problem
	}
	return engine.Problem{Reason: err.Error(), Action: "see what the system does not allow"}
}
