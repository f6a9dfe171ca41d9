package corpora

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func lokiLines() ([]Text, error) {
	dir, err := Module(Loki)
	if err != nil {
		return nil, err
	}
	logs, err := files(dir, "pkg/pattern/drain/testdata/*.txt")
	return lines(logs), err
}

func fail2banLines() ([]Text, error) {
	dir, err := debian("fail2ban")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	logs, err := files(dir, "usr/lib/python3/dist-packages/fail2ban/tests/files/logs/*")
	for name, text := range logs {
		logs[name] = withoutComments(text)
	}
	return lines(logs), err
}

// withoutComments removes what fail2ban's tests say of the lines below.
func withoutComments(text string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return strings.HasPrefix(line, "#") }), "\n")
}

// longest is how many lines of a file are read: no program counts for more than that.
const longest = 5000

// lines are the different lines of files, each of its file.
func lines(files map[string]string) (texts []Text) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		seen := map[string]bool{}
		for line := range strings.Lines(files[name]) {
			if line = strings.TrimRight(line, "\r\n"); line == "" || seen[line] {
				continue
			}
			if seen[line] = true; len(seen) > longest {
				break
			}
			texts = append(texts, Text{Rule: name, Text: line})
		}
	}
	return texts
}

// paragraphs returns what reads the sources of a package's documentation.
func paragraphs(name string) func() ([]Text, error) {
	return func() (texts []Text, err error) {
		dir, err := debian(name)
		if err != nil {
			return nil, err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		err = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".rst.txt") {
				return err
			}
			text, err := os.ReadFile(path)
			for paragraph := range strings.SplitSeq(string(text), "\n\n") {
				if paragraph = strings.Trim(paragraph, "\n"); paragraph != "" {
					texts = append(texts, Text{Rule: filepath.Base(path), Text: paragraph})
				}
			}
			return err
		})
		return texts, err
	}
}
