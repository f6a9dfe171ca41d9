package corpora

import (
	"os"
	"path/filepath"
)

// LogFile is a corpus of the lines of a file.
func LogFile(path string) Corpus {
	return Corpus{Name: path, Lines: true, Texts: func() ([]Text, error) {
		text, err := os.ReadFile(path)
		return lines(map[string]string{filepath.Base(path): string(text)}), err
	}}
}

// ScannerFile is a corpus of the texts in a file of JSON.
func ScannerFile(path string) Corpus {
	return Corpus{Name: path, Texts: func() ([]Text, error) {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }()
		return Decode(file)
	}}
}
