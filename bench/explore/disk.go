package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// An engine has merged what it has written when its size is the same for settled.
const (
	settled      = 5 * time.Second
	settlingTime = 2 * time.Minute
)

// disk compares what the records take on disk with gzip of the log.
func (p *page) disk(log string, records int) error {
	size, since := int64(-1), time.Now()
	for end := time.Now().Add(settlingTime); time.Now().Before(end) && time.Since(since) < settled; time.Sleep(100 * time.Millisecond) {
		if now := sizeOf(p.directory); now != size {
			size, since = now, time.Now()
		}
	}
	zipped, err := exec.Command("sh", "-c", `gzip -6c "$0" | wc -c`, log).Output()
	if err != nil {
		return err
	}
	var gzip int64
	if _, err := fmt.Sscan(strings.TrimSpace(string(zipped)), &gzip); err != nil {
		return err
	}
	plain, err := os.Stat(log)
	if err != nil {
		return err
	}
	each := func(bytes int64) float64 { return float64(bytes) / float64(records) }
	fmt.Printf("bytes a record: %.1f in the log, %.1f by gzip -6, %.1f in the store\n", each(plain.Size()), each(gzip), each(size))
	goal("the store on disk, of gzip -6", float64(size)/float64(gzip), 1)
	return nil
}

// sizeOf returns how much the files of a directory take, as far as they are still there.
func sizeOf(directory string) (bytes int64) {
	_ = filepath.WalkDir(directory, func(_ string, entry fs.DirEntry, _ error) error {
		if entry == nil || entry.IsDir() {
			return nil
		}
		if info, _ := entry.Info(); info != nil {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}
