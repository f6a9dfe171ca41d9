package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/mina-observability/otelcol-mina/test/endpoint"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// result is what it took.
type result struct {
	records   int
	cpu, wall time.Duration
	peak      int64
}

// perCPUSecond returns how many records one second of CPU was enough for.
func (r result) perCPUSecond() float64 { return float64(r.records) / r.cpu.Seconds() }

// perSecond returns how many records were delivered in a second.
func (r result) perSecond() float64 { return float64(r.records) / r.wall.Seconds() }

// deadline bounds one run.
const deadline = 10 * time.Minute

// run lets a contender deliver a load. The collector is ready, and has found
// nothing to read, before the files appear: what it takes to start is not counted.
func run(c contender, l load) (result, error) {
	dir, err := os.MkdirTemp("", "mina-bench-")
	if err != nil {
		return result{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	logs := filepath.Join(dir, "logs")
	if err := os.Mkdir(logs, 0o755); err != nil {
		return result{}, err
	}
	destination, err := endpoint.New(nil)
	if err != nil {
		return result{}, err
	}
	defer destination.Close()
	if l.delay > 0 {
		destination.SetFault(func(int64) endpoint.Fault { return endpoint.Fault{Delay: l.delay} })
	}
	settings := program.OTLP(filepath.Join(dir, "state"), filepath.Join(logs, "*.log"), destination.URL, "acknowledged")
	settings.Configs, settings.Overrides = c.configs, c.overrides
	settings.Env = append(settings.Env, c.env...)
	collector, err := program.StartCollector(settings)
	if err != nil {
		return result{}, err
	}
	defer collector.Stop()
	if err := collector.WaitReady(); err != nil {
		return result{}, err
	}
	cpu, begin := collector.CPU(), time.Now()
	for _, file := range l.files {
		if err := os.Link(file, filepath.Join(logs, filepath.Base(file))); err != nil {
			return result{}, err
		}
	}
	for destination.Taken() < int64(l.records) {
		if time.Since(begin) > deadline {
			return result{}, fmt.Errorf("%s: %d of %d records after %s", c.name, destination.Taken(), l.records, deadline)
		}
		select {
		case <-collector.Ended:
			return result{}, fmt.Errorf("%s: the collector has ended: %s", c.name, collector.Output())
		case <-time.After(2 * time.Millisecond):
		}
	}
	r := result{
		records: l.records, cpu: collector.CPU() - cpu, wall: time.Since(begin), peak: collector.PeakResident(),
	}
	if taken := destination.Taken(); taken != int64(l.records) {
		return r, fmt.Errorf("%s: delivered %d records instead of %d", c.name, taken, l.records)
	}
	return r, nil
}
