package alertconnector

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

// commitPatience is how long records wait for a storage that takes nothing. After that
// they go on: what a kill then loses is a count, and not the records.
const commitPatience = 5 * time.Second

// mostDeletions bounds what gathers while a storage takes nothing: groups come and go.
const mostDeletions = 200_000

// store writes what has changed to the storage. While it writes, changes gather, and go
// in one transaction.
type store struct {
	client storage.Client
	logger *zap.Logger
	failed func()
	// take returns what has changed, as items by their keys, nil to delete.
	take func() map[string][]byte
	// release is told when that is in the storage, or goes on without it.
	release func()
	wake    chan struct{}

	mu sync.Mutex
	// asked and written count the commits that are wanted and that are done.
	asked, written uint64
	// done is closed, and made anew, with each commit.
	done chan struct{}
	// givenUp says that the storage has taken nothing for too long.
	givenUp bool
}

func newStore(logger *zap.Logger, failed func(), take func() map[string][]byte, release func()) *store {
	return &store{logger: logger, failed: failed, take: take, release: release, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// ask has what has changed so far written.
func (s *store) ask() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// await returns when what has been asked for is written, or the storage has taken nothing
// for too long.
func (s *store) await(ctx context.Context) error {
	s.mu.Lock()
	asked := s.asked
	s.mu.Unlock()
	patience := time.NewTimer(commitPatience)
	defer patience.Stop()
	for {
		s.mu.Lock()
		written, done, givenUp := s.written, s.done, s.givenUp
		s.mu.Unlock()
		if written >= asked || givenUp {
			return nil
		}
		select {
		case <-done:
		case <-patience.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// run commits what is asked for until the context ends, and what is left then.
func (s *store) run(ctx context.Context) {
	for {
		select {
		case <-s.wake:
			s.commit(ctx)
		case <-ctx.Done():
			s.commit(ctx)
			return
		}
	}
}

// commit writes what has changed, with what changes while the storage does not take it.
// When the context ends there is one more try.
func (s *store) commit(ctx context.Context) {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 50*time.Millisecond, time.Second
	items, begun := map[string][]byte{}, time.Now()
	for failing := false; ; {
		s.mu.Lock()
		asked := s.asked
		s.mu.Unlock()
		maps.Copy(items, s.take())
		if len(items) > mostDeletions { // what is left in the storage is old at the next start
			maps.DeleteFunc(items, func(_ string, value []byte) bool { return value == nil })
		}
		err := s.write(items)
		if err == nil {
			if failing {
				s.logger.Info("The storage takes the state of alerts again")
			}
			s.release()
			s.finish(asked)
			return
		}
		s.failed()
		if !failing {
			failing = true
			s.logger.Error("The storage does not take the state of alerts; what a kill loses now may be counted twice, or not at all", zap.Error(err))
		}
		if ctx.Err() != nil {
			return
		}
		if time.Since(begun) > commitPatience {
			s.giveUp()
			s.release()
		}
		select {
		case <-time.After(pause.NextBackOff()):
		case <-ctx.Done():
		}
	}
}

func (s *store) write(items map[string][]byte) error {
	if s.client == nil || len(items) == 0 {
		return nil
	}
	operations := make([]*storage.Operation, 0, len(items))
	for key, value := range items {
		if value == nil {
			operations = append(operations, storage.DeleteOperation(key))
		} else {
			operations = append(operations, storage.SetOperation(key, value))
		}
	}
	return s.client.Batch(context.Background(), operations...)
}

func (s *store) finish(commit uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.written, s.givenUp = commit, false
	close(s.done)
	s.done = make(chan struct{})
}

// giveUp lets records go on that wait, and those that come until the next commit.
func (s *store) giveUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.givenUp = true
	close(s.done)
	s.done = make(chan struct{})
}

// The keys of what is stored are a kind, the name of a rule, and a number in hex.
const (
	groupKind      = "group"
	firingKind     = "firing"
	seenKind       = "seen"
	transitionKind = "transition"
)

func keyOf(kind, name string, number uint64) string {
	return fmt.Sprintf("%s/%s/%016x", kind, name, number)
}

var errKey = errors.New("it is no key of ours")

func parseKey(key string) (kind, name string, number uint64, err error) {
	kind, rest, ok := strings.Cut(key, "/")
	at := strings.LastIndexByte(rest, '/')
	if !ok || at < 0 {
		return "", "", 0, errKey
	}
	digits, err := hex.DecodeString(rest[at+1:])
	if err != nil || len(digits) != 8 {
		return "", "", 0, errKey
	}
	for _, digit := range digits {
		number = number<<8 | uint64(digit)
	}
	return kind, rest[:at], number, nil
}
