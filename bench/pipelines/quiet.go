package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/mina-observability/otelcol-mina/test/endpoint"
	"github.com/mina-observability/otelcol-mina/test/loglines"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// idleTime is how long an idle collector is watched.
const idleTime = 20 * time.Second

// idle returns the share of a core and the memory that ours takes while nothing is
// written to a number of files, and how long it took from the start of the process
// to the first record.
func idle(dir string, files int) (core float64, resident int64, first time.Duration, err error) {
	l, err := writeLoad(dir, loglines.Typical, files*10, files)
	if err != nil {
		return 0, 0, 0, err
	}
	destination, err := endpoint.New(nil)
	if err != nil {
		return 0, 0, 0, err
	}
	defer destination.Close()
	state, err := os.MkdirTemp(dir, "state-")
	if err != nil {
		return 0, 0, 0, err
	}
	begin := time.Now()
	collector, err := program.StartCollector(program.OTLP(state, filepath.Join(filepath.Dir(l.files[0]), "*.log"), destination.URL, "acknowledged"))
	if err != nil {
		return 0, 0, 0, err
	}
	defer collector.Stop()
	for until := time.Now().Add(deadline); destination.Taken() < int64(l.records); time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			return 0, 0, 0, fmt.Errorf("%d of %d records", destination.Taken(), l.records)
		}
	}
	first = destination.FirstTaken().Sub(begin)
	cpu := collector.CPU()
	time.Sleep(idleTime)
	return (collector.CPU() - cpu).Seconds() / idleTime.Seconds(), collector.Resident(), first, nil
}
