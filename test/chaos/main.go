package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"
)

func main() {
	var l limits
	only := flag.String("faults", "", "the faults, with commas between them, of which one is kafka and one alerts (all)")
	with := flag.String("setups", strings.Join(setups, ","), "the set-ups, with commas between them")
	flag.DurationVar(&l.duration, "duration", 10*time.Second, "how long records are written, for each fault and set-up")
	flag.IntVar(&l.kills, "kills", 100, "how many times the collector is killed, where it is")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, l, split(*only), split(*with))
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

// run carries out the experiments and prints a line for each.
func run(ctx context.Context, l limits, only, with []string) error {
	fmt.Printf("%-17s %-13s %5s %9s %9s %6s %10s %8s %8s\n",
		"fault", "set-up", "kills", "written", "delivered", "lost", "duplicated", "per kill", "peak MiB")
	var failure error
	for _, f := range faults {
		if only != nil && !slices.Contains(only, f.name) {
			continue
		}
		for _, setup := range with {
			if f.oursOnly && setup == "contrib" || ctx.Err() != nil {
				continue
			}
			e := &experiment{setup: setup, fault: f, limits: l}
			r, err := e.run(ctx)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", f.name, setup, err)
			}
			if r.note != "" {
				fmt.Printf("%-17s %-13s %s\n", f.name, setup, r.note)
				continue
			}
			fmt.Printf("%-17s %-13s %5d %9d %9d %6d %10d %8d %8d\n",
				f.name, setup, r.kills, r.written, r.delivered, r.lost, r.duplicated, r.duplicated/max(r.kills, 1), r.peak>>20)
			if r.lost > 0 && setup != "contrib" {
				failure = errLost
			}
		}
	}
	if only == nil || slices.Contains(only, "kafka") {
		failure = errors.Join(failure, printKafka(ctx, l))
	}
	if only == nil || slices.Contains(only, "alerts") {
		failure = errors.Join(failure, printAlerts(ctx, l.kills))
	}
	return failure
}
