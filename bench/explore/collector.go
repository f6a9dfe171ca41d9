package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/bench/turns"
	"github.com/mina-observability/otelcol-mina/test/endpoint"
	"github.com/mina-observability/otelcol-mina/test/program"
)

const (
	// paced is how many lines a second are written: the page's copy is dropped where the
	// engine cannot follow, and a record that is dropped costs less.
	paced = 10_000
	// turnTime is for how long a collector has lines to read, and idleTime for how long an
	// engine with nothing to do is watched.
	turnTime, idleTime = 10 * time.Second, time.Minute
	turnDeadline       = 2 * time.Minute
)

// collector compares the CPU time of a collector that shows the page with that of one that
// does not: on the same lines, in turns, both with another destination. Then it watches what
// the engine takes while nothing happens.
func (b *bench) collector() error {
	rounds := max(1, b.rounds/3)
	var without, with, engine, ratios []float64
	var idle float64
	for i := range rounds {
		a, err := b.turn(false, false)
		if err != nil {
			return err
		}
		c, err := b.turn(true, i == rounds-1)
		if err != nil {
			return err
		}
		without, with, engine, ratios = append(without, a.collector), append(with, c.collector), append(engine, c.engine), append(ratios, c.collector/a.collector)
		idle = c.idle
	}
	fmt.Printf("CPU µs a record: %.1f without the page, %.1f with it, and %.1f of the engine's\n", turns.Median(without), turns.Median(with), turns.Median(engine))
	goal(fmt.Sprintf("the collector with the page, of without (median of %d pairs)", rounds), turns.Median(ratios), 1.6)
	goal("an engine without anything to do, % of a core", 100*idle, 0.3)
	return nil
}

// spent is what a turn took: CPU time a record in µs, and of a core while idle.
type spent struct{ collector, engine, idle float64 }

func (b *bench) turn(withPage, thenIdle bool) (s spent, err error) {
	dir, err := os.MkdirTemp(b.dir, "turn-")
	if err != nil {
		return s, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	destination, err := endpoint.New(nil)
	if err != nil {
		return s, err
	}
	defer destination.Close()
	log := filepath.Join(dir, "app.log")
	settings := program.OTLP(filepath.Join(dir, "state"), log, destination.URL, "acknowledged")
	settings.Env = append(settings.Env, "OTLP_COMPRESSION=none")
	if withPage {
		settings.Configs = append(settings.Configs, "explore.yaml")
	}
	c, err := program.StartCollector(settings)
	if err != nil {
		return s, err
	}
	defer c.Stop()
	if err := c.WaitReady(); err != nil {
		return s, err
	}
	ours, engines := c.CPU(), program.CPU(c.Store.PID())
	records, err := writePaced(log)
	if err != nil {
		return s, err
	}
	if err := arrived(records, func() int { return int(destination.Taken()) }); err != nil {
		return s, fmt.Errorf("the destination: %w", err)
	}
	if withPage {
		if err := arrived(records, func() int { return stored(c) }); err != nil {
			return s, fmt.Errorf("the store: %w", err)
		}
	}
	each := func(cpu time.Duration) float64 { return cpu.Seconds() * 1e6 / float64(records) }
	s = spent{collector: each(c.CPU() - ours), engine: each(program.CPU(c.Store.PID()) - engines)}
	if thenIdle {
		time.Sleep(settled) // it writes to the disk what it has in memory
		engines = program.CPU(c.Store.PID())
		time.Sleep(idleTime)
		s.idle = (program.CPU(c.Store.PID()) - engines).Seconds() / idleTime.Seconds()
	}
	return s, nil
}

// writePaced writes lines of now as an application does, a tenth of a second's at a time.
func writePaced(path string) (records int, err error) {
	const portions, each = 10, paced / 10
	file, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	ticker := time.NewTicker(time.Second / portions)
	defer ticker.Stop()
	for range int(turnTime.Seconds()) * portions {
		var lines bytes.Buffer
		now := time.Now().UTC()
		if err := writeLines(&lines, each, now, now.Add(time.Second/portions)); err != nil {
			return records, err
		}
		<-ticker.C
		if _, err := file.Write(lines.Bytes()); err != nil {
			return records, err
		}
		records += each
	}
	return records, file.Close()
}

// arrived waits until as many records have.
func arrived(records int, have func() int) error {
	for end := time.Now().Add(turnDeadline); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if have() >= records {
			return nil
		}
	}
	return fmt.Errorf("%d of %d records after %s", have(), records, turnDeadline)
}

// stored returns how many records the store of a collector has.
func stored(c *program.Collector) (n int) {
	text, err := c.Store.Query("* | stats count() n")
	if err != nil {
		return 0
	}
	_, _ = fmt.Sscanf(strings.TrimSpace(text), `{"n":"%d"}`, &n)
	return n
}
