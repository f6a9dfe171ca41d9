package logpageextension

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// weight is what the page weighs at most on its way to the browser, all views together.
const weight = 60_000

func TestThePageIsLight(t *testing.T) {
	total := 0
	require.NoError(t, fs.WalkDir(web, "web", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := web.ReadFile(path)
		if err != nil {
			return err
		}
		var packed bytes.Buffer
		w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		_, err = w.Write(content)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		total += packed.Len()
		return nil
	}))
	assert.LessOrEqual(t, total, weight)
}
