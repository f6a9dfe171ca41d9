package tail

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/bmatcuk/doublestar/v4"
)

// patterns are the glob patterns of the files to read, and of those to leave out.
type patterns struct{ include, exclude []string }

// match returns the paths of the files that there are, and what could not be looked at.
func (p patterns) match() ([]string, *hidden) {
	paths, hidden := map[string]bool{}, &hidden{}
	for _, include := range p.include {
		base, pattern := doublestar.SplitPattern(filepath.Clean(include))
		matches, _ := doublestar.Glob(folder{base, hidden}, pattern, doublestar.WithFilesOnly()) // the patterns are valid
		for _, match := range matches {
			if path := filepath.Join(base, match); !p.excludes(path) {
				paths[path] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(paths)), hidden
}

func (p patterns) excludes(path string) bool {
	return slices.ContainsFunc(p.exclude, func(exclude string) bool {
		matches, _ := doublestar.PathMatch(exclude, path) // the patterns are valid
		return matches
	})
}

// hidden are the paths that could not be looked at: nobody knows which files are there.
type hidden struct{ paths []string }

// note takes in why a path could not be looked at.
func (h *hidden) note(path string, err error) {
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
		h.paths = append(h.paths, path)
	}
}

// has reports whether a path is hidden, or in a folder that is.
func (h *hidden) has(path string) bool {
	return slices.ContainsFunc(h.paths, func(hidden string) bool {
		rest, within := strings.CutPrefix(path, hidden)
		return within && (rest == "" || rest[0] == '/' || strings.HasSuffix(hidden, "/"))
	})
}

// folder is a folder with all that is in it. That of os.DirFS, and so contrib's
// matcher, knows no folders whose names are no UTF-8.
type folder struct {
	path   string
	hidden *hidden
}

func (f folder) Open(name string) (fs.File, error) { return os.Open(filepath.Join(f.path, name)) }

func (f folder) Stat(name string) (fs.FileInfo, error) {
	info, err := os.Stat(filepath.Join(f.path, name))
	f.hidden.note(filepath.Join(f.path, name), err)
	return info, err
}

func (f folder) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(filepath.Join(f.path, name))
	f.hidden.note(filepath.Join(f.path, name), err)
	return entries, err
}
