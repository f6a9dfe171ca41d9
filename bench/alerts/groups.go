package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
)

// manyGroups is how many addresses there are.
const manyGroups = 100_000

var rulesOfManyGroups = fmt.Appendf(nil,
	`rules: {FailedLogins: {kind: count, condition: 'IsMatch(body, "Login failed")', window: 10m, threshold: 5, group_by: [client.address], max_groups: %d}}`, manyGroups)

// printGroups prints the memory that groups take.
func printGroups() error {
	fmt.Printf("\nThe rule FailedLogins with %d addresses:\n\n| records of each | MB | bytes a group |\n|---|---:|---:|\n", manyGroups)
	for _, records := range []int{1, 5} {
		bytes, err := memoryOfStored(records)
		if err != nil {
			return err
		}
		fmt.Printf("| %d | %.1f | %d |\n", records, float64(bytes)/1e6, bytes/manyGroups)
	}
	return nil
}

func memoryOfStored(records int) (bytes uint64, err error) {
	folder, err := os.MkdirTemp("", "alerts")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	return memoryOf(records, folder)
}

// memoryOf returns what so many groups take that have so many records each, stored in a
// folder if one is named.
func memoryOf(records int, folder string) (bytes uint64, err error) {
	before := heap()
	a, err := start(rulesOfManyGroups, folder)
	if err != nil {
		return 0, err
	}
	for first := 0; first < records*manyGroups; first += batchLen {
		if err := a.ConsumeLogs(context.Background(), batch(first, batchLen, failedLogin(manyGroups))); err != nil {
			return 0, err
		}
	}
	bytes = heap() - before
	return bytes, a.stop()
}

func heap() uint64 {
	runtime.GC()
	runtime.GC() // what pools hold goes with the second one
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
