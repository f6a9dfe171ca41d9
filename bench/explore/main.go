package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
)

// bench is what is measured, and with how much.
type bench struct {
	dir string
	// records are in the log that jq reads, and many in the one of which the last hour is
	// asked for.
	records, many int
	rounds        int
}

// sections are the measurements, in the order in which they are printed.
var sections = []struct {
	name string
	run  func(*bench) error
}{
	{"questions", (*bench).questions},
	{"hour", (*bench).hour},
	{"collector", (*bench).collector},
}

func main() {
	b := &bench{}
	flag.IntVar(&b.records, "records", 1_000_000, "records of the log that jq reads")
	flag.IntVar(&b.many, "many", 10_000_000, "records of the store whose last hour is asked for")
	flag.IntVar(&b.rounds, "rounds", 15, "how often the page is asked a question, and a third of it how often a collector has its turn")
	only := flag.String("only", "", "the sections to measure, with commas between them (all)")
	flag.Parse()
	if err := b.run(*only); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (b *bench) run(only string) (err error) {
	if b.dir, err = os.MkdirTemp("", "mina-explore-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.dir) }()
	for _, section := range sections {
		if only == "" || slices.Contains(strings.Split(only, ","), section.name) {
			fmt.Printf("\n%s\n\n", section.name)
			if err := section.run(b); err != nil {
				return fmt.Errorf("%s: %w", section.name, err)
			}
		}
	}
	return nil
}

// goal prints whether one has been reached.
func goal(what string, value, most float64) {
	verdict := "reached"
	if value > most {
		verdict = "MISSED"
	}
	fmt.Printf("%s: %.2f, at most %.2f: %s\n", what, value, most, verdict)
}
