package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/test/program"
)

const (
	// roundTime is how long the records of a round are written, in which the kill falls.
	roundTime = 400 * time.Millisecond
	// toldWithin is how long the last alerts may take.
	toldWithin = 30 * time.Second
)

// alerting is the experiment with the four shipped alerts. In every round each of them has
// exactly as many records as it takes, and as many less one in another group, while the
// collector is killed.
type alerting struct {
	dir       string
	witness   *witness
	collector *program.Collector
	app       *writer
	// expected are the alerts that have to fire.
	expected map[string]bool
}

// runAlerts kills the collector once a round, and tells what has become of the alerts.
func runAlerts(ctx context.Context, kills int) (records, posts verdict, err error) {
	dir, err := os.MkdirTemp("", "mina-chaos-")
	if err != nil {
		return records, posts, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	a := &alerting{dir: dir, witness: newWitness(), expected: map[string]bool{}}
	defer a.witness.Close()
	a.app = &writer{path: filepath.Join(dir, "app.log"), rotate: rotateAnyway, dated: true}
	if err := a.app.open(); err != nil {
		return records, posts, err
	}
	defer func() { _ = a.app.file.Close() }()
	if err := a.start(); err != nil {
		return records, posts, err
	}
	defer func() { a.collector.Kill() }()
	for round := range kills {
		if ctx.Err() != nil {
			break
		}
		if err := a.round(round); err != nil {
			return records, posts, err
		}
	}
	a.app.jobs.Wait()
	return a.settle(ctx)
}

func (a *alerting) start() (err error) {
	settings := program.OTLP(filepath.Join(a.dir, "state"), filepath.Join(a.dir, "app.log*"), a.witness.URL, "acknowledged")
	settings.Configs = append(settings.Configs, "alerts.yaml")
	settings.Env = append(settings.Env, "ALERTMANAGER_URL="+a.witness.URL)
	settings.Overrides = []string{
		"connectors::alert::rules::ErrorBurst::group_by: [scope.name]", // so that each round has its own
		"receivers::mina::file::poll_interval: 20ms",                   // so that much happens in a round
	}
	a.collector, err = program.StartCollector(settings)
	return err
}

// round writes the records of a round, and kills the collector somewhere in between. Every
// third round finds it still starting, and every fifth rotates the log.
func (a *alerting) round(number int) error {
	if number%3 != 0 {
		if err := a.collector.WaitReady(); err != nil {
			return err
		}
	}
	lines := a.lines(number)
	pause := roundTime / time.Duration(len(lines))
	kill, rotate := rand.IntN(len(lines)+2), rand.IntN(5*len(lines))
	for i := range len(lines) + 2 {
		if i == kill {
			time.Sleep(rand.N(pause))
			a.collector.Kill()
			if err := a.start(); err != nil {
				return err
			}
		}
		if i == rotate {
			if err := a.app.rotateNow(); err != nil {
				return err
			}
		}
		if i < len(lines) {
			if _, err := a.app.file.WriteString(stamped(lines[i])); err != nil {
				return err
			}
		}
		time.Sleep(pause)
	}
	return nil
}

// stamped gives a line its time.
func stamped(line string) string {
	return fmt.Sprintf(`{"timestamp": "%s", "process_id": 7, %s}`+"\n", time.Now().UTC().Format(time.RFC3339Nano), line)
}

// lines returns what a round writes: the records of each alert in their order, and those
// of several mixed.
func (a *alerting) lines(round int) (mixed []string) {
	enough, almost := fmt.Sprintf("enough-%d", round), fmt.Sprintf("almost-%d", round)
	address := func(network int) string { return fmt.Sprintf("10.%d.%d.%d", network, round/250, round%250) }
	login := func(network int) string {
		return fmt.Sprintf(`"logger": "app", "level": "WARNING", "message": "Login failed", "http": {"ip": "%s"}`, address(network))
	}
	slow := func(logger string, ms int) string {
		return fmt.Sprintf(`"logger": "%s", "level": "INFO", "message": "Request handled", "processing_time_ms": %d`, logger, ms)
	}
	failed := func(logger, level string) string {
		return fmt.Sprintf(`"logger": "%s", "level": "%s", "message": "failed"`, logger, level)
	}
	for _, alert := range []string{"FailedLogins " + address(1), "ErrorBurst " + enough, "SlowProcessing " + enough, "CriticalRecord " + enough} {
		a.expected[alert] = true
	}
	return mix([][]string{
		repeat(login(1), 6), repeat(login(2), 5),
		repeat(failed(enough, "ERROR"), 11), repeat(failed(almost, "ERROR"), 10),
		repeat(slow(enough, 5001), 3),
		{slow(almost, 5001), slow(almost, 5001), slow(almost, 5000), slow(almost, 5001), slow(almost, 5001)},
		{failed(enough, "CRITICAL")},
	})
}

func repeat(line string, n int) []string {
	return strings.Split(strings.TrimSuffix(strings.Repeat(line+"\n", n), "\n"), "\n")
}

// mix returns the lines of all in any order that keeps that of each.
func mix(all [][]string) (mixed []string) {
	var order []int
	for i, lines := range all {
		for range lines {
			order = append(order, i)
		}
	}
	rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, i := range order {
		mixed, all[i] = append(mixed, all[i][0]), all[i][1:]
	}
	return mixed
}

// settle waits until every alert has been told, and a while for those that should not be.
func (a *alerting) settle(ctx context.Context) (records, posts verdict, err error) {
	for until := time.Now().Add(toldWithin); ; time.Sleep(50 * time.Millisecond) {
		records, posts = a.witness.verdicts(a.expected)
		if len(records.never)+len(posts.never) == 0 || time.Now().After(until) || ctx.Err() != nil {
			break
		}
	}
	select {
	case <-time.After(2 * time.Second):
	case <-ctx.Done():
	}
	a.collector.Stop()
	records, posts = a.witness.verdicts(a.expected)
	return records, posts, ctx.Err()
}

var errAlerts = errors.New("alerts have fired twice, not at all, or without a reason")

// printAlerts carries the experiment out, and prints what has become of the alerts.
func printAlerts(ctx context.Context, kills int) error {
	records, posts, err := runAlerts(ctx, kills)
	if err != nil {
		return fmt.Errorf("alerts: %w", err)
	}
	fmt.Printf("%-17s %-13s %5s %9s %9s %6s %10s\n", "alerts", "told", "kills", "once", "twice", "never", "wrong")
	for _, told := range []struct {
		whom string
		verdict
	}{{"destination", records}, {"Alertmanager", posts}} {
		fmt.Printf("%-17s %-13s %5d %9d %9d %6d %10d\n", "", told.whom, kills, told.once, len(told.twice), len(told.never), len(told.wrong))
	}
	if !records.isGood() || !posts.isGood() {
		return errAlerts
	}
	return nil
}
