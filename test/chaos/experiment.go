package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/mina-observability/otelcol-mina/test/endpoint"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// setups are the configurations that are compared: both settings of MINA_DELIVERY,
// and contrib's own components.
var setups = []string{"acknowledged", "queued", "contrib"}

// limits bound an experiment.
type limits struct {
	// duration is how long records are written, kills how many SIGKILLs there are,
	// where a fault has them.
	duration time.Duration
	kills    int
}

// catchUp is how long delivery may take after the last fault.
const catchUp = 3 * time.Minute

// result is what an experiment found.
type result struct {
	counts
	// restarts are how often the collector was started again, kills how often after a
	// SIGKILL at a random moment.
	restarts, kills int
	// peak is the most memory that a collector had, without the files it maps.
	peak int64
	note string
}

// experiment is one fault with one set-up.
type experiment struct {
	setup  string
	fault  fault
	limits limits

	dir      string
	endpoint *endpoint.Endpoint
	// second is the other destination, where the fault has two.
	second *endpoint.Endpoint
	tally  *tally

	mu        sync.Mutex
	collector *program.Collector
	starts    int
	kills     int
	peak      int64
}

func (e *experiment) logs() string  { return filepath.Join(e.dir, "logs") }
func (e *experiment) state() string { return filepath.Join(e.dir, "state") }

// run carries the experiment out.
func (e *experiment) run(ctx context.Context) (r result, err error) {
	if e.dir, err = os.MkdirTemp("", "mina-chaos-"); err != nil {
		return r, err
	}
	defer func() { _ = os.RemoveAll(e.dir) }()
	for _, dir := range []string{e.logs(), e.state()} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return r, err
		}
	}
	if err := e.openEndpoints(); err != nil {
		return r, err
	}
	defer e.closeEndpoints()
	if e.fault.smallDisk {
		undo, err := mountSmallDisk(e.state())
		if err != nil {
			return result{note: err.Error()}, nil
		}
		defer undo()
	}
	defer func() { e.end((*program.Collector).Kill) }()
	if err := e.start(); err != nil {
		return r, err
	}
	watching, stopWatching := context.WithCancel(ctx)
	defer stopWatching()
	go e.watchMemory(watching)
	if err := e.wreak(ctx); err != nil {
		return r, err
	}
	if err := e.recover(); err != nil {
		return r, err
	}
	until := time.Now().Add(catchUp)
	for e.tally.counts().lost > 0 && time.Now().Before(until) && ctx.Err() == nil {
		if e.setup == "contrib" && e.idle(5*time.Second) {
			break // what is lost does not come any more
		}
		time.Sleep(50 * time.Millisecond)
	}
	e.idle(time.Second)
	all := e.tally.counts()
	if e.fault.explore {
		all = all.and(e.onPage(ctx, until))
	}
	e.end((*program.Collector).Stop)
	e.mu.Lock()
	defer e.mu.Unlock()
	return result{counts: all, restarts: e.starts - 1, kills: e.kills, peak: e.peak}, nil
}

