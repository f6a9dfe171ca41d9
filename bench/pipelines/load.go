package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/mina-observability/otelcol-mina/test/loglines"
)

// load is what a contender has to deliver.
type load struct {
	// files are complete log files with so many records together.
	files   []string
	records int
	// delay is the time that the destination takes for each answer.
	delay time.Duration
}

// writeLoad writes records, spread over files, below a directory.
func writeLoad(dir string, shape loglines.Shape, records, files int) (load, error) {
	dir, err := os.MkdirTemp(dir, "load-")
	if err != nil {
		return load{}, err
	}
	l := load{records: records}
	var line []byte
	for i := range files {
		path := filepath.Join(dir, fmt.Sprintf("app-%04d.log", i))
		file, err := os.Create(path)
		if err != nil {
			return load{}, err
		}
		out := bufio.NewWriterSize(file, 1<<20)
		for n := records * i / files; n < records*(i+1)/files; n++ {
			line = shape.Append(line[:0], n)
			if _, err := out.Write(line); err != nil {
				return load{}, err
			}
		}
		if err := out.Flush(); err != nil {
			return load{}, err
		}
		if err := file.Close(); err != nil {
			return load{}, err
		}
		l.files = append(l.files, path)
	}
	return l, nil
}
