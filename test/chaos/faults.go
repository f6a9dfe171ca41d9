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
	"time"

	"github.com/mina-observability/otelcol-mina/test/endpoint"
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
	// http says that records come in over HTTP, which contrib's set-up has not.
	http bool
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
	{name: "read-only state", jobs: []job{write(5000, rotateNever), readOnly}, smallDisk: true},
	{name: "clock steps", jobs: []job{stepClock}},
	{name: "many small files", jobs: []job{manyFiles, kill}, kills: true},
	{name: "faster than read", jobs: []job{write(0, rotateNever)}},
	{name: "HTTP intake", jobs: []job{post, kill}, kills: true, http: true},
	{name: "stalled uploads", jobs: []job{post, stall}, http: true},
	{name: "HTTP bombs", jobs: []job{post, bomb}, http: true},
	{
		name: "all together", kills: true,
		jobs: []job{write(10000, rotateAnyway), kill, down, answer(endpoint.Fault{Status: http.StatusServiceUnavailable}), manyFiles},
	},
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
		select {
		case <-ctx.Done():
		case <-stop:
		}
		return nil
	}
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
		between(ctx, stop, time.Second, 3*time.Second)
		if err := os.Remove(filler); err != nil {
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
