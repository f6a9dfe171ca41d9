package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
)

// stormLen is how many records a storm has, each of an address of its own, among them
// every thousandth an error.
const stormLen = 1_000_000

// printStorm prints what a storm costs while it lasts, and whether other rules go on.
func printStorm() error {
	folder, err := os.MkdirTemp("", "alerts")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	before := heap()
	a, err := start(tenRules, folder)
	if err != nil {
		return err
	}
	spent, most := time.Duration(0), uint64(0)
	for first := 0; first < stormLen; first += batchLen {
		logs := batch(first, batchLen, ofTheStorm)
		offered := now()
		if err := a.ConsumeLogs(context.Background(), logs); err != nil {
			return err
		}
		spent += now().cpu - offered.cpu
		if first%(stormLen/10) == 0 {
			most = max(most, heap()-before)
		}
	}
	if err := a.stop(); err != nil {
		return err
	}
	size, err := sizeOf(folder)
	if err != nil {
		return err
	}
	fmt.Printf("\nA storm of %d failed logins from as many addresses, %.1f µs of CPU a record until it is stored, %.0f MB at most, %.0f MB on disk. Other alerts that fired: %d.\n",
		stormLen, float64(spent.Microseconds())/stormLen, float64(most)/1e6, float64(size)/1e6, a.transitions.Load())
	return nil
}

func ofTheStorm(i int) record {
	r := failedLogin(stormLen)(i)
	if i%1000 == 0 {
		r.severity = plog.SeverityNumberError
	}
	return r
}

// sizeOf returns the size of the files in a folder.
func sizeOf(folder string) (size int64, err error) {
	files, err := os.ReadDir(folder)
	for _, file := range files {
		if info, err := file.Info(); err == nil {
			size += info.Size()
		}
	}
	return size, err
}
