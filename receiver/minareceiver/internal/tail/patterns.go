package tail

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/bmatcuk/doublestar/v4"
)

// patterns are the glob patterns of the files to read, and of those to leave out.
type patterns struct{ include, exclude []string }

// match returns the paths of the files that there are. What cannot be read is not there.
func (p patterns) match() []string {
	paths := map[string]bool{}
	for _, include := range p.include {
		base, pattern := doublestar.SplitPattern(filepath.Clean(include))
		matches, _ := doublestar.Glob(folder(base), pattern, doublestar.WithFilesOnly()) // the patterns are valid
		for _, match := range matches {
			if path := filepath.Join(base, match); !p.excludes(path) {
				paths[path] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(paths))
}

func (p patterns) excludes(path string) bool {
	return slices.ContainsFunc(p.exclude, func(exclude string) bool {
		matches, _ := doublestar.PathMatch(exclude, path) // the patterns are valid
		return matches
	})
}

// folder is a folder with all that is in it. That of os.DirFS, and so contrib's
// matcher, knows no folders whose names are no UTF-8.
type folder string

func (f folder) Open(name string) (fs.File, error) { return os.Open(filepath.Join(string(f), name)) }

func (f folder) Stat(name string) (fs.FileInfo, error) {
	return os.Stat(filepath.Join(string(f), name))
}

func (f folder) ReadDir(name string) ([]fs.DirEntry, error) {
	return os.ReadDir(filepath.Join(string(f), name))
}
