package tail

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// The values of Config.FollowSymlinks.
const (
	followSameOwner = "same_owner"
	followAlways    = "always"
	followNever     = "never"
)

// maxLinks is how many links a path may lead through, as in Linux.
const maxLinks = 40

// link is a symbolic link on the way to a file.
type link struct {
	path         string
	info, folder fs.FileInfo
}

// checkLinks says why a file that has been opened under a path must not be read:
// whoever can write a log can also put a link to a file in its place, or in that of
// one of its folders, that only we may read. It looks when the file is open, so that
// it is what the links led to.
func checkLinks(path string, opened fs.FileInfo, follow string) error {
	if follow == followAlways {
		return nil
	}
	end, links, err := resolve(path)
	if err != nil {
		return err
	}
	if info, err := os.Lstat(end); err != nil || !os.SameFile(info, opened) {
		return errors.Join(err, fs.ErrNotExist) // it has been replaced since
	}
	for _, l := range links {
		if follow == followNever || !l.isTrusted(opened) {
			return fmt.Errorf("%s is a symbolic link to a file of another owner, and file.follow_symlinks is %s", l.path, follow)
		}
	}
	return nil
}

// isTrusted reports whether the owner of a link may show us a file: it is theirs, or
// the folder's owner's, if nobody else can have put the link there. What the
// superuser has linked is meant.
func (l link) isTrusted(target fs.FileInfo) bool {
	owners := []uint32{ownerOf(l.info)}
	if l.folder.Mode().Perm()&0o022 == 0 {
		owners = append(owners, ownerOf(l.folder))
	}
	return ownerOf(l.info) == 0 || slices.Contains(owners, ownerOf(target))
}

// resolve follows a path to its end, and returns the links on the way.
func resolve(path string) (string, []link, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", nil, err
	}
	end, rest := "/", strings.Split(path, "/")
	var links []link
	for len(rest) > 0 {
		name := rest[0]
		rest = rest[1:]
		next := filepath.Join(end, name)
		info, err := os.Lstat(next)
		switch {
		case err != nil:
			return "", nil, err
		case info.Mode()&fs.ModeSymlink == 0:
			end = next
			continue
		case len(links) == maxLinks:
			return "", nil, fmt.Errorf("%s: %w", path, syscall.ELOOP)
		}
		folder, err := os.Lstat(end)
		if err != nil {
			return "", nil, err
		}
		target, err := os.Readlink(next)
		if err != nil {
			return "", nil, err
		}
		links = append(links, link{next, info, folder})
		if filepath.IsAbs(target) {
			end = "/"
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	return end, links, nil
}
