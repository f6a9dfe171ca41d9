// Package letters knows the files of dead letters: the records that a destination refused
// for what they are, which the collector keeps as OTLP JSON.
package letters

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The ends of the names of the collector's files, of those that are being sent again, and of
// what says that a process does that.
const (
	suffix        = ".jsonl"
	sendingSuffix = ".resending.jsonl"
	claimSuffix   = ".resending.lock"
)

// File is a file of dead letters.
type File struct {
	Path  string    `json:"path"`
	Bytes int64     `json:"bytes"`
	Last  time.Time `json:"last"`
}

// Files returns the files in directories, the oldest first. Of a directory that is not
// there, nobody has had a letter.
func Files(directories []string) ([]File, error) {
	files := []File{}
	for _, directory := range directories {
		entries, err := os.ReadDir(directory)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			info, err := entry.Info()
			if err == nil && info.Mode().IsRegular() && info.Size() > 0 && strings.HasSuffix(entry.Name(), suffix) {
				files = append(files, File{Path: filepath.Join(directory, entry.Name()), Bytes: info.Size(), Last: info.ModTime()})
			}
		}
	}
	slices.SortStableFunc(files, func(a, b File) int { return a.Last.Compare(b.Last) })
	return files, nil
}
