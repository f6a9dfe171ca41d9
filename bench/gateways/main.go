package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/mina-observability/otelcol-mina/bench/turns"
)

// bench is one measurement that is printed.
type bench struct {
	dir     string
	records int
	rounds  int
	kafka   *kafka
	// topics are the long and the short messages.
	topics []topic
	// turn is the number of the last turn: each has a state and a consumer group of its own.
	turn int
}

const (
	// shortMessage is how many records an agent with little traffic has in a message.
	shortMessage = 5
	// away is how far a destination is that is not on loopback: there and back.
	away = 20 * time.Millisecond
)

func main() {
	b := &bench{}
	flag.IntVar(&b.records, "records", 200_000, "records of a turn in long messages; short messages have a quarter")
	flag.IntVar(&b.rounds, "rounds", 3, "how often each has its turn")
	flag.Parse()
	if err := b.run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (b *bench) run() (err error) {
	if b.dir, err = os.MkdirTemp("", "mina-bench-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.dir) }()
	if b.kafka, err = startKafka(); err != nil {
		return err
	}
	defer b.kafka.close()
	fmt.Printf("%-52s %12s %10s %9s %9s\n", "", "rec/CPU-s", "rec/s", "rec/req", "peak MB")
	if err := b.fill(); err != nil {
		return err
	}
	for _, delay := range []time.Duration{0, away} {
		for _, t := range b.topics {
			fmt.Printf("\n%d records a message, the destination %s away\n", t.each(), delay)
			if err := b.turns(t, delay); err != nil {
				return err
			}
		}
	}
	return nil
}

// turns lets the contenders take turns, and prints what each took.
func (b *bench) turns(t topic, delay time.Duration) error {
	results, err := turns.Take(b.rounds, contenders, func(c contender) (result, error) {
		r, err := b.deliver(c, t, delay)
		if err != nil {
			err = fmt.Errorf("%s: %w", c.name, err)
		}
		return r, err
	})
	if err != nil {
		return err
	}
	for i, c := range contenders {
		show(c.name, results[i])
	}
	return nil
}
