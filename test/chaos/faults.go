package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/mina-observability/otelcol-mina/test/endpoint"
	"github.com/mina-observability/otelcol-mina/test/loglines"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// job is one of the things that go on at once in an experiment, until stop is closed.
type job func(ctx context.Context, e *experiment, stop <-chan struct{}) error

// fault is what goes wrong in an experiment.
type fault struct {
	name string
	jobs []job
	// kills says that the collector is killed, smallDisk that its state is on a disk
	// that can fill up.
	kills, smallDisk bool
	// second says that there is another destination beside the first.
	second bool
	// explore says that the records are on the page as well.
	explore bool
	// oursOnly says that contrib's set-up has no such input, option or promise.
	oursOnly bool
	// overrides change the collector's settings, descriptors, if not 0, how many files
	// and connections it may have open.
	overrides   []string
	descriptors int
}

var faults = []fault{
	{name: "none", jobs: []job{write(5000, rotateNever)}},
	{name: "SIGKILL", jobs: []job{write(40000, rotateNever), kill}, kills: true},
	{name: "SIGTERM", jobs: []job{write(10000, rotateNever), terminate}},
	{name: "rename", jobs: []job{write(10000, rotateRename)}},
	{name: "copytruncate", jobs: []job{write(10000, rotateCopyTruncate)}},
	{name: "gzip", jobs: []job{write(10000, rotateCompress)}},
	{name: "endpoint down", jobs: []job{write(5000, rotateRename), down}},
	{name: "endpoint 429", jobs: []job{write(5000, rotateNever), answer(endpoint.Fault{Status: http.StatusTooManyRequests, RetryAfter: 1})}},
	{name: "endpoint 503", jobs: []job{write(5000, rotateNever), answer(endpoint.Fault{Status: http.StatusServiceUnavailable})}},
	{name: "cut connections", jobs: []job{write(5000, rotateNever), answer(endpoint.Fault{CutBefore: true})}},
	{name: "slow replies", jobs: []job{write(5000, rotateNever), answer(endpoint.Fault{Delay: 2 * time.Second})}},
	{name: "full disk", jobs: []job{write(5000, rotateRename), fillDisk}, smallDisk: true},
	{name: "full disk + kills", jobs: []job{write(5000, rotateRename), fillDisk, kill}, kills: true, smallDisk: true},
	{name: "full disk + restarts", jobs: []job{write(5000, rotateRename), restartOnFullDisk}, smallDisk: true},
	{name: "read-only state", jobs: []job{write(5000, rotateNever), readOnly}, smallDisk: true},
	{name: "damaged state", jobs: []job{write(5000, rotateNever), damageState}, oursOnly: true},
	{name: "long records", jobs: []job{write(2000, rotateNever), writeLong, kill}, kills: true, oursOnly: true},
	{name: "redirects", jobs: []job{write(5000, rotateNever), redirect}, oursOnly: true},
	{name: "a portal's page", jobs: []job{write(5000, rotateNever), answer(endpoint.Fault{Status: http.StatusOK, Page: "<html><form>Sign in</form></html>"})}, oursOnly: true},
	{
		name: "slow destination", oursOnly: true, overrides: []string{"exporters::lossless_otlp_http::timeout: 1s"},
		jobs: []job{write(5000, rotateNever), answerAll(endpoint.Fault{Delay: 3 * time.Second})},
	},
	{name: "few descriptors", jobs: []job{write(5000, rotateNever), manyFiles}, oursOnly: true, descriptors: 64},
	{name: "one of two down", jobs: []job{write(5000, rotateRename), secondDown, kill}, kills: true, second: true, oursOnly: true},
	{name: "store killed", jobs: []job{write(5000, rotateRename), killStore}, kills: true, explore: true, oursOnly: true},
	{name: "SIGKILL with the page", jobs: []job{write(5000, rotateRename), kill}, kills: true, explore: true, oursOnly: true},
	{name: "store hangs", jobs: []job{write(5000, rotateRename), stopStore}, explore: true, oursOnly: true},
	{name: "clock steps", jobs: []job{stepClock}},
	{name: "many small files", jobs: []job{manyFiles, kill}, kills: true},
	{name: "faster than read", jobs: []job{write(0, rotateNever)}},
	{name: "HTTP intake", jobs: []job{post, kill}, kills: true, oursOnly: true},
	{name: "stalled uploads", jobs: []job{post, stall}, oursOnly: true},
	{name: "HTTP bombs", jobs: []job{post, bomb}, oursOnly: true},
	{
		name: "all together", kills: true,
		jobs: []job{write(10000, rotateAnyway), kill, down, answer(endpoint.Fault{Status: http.StatusServiceUnavailable}), manyFiles},
	},
}

