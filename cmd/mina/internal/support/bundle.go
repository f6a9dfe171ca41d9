package support

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"time"
)

// bundle is what is written, all of it scrubbed.
type bundle struct {
	scrubber *scrubber
	made     time.Time
	entries  []entry
}

type entry struct {
	name string
	text []byte
}

// text adds a file.
func (b *bundle) text(name, text string) {
	b.entries = append(b.entries, entry{name, []byte(b.scrubber.scrub(text))})
}

// json adds a file, or why there is none.
func (b *bundle) json(name string, value any, err error) {
	if err != nil {
		value = map[string]string{"error": err.Error()}
	}
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		text = []byte(err.Error())
	}
	b.text(name, string(text)+"\n")
}

// write writes the bundle as tar.gz.
func (b *bundle) write(to io.WriteCloser) error {
	zipped := gzip.NewWriter(to)
	files := tar.NewWriter(zipped)
	for _, e := range b.entries {
		header := &tar.Header{Name: "mina-support/" + e.name, Mode: 0o600, Size: int64(len(e.text)), ModTime: b.made, Format: tar.FormatPAX}
		if err := files.WriteHeader(header); err != nil {
			return errors.Join(err, to.Close())
		}
		if _, err := files.Write(e.text); err != nil {
			return errors.Join(err, to.Close())
		}
	}
	return errors.Join(files.Close(), zipped.Close(), to.Close())
}
