package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/bench/turns"
	"github.com/mina-observability/otelcol-mina/test/loglines"
)

// bench is one measurement that is printed.
type bench struct {
	dir     string
	rounds  int
	records int
}

// sections are the measurements, in the order in which they are printed.
var sections = []struct {
	name string
	run  func(*bench) error
}{
	{"pipelines", (*bench).pipelines},
	{"shapes", (*bench).shapes},
	{"files", (*bench).files},
	{"metrics", (*bench).metrics},
	{"cores", (*bench).cores},
	{"distance", (*bench).distance},
	{"backlog", (*bench).backlog},
	{"idle", (*bench).idle},
}

func main() {
	b := &bench{}
	flag.IntVar(&b.rounds, "rounds", 5, "how often each contender has its turn")
	flag.IntVar(&b.records, "records", 600000, "records of a turn of ours; contrib's has a tenth")
	only := flag.String("only", "", "the sections to measure, with commas between them (all)")
	flag.Parse()
	if err := b.run(*only); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (b *bench) run(only string) (err error) {
	if b.dir, err = os.MkdirTemp("", "mina-bench-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.dir) }()
	for _, section := range sections {
		if only == "" || slices.Contains(strings.Split(only, ","), section.name) {
			fmt.Printf("\n%s\n", section.name)
			if err := section.run(b); err != nil {
				return fmt.Errorf("%s: %w", section.name, err)
			}
		}
	}
	return nil
}

// turn is a contender with its load.
type turn struct {
	contender
	load
}

// turns lets the contenders take turns, and prints for each what it took and how it compares
// with the first.
func (b *bench) turns(all ...turn) ([][]result, error) {
	results, err := turns.Take(b.rounds, all, func(t turn) (result, error) { return run(t.contender, t.load) })
	if err != nil {
		return nil, err
	}
	fmt.Printf("%-28s %12s %12s %9s %9s %22s\n", "", "rec/CPU-s", "rec/s", "us/rec", "peak MB", "first is so many times")
	for i, t := range all {
		perCPU := turns.MedianOf(results[i], result.perCPUSecond)
		ratios := make([]float64, b.rounds)
		for round := range ratios {
			ratios[round] = results[0][round].perCPUSecond() / results[i][round].perCPUSecond()
		}
		slices.Sort(ratios)
		fmt.Printf("%-28s %12.0f %12.0f %9.2f %9.0f %8.2f (%.2f to %.2f)\n", t.name, perCPU, turns.MedianOf(results[i], result.perSecond), 1e6/perCPU,
			turns.MedianOf(results[i], func(r result) float64 { return float64(r.peak) / 1e6 }), ratios[len(ratios)/2], ratios[0], ratios[len(ratios)-1])
	}
	return results, nil
}

// loads writes what ours has to deliver, and the tenth of it that contrib's has to.
func (b *bench) loads(shape loglines.Shape, records int) (big, small load, err error) {
	if big, err = writeLoad(b.dir, shape, records, 1); err != nil {
		return big, small, err
	}
	small, err = writeLoad(b.dir, shape, records/10, 1)
	return big, small, err
}

func (b *bench) pipelines() error {
	big, small, err := b.loads(loglines.Typical, b.records)
	if err != nil {
		return err
	}
	all := []turn{{ours, big}, {contrib, small}, {contribDurable, small}, {queued, big}}
	for _, part := range parts {
		all = append(all, turn{part, big})
	}
	if _, err := b.turns(all...); err != nil {
		return err
	}
	if _, err := b.turns(turn{gzipped, big}, turn{contribGzip, small}); err != nil {
		return err
	}
	r, err := floor(big)
	if err != nil {
		return err
	}
	fmt.Printf("%-28s %12.0f %12s %9.2f\n", "floor, in one process", r.perCPUSecond(), "", 1e6/r.perCPUSecond())
	return nil
}

// metrics measures what config/metrics.yaml adds to a record.
func (b *bench) metrics() error {
	big, err := writeLoad(b.dir, loglines.Typical, b.records, 1)
	if err != nil {
		return err
	}
	all := []turn{{ours, big}}
	for _, c := range counting {
		all = append(all, turn{c, big})
	}
	_, err = b.turns(all...)
	return err
}

func (b *bench) shapes() error {
	for _, shape := range []loglines.Shape{{Size: 300, Fields: 5}, {Size: 650, Fields: 5}, {Size: 650, Fields: 20}, {Size: 2500, Fields: 100}, {Size: 5000, Fields: 20}} {
		big, small, err := b.loads(shape, b.records*650/max(shape.Size, 650)/2)
		if err != nil {
			return err
		}
		if _, err := b.turns(turn{ours.with(fmt.Sprintf("ours, %d B, %d fields", shape.Size, shape.Fields)), big}, turn{contrib, small}); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) files() error {
	var all []turn
	for _, files := range []int{1, 10, 100, 1000} {
		l, err := writeLoad(b.dir, loglines.Typical, b.records, files)
		if err != nil {
			return err
		}
		all = append(all, turn{ours.with(fmt.Sprintf("ours, %d files", files)), l})
	}
	_, err := b.turns(all...)
	return err
}

func (b *bench) cores() error {
	big, small, err := b.loads(loglines.Typical, b.records)
	if err != nil {
		return err
	}
	for _, cores := range []string{"GOMAXPROCS=1", "GOMAXPROCS=2"} {
		if _, err := b.turns(turn{ours.with("ours, "+cores, cores), big}, turn{contrib.with("contrib, "+cores, cores), small}); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) distance() error {
	near, err := writeLoad(b.dir, loglines.Typical, b.records, 1)
	if err != nil {
		return err
	}
	far := near
	far.delay = 50 * time.Millisecond
	results, err := b.turns(turn{ours.with("ours, loopback"), near}, turn{ours.with("ours, 50 ms away"), far})
	if err == nil {
		fmt.Printf("50 ms away: %.0f %% of the records per second\n", 100*turns.MedianOf(results[1], result.perSecond)/turns.MedianOf(results[0], result.perSecond))
	}
	return err
}

// backlogSize is the length of the backlog in bytes.
const backlogSize = 2e9

func (b *bench) backlog() error {
	l, err := writeLoad(b.dir, loglines.Typical, backlogSize/loglines.Typical.Size, 1)
	if err != nil {
		return err
	}
	r, err := run(ours, l)
	if err == nil {
		fmt.Printf("%d records in %s, peak %d MB resident\n", r.records, r.wall.Round(time.Second), r.peak/1e6)
	}
	return err
}

func (b *bench) idle() error {
	core, resident, first, err := idle(b.dir, 100)
	if err == nil {
		fmt.Printf("100 files, nothing written: %.2f %% of a core, %d MB resident; start to first record %d ms\n", 100*core, resident/1e6, first.Milliseconds())
	}
	return err
}
