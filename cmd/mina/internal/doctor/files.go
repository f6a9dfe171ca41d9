package doctor

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// shownFiles is how many files that cannot be read are named.
const shownFiles = 10

// files reads a byte of each file that a receiver mina reads.
func (e *examination) files() (checks []Check) {
	receivers := e.used("receivers")
	for _, id := range receivers.Keys() {
		if rawconfig.Kind(id) != "mina" {
			continue
		}
		file := receivers.Section(id, "file")
		exclude := file.Texts("exclude")
		for _, pattern := range file.Texts("include") {
			checks = append(checks, matching(pattern, exclude)...)
		}
	}
	return checks
}

// matching checks the files of a pattern.
func matching(pattern string, exclude []string) []Check {
	names, err := doublestar.FilepathGlob(pattern, doublestar.WithFilesOnly())
	if err != nil {
		return []Check{fail("files", "see docs/configuration.md", "the pattern %q: %v", pattern, err)}
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return isNoFile(name) || slices.ContainsFunc(exclude, func(pattern string) bool {
			excluded, _ := doublestar.PathMatch(pattern, name)
			return excluded
		})
	})
	if len(names) == 0 {
		return []Check{nothingMatches(pattern)}
	}
	var unreadable []Check
	for _, name := range names {
		if err := readable(name); err != nil {
			unreadable = append(unreadable, fail("files", allow(name), "%s cannot be read by %s: %v%s", name, whoAmI(), reason(err), owner(name)))
		}
	}
	read := len(names) - len(unreadable)
	if more := len(unreadable) - shownFiles; more > 0 {
		unreadable = append(unreadable[:shownFiles], fail("files", "", "%s more cannot be read", cli.Counted(float64(more), "file")))
	}
	return append([]Check{ok("files", "%s of %s can be read", cli.Counted(float64(read), "file"), pattern)}, unreadable...)
}

// nothingMatches says why, as far as that can be seen: the folder is not there, or may not
// be looked into.
func nothingMatches(pattern string) Check {
	folder, _ := doublestar.SplitPattern(filepath.ToSlash(pattern))
	for {
		_, err := os.ReadDir(folder)
		switch {
		case err == nil:
			return warn("files", "set MINA_LOGS, or start the application", "no file matches %s", pattern)
		case errors.Is(err, os.ErrPermission):
			if parent := filepath.Dir(folder); parent != folder {
				if _, err := os.Stat(folder); errors.Is(err, os.ErrPermission) {
					folder = parent
					continue
				}
			}
			return fail("files", allow(folder), "no file of %s can be seen by %s: %s may not be looked into%s", pattern, whoAmI(), folder, owner(folder))
		default:
			return warn("files", "set MINA_LOGS, or start the application", "no file matches %s: %v", pattern, reason(err))
		}
	}
}

// isNoFile reports what the receiver passes over, such as a pipe, whose reader would wait.
func isNoFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.Mode().IsRegular()
}

func readable(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Read(make([]byte, 1)); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// reason returns what is wrong without the path, which has been said.
func reason(err error) error {
	var failed *os.PathError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// allow says how a file or a folder is opened to the collector alone.
func allow(name string) string {
	right := "r"
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		right = "rx"
	}
	return fmt.Sprintf("setfacl -m u:%s:%s %s, or put the user into the file's group", userName(), right, quoted(name))
}

// quoted returns a name as a shell takes it.
func quoted(name string) string {
	if strings.ContainsAny(name, " \t\n'\"\\$`*?[]{}();&|<>~#!") {
		return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
	}
	return name
}
