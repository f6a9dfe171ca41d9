package main

import (
	"fmt"
	"slices"
	"time"
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
	median := func(of func(result) float64) float64 {
		values := make([]float64, len(results))
		for i, r := range results {
			values[i] = of(r)
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	fmt.Printf("%-52s %12.0f %10.0f %9.0f %9.0f\n", name, median(result.perCPUSecond), median(result.perSecond), median(result.perRequest), median(result.megabytes))
}