// over waits until a job is to end.
func over(ctx context.Context, stop <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-stop:
	}
}

func write(rate int, how rotation) job {
	return func(_ context.Context, e *experiment, stop <-chan struct{}) error {
		w := &writer{path: filepath.Join(e.logs(), "app.log"), rate: rate, rotate: how}
		return w.write(stop, e.tally.next)
	}
}

// stepClock lets the modification times of the files jump by days: the collector's
// own clock cannot be set without setting the machine's.
func stepClock(_ context.Context, e *experiment, stop <-chan struct{}) error {
	w := &writer{path: filepath.Join(e.logs(), "app.log"), rate: 5000, rotate: rotateAnyway, clock: true}
	return w.write(stop, e.tally.next)
}

func manyFiles(_ context.Context, e *experiment, _ <-chan struct{}) error {
	return writeMany(e.logs(), 2000, 20, e.tally.next)
}

// kill kills the collector at random moments, also while it starts.
func kill(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	for between(ctx, stop, 50*time.Millisecond, 1500*time.Millisecond) {
		if err := e.restart((*program.Collector).Kill); err != nil {
			return err
		}
		e.mu.Lock()
		e.kills++
		e.mu.Unlock()
	}
	return nil
}

// terminate asks the collector to end, again and again.
func terminate(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	for between(ctx, stop, 500*time.Millisecond, 1500*time.Millisecond) {
		if err := e.restart((*program.Collector).Stop); err != nil {
			return err
		}
	}
	return nil
}

// down closes the endpoint now and then.
func down(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	for between(ctx, stop, 500*time.Millisecond, 2*time.Second) {
		e.endpoint.Close()
		between(ctx, stop, time.Second, 3*time.Second)
		if err := e.endpoint.Reopen(); err != nil {
			return err
		}
	}
	return nil
}

// answer lets two of three requests of every second second meet a fault.
func answer(how endpoint.Fault) job {
	return func(ctx context.Context, e *experiment, stop <-chan struct{}) error {
		begin := time.Now()
		e.endpoint.SetFault(func(request int64) endpoint.Fault {
			if time.Since(begin)/time.Second%2 == 1 && request%3 != 0 {
				// The sender cannot tell whether a cut request was taken.
				if how.CutBefore && request%2 == 0 {
					return endpoint.Fault{CutAfter: true}
				}
				return how
			}
			return endpoint.Fault{}
		})
		over(ctx, stop)
		return nil
	}
}

// answerAll lets every request meet a fault.
func answerAll(how endpoint.Fault) job {
	return func(ctx context.Context, e *experiment, stop <-chan struct{}) error {
		e.endpoint.SetFault(func(int64) endpoint.Fault { return how })
		over(ctx, stop)
		return nil
	}
}

var errFollowed = errors.New("a redirect was followed")

// redirect answers some requests with each kind of redirect, to a host that takes
// everything.
func redirect(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	other, err := endpoint.New(nil)
	if err != nil {
		return err
	}
	defer other.Close()
	kinds := []int{
		http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect,
	}
	e.endpoint.SetFault(func(request int64) endpoint.Fault {
		if request%3 == 0 {
			return endpoint.Fault{}
		}
		return endpoint.Fault{Status: kinds[request%int64(len(kinds))], Location: other.URL + "/v1/logs?token=of-nobody"}
	})
	over(ctx, stop)
	if other.Requests() > 0 {
		return errFollowed
	}
	return nil
}

// secondDown closes the second destination for most of the time.
func secondDown(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	for between(ctx, stop, 200*time.Millisecond, 500*time.Millisecond) {
		e.second.Close()
		between(ctx, stop, 6*time.Second, 9*time.Second)
		if err := e.second.Reopen(); err != nil {
			return err
		}
	}
	return nil
}

// killStore kills the store of the page, also while it starts.
func killStore(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	for between(ctx, stop, 500*time.Millisecond, 2*time.Second) {
		if e.signalStore(syscall.SIGKILL) {
			e.mu.Lock()
			e.kills++
			e.mu.Unlock()
		}
	}
	return nil
}

// stopStore has the store of the page hang for most of the time.
func stopStore(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	for between(ctx, stop, time.Second, 2*time.Second) {
		e.signalStore(syscall.SIGSTOP)
		between(ctx, stop, 60*time.Second, 61*time.Second)
		e.signalStore(syscall.SIGCONT)
	}
	return nil
}

