package main

import (
	"fmt"
	"time"

	"github.com/mina-observability/otelcol-mina/bench/turns"
)

// result is what it took.
type result struct {
	records, requests int64
	cpu, wall         time.Duration
	peak              int64
}

func (r result) perCPUSecond() float64 { return float64(r.records) / r.cpu.Seconds() }

func (r result) perSecond() float64 { return float64(r.records) / r.wall.Seconds() }

func (r result) perRequest() float64 { return float64(r.records) / float64(max(r.requests, 1)) }

func (r result) megabytes() float64 { return float64(r.peak) / 1e6 }

// show prints the medians of some turns.
func show(name string, results []result) {
	fmt.Printf("%-52s %12.0f %10.0f %9.0f %9.0f\n", name,
		turns.MedianOf(results, result.perCPUSecond), turns.MedianOf(results, result.perSecond), turns.MedianOf(results, result.perRequest), turns.MedianOf(results, result.megabytes))
}
