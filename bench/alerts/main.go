// Command alerts prints what the connector alert costs: a record that ten rules look at, a
// hundred thousand groups, and a storm of them.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
)

// sections are the measurements, in the order in which they are printed.
var sections = []struct {
	name  string
	print func() error
}{{"records", printRecords}, {"groups", printGroups}, {"storm", printStorm}}

func main() {
	only := flag.String("only", "", "the sections to measure, with commas between them (all)")
	flag.Parse()
	for _, section := range sections {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), section.name) {
			continue
		}
		if err := section.print(); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", section.name, err)
			os.Exit(1)
		}
	}
}
