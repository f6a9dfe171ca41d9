package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/mina-observability/otelcol-mina/test/loglines"
)

// rotation is what becomes of a full log file.
type rotation int

const (
	rotateNever rotation = iota
	rotateRename
	rotateCompress // rename, and then gzip
	rotateCopyTruncate
	rotateAnyway // one of them after the other
)

const (
	rotateEvery = 500 * time.Millisecond
	// tick is the pause between two writes.
	tick = 10 * time.Millisecond
)

// shape is what the records look like.
var shape = loglines.Shape{Size: 300, Fields: 6}

// writer is the application: it numbers its records, and writes them to a file
// that is rotated.
type writer struct {
	path   string
	rate   int // records a second; 0 is as fast as it can
	rotate rotation
	// clock shifts the modification times of the file now and then, as a step of the
	// clock does.
	clock bool
	// dated says that rotated files are named by a date, and not by a number.
	dated bool

	file      *os.File
	rotations int
	rotated   time.Time
	jobs      sync.WaitGroup
	buffer    []byte
}

func (w *writer) open() (err error) {
	w.file, err = os.OpenFile(w.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	w.rotated = time.Now()
	return err
}

// write writes records until stop is closed, from the numbers that next gives.
func (w *writer) write(stop <-chan struct{}, next func(n int) (first int)) error {
	if err := w.open(); err != nil {
		return err
	}
	each := max(1, w.rate*int(tick/time.Millisecond)/1000)
	if w.rate == 0 {
		each = 5000
	}
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			w.jobs.Wait()
			return w.file.Close()
		case <-ticker.C:
		}
		first := next(each)
		w.buffer = w.buffer[:0]
		for i := range each {
			w.buffer = shape.Append(w.buffer, first+i)
		}
		if _, err := w.file.Write(w.buffer); err != nil {
			return err
		}
		if w.rotate != rotateNever && time.Since(w.rotated) >= rotateEvery {
			if err := w.rotateNow(); err != nil {
				return err
			}
		}
	}
}

func (w *writer) rotateNow() error {
	w.rotations++
	kind := w.rotate
	if kind == rotateAnyway {
		kind = []rotation{rotateRename, rotateCompress, rotateCopyTruncate}[w.rotations%3]
	}
	to := fmt.Sprintf("%s.%d", w.path, w.rotations)
	if w.dated {
		to = fmt.Sprintf("%s-20251001-%06d", w.path, w.rotations)
	}
	if w.clock {
		shifted := time.Now().Add(time.Duration(w.rotations%5-2) * 26 * time.Hour)
		if err := os.Chtimes(w.path, shifted, shifted); err != nil {
			return err
		}
	}
	if kind == rotateCopyTruncate {
		w.rotated = time.Now()
		if err := copyFile(w.path, to); err != nil {
			return err
		}
		return w.file.Truncate(0)
	}
	if err := os.Rename(w.path, to); err != nil {
		return err
	}
	if err := w.file.Close(); err != nil {
		return err
	}
	if kind == rotateCompress {
		w.jobs.Go(func() { _ = compress(to) })
	}
	return w.open()
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}

// compress does what gzip does: the new file grows beside the old one, which goes
// at the end.
func compress(path string) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(path + ".gz")
	if err != nil {
		return err
	}
	w := gzip.NewWriter(out)
	if _, err := io.Copy(w, in); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return os.Remove(path)
}

// writeMany writes many small files.
func writeMany(dir string, files, each int, next func(n int) (first int)) error {
	var buffer []byte
	for i := range files {
		first := next(each)
		buffer = buffer[:0]
		for n := range each {
			buffer = shape.Append(buffer, first+n)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("app.log.small-%d", i)), buffer, 0o644); err != nil {
			return err
		}
	}
	return nil
}