// writeLong writes records of up to 240 KB among the others: a JSON line, and a text
// record with its traceback.
func writeLong(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	file, err := os.OpenFile(filepath.Join(e.logs(), "app.log.long"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	for between(ctx, stop, 50*time.Millisecond, 150*time.Millisecond) {
		first := e.tally.next(2)
		text := loglines.Shape{Size: 240 << 10, Fields: 20}.Append(nil, first)
		text = fmt.Appendf(text, "2025-10-01 16:12:05,785 ERROR app: Transcription failed, record %d\nTraceback (most recent call last):\n", first+1)
		for len(text) < 480<<10 {
			text = append(text, "  File \"/srv/mina/app.py\", line 117, in process\n    result = client.submit(audio, timeout=30)\n"...)
		}
		if _, err := file.Write(append(text, "TimeoutError: no answer\n"...)); err != nil {
			return err
		}
	}
	return nil
}

// mountSmallDisk mounts a disk of 24 MiB, which takes root.
func mountSmallDisk(dir string) (undo func(), err error) {
	out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=24m", "mina-chaos", dir).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("left out: mounting a small disk takes root (%s)", bytes.TrimSpace(out))
	}
	return func() { _ = exec.Command("umount", "--lazy", dir).Run() }, nil
}

// fillDisk fills the disk with the state, and makes room again.
func fillDisk(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	return whileDiskIsFull(ctx, e, stop, func() error {
		between(ctx, stop, time.Second, 3*time.Second)
		return nil
	})
}

// restartOnFullDisk restarts the collector while the disk with its state is full, and
// its destination is down, so that there is something in its queue.
func restartOnFullDisk(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	return whileDiskIsFull(ctx, e, stop, func() error {
		e.endpoint.Close()
		for _, how := range []func(*program.Collector){(*program.Collector).Stop, (*program.Collector).Kill, (*program.Collector).Stop} {
			if err := e.restart(how); err != nil {
				return err
			}
			between(ctx, stop, 300*time.Millisecond, 700*time.Millisecond)
		}
		return e.endpoint.Reopen()
	})
}

// whileDiskIsFull fills the disk with the state, does something, and makes room again.
func whileDiskIsFull(ctx context.Context, e *experiment, stop <-chan struct{}, do func() error) error {
	filler := filepath.Join(e.state(), "filler")
	for between(ctx, stop, 500*time.Millisecond, time.Second) {
		file, err := os.Create(filler)
		if err != nil {
			continue // it is full already
		}
		for block := make([]byte, 64<<10); err == nil; {
			_, err = file.Write(block)
		}
		_ = file.Close()
		if err := errors.Join(do(), os.Remove(filler)); err != nil {
			return err
		}
	}
	return nil
}

// readOnly starts the collector while its state cannot be written.
func readOnly(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	for between(ctx, stop, time.Second, 2*time.Second) {
		e.end((*program.Collector).Kill)
		if out, err := exec.Command("mount", "-o", "remount,ro", e.state()).CombinedOutput(); err != nil {
			return fmt.Errorf("cannot remount: %s", out)
		}
		if err := e.start(); err != nil {
			return err
		}
		between(ctx, stop, time.Second, 2*time.Second)
		e.end((*program.Collector).Kill)
		if out, err := exec.Command("mount", "-o", "remount,rw", e.state()).CombinedOutput(); err != nil {
			return fmt.Errorf("cannot remount: %s", out)
		}
		if err := e.start(); err != nil {
			return err
		}
	}
	return nil
}

// post sends records over HTTP, and sends again what was not answered with 202.
func post(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	client := &http.Client{Timeout: 15 * time.Second}
	var body []byte
	for between(ctx, stop, time.Millisecond, 5*time.Millisecond) {
		const each = 50
		first := e.tally.next(each)
		body = body[:0]
		for i := range each {
			body = shape.Append(body, first+i)
		}
		for accepted := false; !accepted; {
			if ctx.Err() != nil {
				return errors.New("not every record was accepted before the experiment ended")
			}
			response, err := client.Post("http://"+e.intake()+"/v1/mina", "application/x-ndjson", bytes.NewReader(body))
			if err != nil {
				time.Sleep(10 * time.Millisecond)
				continue
			}
			_ = response.Body.Close()
			accepted = response.StatusCode == http.StatusAccepted
		}
	}
	return nil
}
