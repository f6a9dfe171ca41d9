package corpora

import (
	"compress/gzip"
	"embed"
	"encoding/json"
	"errors"
	"io"
)

//go:embed testdata/*.jsonl.gz
var keptFiles embed.FS

// kept returns what reads a corpus of testdata, which the command keep has written.
func kept(name string) func() ([]Text, error) {
	return func() ([]Text, error) {
		packed, err := keptFiles.Open("testdata/" + name + ".jsonl.gz")
		if err != nil {
			return nil, err
		}
		defer func() { _ = packed.Close() }()
		unpacked, err := gzip.NewReader(packed)
		if err != nil {
			return nil, err
		}
		return Decode(unpacked)
	}
}

// Decode reads texts, each an object of JSON.
func Decode(in io.Reader) (texts []Text, err error) {
	for decoder := json.NewDecoder(in); ; {
		var text Text
		if err := decoder.Decode(&text); errors.Is(err, io.EOF) {
			return texts, nil
		} else if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
}
