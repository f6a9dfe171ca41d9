package minareceiver

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protowire"
)

func TestKnownFiles(t *testing.T) {
	text := bytes.Repeat([]byte("line\n"), 1000)
	var list []byte
	list = newKnownFile("a", text).appendTo(list, 7, "")
	list = newKnownFile("b", text[:10]).appendTo(list, 0, gzipType)
	files, err := parseKnownFiles(list)
	require.NoError(t, err)
	require.Len(t, files, 2)
	assert.Equal(t, "a", files[0].id)
	assert.EqualValues(t, 7, files[0].offset)
	assert.Equal(t, text[:fingerprintSize], files[0].beginning)
	assert.True(t, files[0].beginsWith(text))
	assert.False(t, files[0].beginsWith([]byte("other")))
	assert.Equal(t, "b", files[1].id)
	assert.Equal(t, gzipType, files[1].fileType)

	for _, broken := range [][]byte{[]byte("2\n{}"), list[:len(list)-1], protowire.AppendTag(nil, 9, protowire.VarintType)} {
		_, err = parseKnownFiles(broken)
		require.ErrorIs(t, err, errNotKnownFiles)
	}
}

// FuzzKnownFiles asserts that what is not changed comes back as it was.
func FuzzKnownFiles(f *testing.F) {
	f.Add(newKnownFile("a", []byte("text")).appendTo(nil, 7, gzipType))
	f.Fuzz(func(t *testing.T, list []byte) {
		files, err := parseKnownFiles(list)
		if err != nil {
			return
		}
		var again []byte
		for _, file := range files {
			again = file.appendTo(again, file.offset, file.fileType)
		}
		reparsed, err := parseKnownFiles(again)
		require.NoError(t, err)
		require.Equal(t, files, reparsed)
	})
}
