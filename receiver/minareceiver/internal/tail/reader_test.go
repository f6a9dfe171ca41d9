package tail

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
)

func gzipped(t testing.TB, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.String()
}

func begins(t testing.TB, handle *os.File) []byte {
	t.Helper()
	start, err := startOf(handle)
	require.NoError(t, err)
	return start
}

func openReader(t testing.TB, text string, compressed bool) (reader, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "app.log")
	write(t, path, text)
	handle, err := os.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = handle.Close() })
	start := begins(t, handle)
	require.Equal(t, compressed, codecOf(start) != nil)
	return newReader(handle, start, compressed), path
}

// Plain and compressed files are read alike.
func TestReadersReadAlike(t *testing.T) {
	text := lines(0, 3000)
	for name, compressed := range map[string]bool{"plain": false, "gzip": true} {
		t.Run(name, func(t *testing.T) {
			content := text
			if compressed {
				content = gzipped(t, text)
			}
			r, _ := openReader(t, content, compressed)
			start, err := r.beginning()
			require.NoError(t, err)
			assert.Equal(t, text[:checkpoint.FingerprintSize], string(start))

			var read strings.Builder
			buffer := make([]byte, 4<<10)
			for block := "first"; block != "" && err == nil; {
				block, buffer, err = r.next(int64(read.Len()), nil, buffer, 1<<20)
				read.WriteString(block)
			}
			if compressed {
				require.ErrorIs(t, err, io.EOF)
			} else {
				require.NoError(t, err)
			}
			assert.Equal(t, text, read.String())

			for _, offset := range []int{0, 10, 5000, len(text)} {
				tail, err := r.before(int64(offset), checkpoint.FingerprintSize)
				require.NoError(t, err)
				assert.Equal(t, text[max(0, offset-checkpoint.FingerprintSize):offset], string(tail))
			}
			_, err = r.before(int64(len(text)+1), checkpoint.FingerprintSize)
			require.ErrorIs(t, err, errShorter)
			block, _, err := r.next(int64(len(lines(0, 2999))), nil, buffer, 1<<20)
			if err != nil {
				require.ErrorIs(t, err, io.EOF)
			}
			assert.Equal(t, lines(2999, 3000), block, "wherever it has read before")
		})
	}
}

func TestALineWithoutItsEndWaits(t *testing.T) {
	r, _ := openReader(t, "one\ntwo", false)
	block, buffer, err := r.next(0, nil, make([]byte, 100), 1000)
	require.NoError(t, err)
	assert.Equal(t, "one\n", block)
	block, _, err = r.next(4, []byte("one\n"), buffer, 1000)
	require.ErrorIs(t, err, errHalfLine)
	assert.Empty(t, block)
	rest, err := r.rest(4, 1000)
	require.NoError(t, err)
	assert.Equal(t, "two", rest)
}

func TestATruncatedFileThatHasGrownAgainIsNotReadOnInTheMiddle(t *testing.T) {
	r, path := openReader(t, lines(0, 10), false)
	block, buffer, err := r.next(0, nil, make([]byte, 64<<10), 1000)
	require.NoError(t, err)
	require.Equal(t, lines(0, 10), block)
	write(t, path, lines(100, 200))
	_, _, err = r.next(int64(len(block)), []byte(block[len(block)-checkpoint.FingerprintSize:]), buffer, 1000)
	assert.ErrorIs(t, err, errReplaced)
}

// Whatever the text, and wherever it is read from, a reader gives all of it.
func FuzzReaders(f *testing.F) {
	f.Add([]byte("one\ntwo\nthree"), uint16(1), uint8(8))
	f.Add([]byte(strings.Repeat("x", 300)+"\n"), uint16(3), uint8(200))
	f.Fuzz(func(t *testing.T, text []byte, from uint16, size uint8) {
		offset := int64(from) % int64(len(text)+1)
		for _, compressed := range []bool{false, true} {
			content := string(text)
			switch {
			case codecOf(text) != nil || !compressed && (foreignForm(text) != "" || bytes.IndexByte(text, 0) >= 0):
				continue
			case compressed:
				content = gzipped(t, content)
			}
			r, _ := openReader(t, content, compressed)
			read := append([]byte{}, text[:offset]...)
			buffer := make([]byte, int(size)+1)
			for {
				block, grown, err := r.next(int64(len(read)), nil, buffer, 1<<20)
				buffer = grown
				read = append(read, block...)
				if errors.Is(err, errHalfLine) {
					block, err = r.rest(int64(len(read)), 1<<20)
					read = append(read, block...)
				}
				if block == "" || err != nil {
					break
				}
			}
			require.Equal(t, string(text), string(read))
		}
	})
}
