package try

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheFirstLinesAreRead(t *testing.T) {
	long := strings.Repeat("x", 200<<10)
	var zipped bytes.Buffer
	writer := gzip.NewWriter(&zipped)
	_, err := writer.Write([]byte("one\ntwo\nthree\n"))
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	for name, test := range map[string]struct {
		text, want string
		lines      int
		starts     []int64
		cut        bool
	}{
		"all":                {"one\ntwo\n", "one\ntwo\n", 0, []int64{0, 4}, false},
		"as many as there":   {"one\ntwo\n", "one\ntwo\n", 2, []int64{0, 4}, false},
		"some":               {"one\ntwo\nthree", "one\ntwo\n", 2, []int64{0, 4}, true},
		"without its end":    {"one\ntwo", "one\ntwo", 2, []int64{0, 4}, false},
		"longer than a read": {long + "\ntwo\n", long + "\n", 1, []int64{0}, true},
		"compressed":         {zipped.String(), "one\ntwo\n", 2, []int64{0, 4}, true},
		"nothing":            {"", "", 2, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "app.log")
			require.NoError(t, os.WriteFile(path, []byte(test.text), 0o600))
			for _, name := range []string{path, "-"} {
				in, err := open(t.Context(), name, strings.NewReader(test.text), test.lines)
				require.NoError(t, err)
				var read strings.Builder
				in.copyTo(&read)
				require.NoError(t, in.err)
				require.NoError(t, in.Close())
				assert.Equal(t, test.want, read.String())
				assert.Equal(t, test.starts, in.starts)
				assert.Equal(t, test.cut, in.cut)
			}
		})
	}
}

func TestAFileThatEndsTooEarlyIsNamed(t *testing.T) {
	for name, text := range map[string]string{"half a header": "\x1f\x8b", "half a block": "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x4a"} {
		path := filepath.Join(t.TempDir(), "app.log.gz")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		in, err := open(t.Context(), path, nil, 0)
		if err == nil {
			in.copyTo(io.Discard)
			err = in.err
			require.NoError(t, in.Close())
		}
		require.EqualError(t, err, path+" cannot be read to its end: unexpected EOF", name)
	}
}

func TestWhatHasNothingToReadYetIsNotWaitedFor(t *testing.T) {
	silent, writer := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := open(ctx, "-", silent, 0)
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, writer.Close()) // which ends the reading
}

func TestARecordIsInALine(t *testing.T) {
	in := &input{starts: []int64{0, 4, 8}}
	for offset, want := range map[int64]int{0: 1, 3: 1, 4: 2, 7: 2, 8: 3, 100: 3} {
		assert.Equal(t, want, in.line(offset), offset)
	}
}