// onPage returns what has become of the records on the page.
func (e *experiment) onPage(ctx context.Context, until time.Time) counts {
	written := e.tally.counts().written
	for {
		different, all, err := e.store().Records()
		if err == nil && different == written || time.Now().After(until) || ctx.Err() != nil {
			return counts{delivered: all, lost: written - different, duplicated: all - different}
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (e *experiment) store() program.Store {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.collector.Store
}

// signalStore reports whether there was a store to get the signal.
func (e *experiment) signalStore(signal syscall.Signal) bool {
	pid := e.store().PID()
	return pid > 0 && syscall.Kill(pid, signal) == nil
}

// openEndpoints starts what the records are delivered to.
func (e *experiment) openEndpoints() (err error) {
	destinations := 1
	if e.fault.second {
		destinations = 2
	}
	e.tally = newTally(destinations)
	if e.endpoint, err = endpoint.New(e.tally.deliverTo(0)); err != nil || !e.fault.second {
		return err
	}
	e.second, err = endpoint.New(e.tally.deliverTo(1))
	return err
}

func (e *experiment) closeEndpoints() {
	e.endpoint.Close()
	if e.second != nil {
		e.second.Close()
	}
}

// watchMemory keeps the peak of what the collectors use.
func (e *experiment) watchMemory(ctx context.Context) {
	for ctx.Err() == nil {
		e.mu.Lock()
		if e.collector != nil {
			e.peak = max(e.peak, e.collector.Anonymous())
		}
		e.mu.Unlock()
		time.Sleep(20 * time.Millisecond)
	}
}

// idle waits for a while and reports whether nothing was delivered meanwhile.
func (e *experiment) idle(d time.Duration) bool {
	before := e.endpoint.Taken()
	time.Sleep(d)
	return e.endpoint.Taken() == before
}

// wreak writes records and lets things go wrong, until the time is over and, where
// the fault has kills, there were enough.
func (e *experiment) wreak(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := make(chan struct{})
	failures := make(chan error, 16)
	var work sync.WaitGroup
	for _, job := range e.fault.jobs {
		work.Go(func() {
			if err := job(ctx, e, stop); err != nil {
				failures <- err
			}
		})
	}
	enough := time.NewTimer(e.limits.duration)
	defer enough.Stop()
	killed := !e.fault.kills
	for timeOver := false; !timeOver || !killed; {
		select {
		case err := <-failures:
			close(stop)
			cancel()
			work.Wait()
			return err
		case <-ctx.Done():
			timeOver, killed = true, true
		case <-enough.C:
			timeOver = true
		case <-time.After(50 * time.Millisecond):
			e.mu.Lock()
			killed = killed || e.kills >= e.limits.kills
			e.mu.Unlock()
		}
	}
	close(stop)
	work.Wait()
	select {
	case err := <-failures:
		return err
	default:
		return nil
	}
}

// recover ends what is still wrong.
func (e *experiment) recover() error {
	e.endpoint.SetFault(nil)
	if e.second != nil {
		e.second.SetFault(nil)
	}
	e.mu.Lock()
	collector := e.collector
	e.mu.Unlock()
	select {
	case <-collector.Ended:
		return e.start()
	default:
		return nil
	}
}

// start starts the collector.
func (e *experiment) start() error {
	delivery := e.setup
	if e.setup == "contrib" {
		delivery = "acknowledged"
	}
	settings := program.OTLP(e.state(), filepath.Join(e.logs(), "app.log*"), e.endpoint.URL, delivery)
	settings.Overrides, settings.Descriptors = e.fault.overrides, e.fault.descriptors
	if e.second != nil {
		settings.Configs = append(settings.Configs, filepath.Join(program.Root(), "test", "chaos", "second.yaml"))
		settings.Env = append(settings.Env, "SECOND_ENDPOINT="+e.second.URL)
	}
	if e.fault.explore {
		settings.Configs = append(settings.Configs, "explore.yaml")
		settings.Env = append(settings.Env, "EXPLORE_DAYS=3650") // the records are of 2025
	}
	if e.setup == "contrib" {
		settings.Configs = []string{filepath.Join(program.Root(), "test", "chaos", "contrib.yaml")}
	}
	collector, err := program.StartCollector(settings)
	if err != nil {
		return err
	}
	e.mu.Lock()
	e.collector = collector
	e.starts++
	e.mu.Unlock()
	return nil
}

// end ends the collector, if it runs.
func (e *experiment) end(how func(*program.Collector)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.collector != nil {
		how(e.collector)
	}
}

// restart ends the collector and starts it again.
func (e *experiment) restart(how func(*program.Collector)) error {
	e.end(how)
	return e.start()
}

// between sleeps for a random time.
func between(ctx context.Context, stop <-chan struct{}, shortest, longest time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-stop:
		return false
	case <-time.After(shortest + time.Duration(rand.Int64N(int64(longest-shortest)))):
		return true
	}
}

var errLost = errors.New("records were lost")
