package tail

import (
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"
)

// codec is a form in which a file holds its text. Such a text is read from its
// beginning on.
type codec struct {
	magic []byte
	open  func(file io.Reader) (io.Reader, error)
	// grows says that the text can be read on as the file grows.
	grows bool
}

// The codecs that are read, told by how a file begins.
var codecs = []codec{
	{magic: []byte{0x1f, 0x8b}, open: func(file io.Reader) (io.Reader, error) { return gzip.NewReader(file) }}, // RFC 1952
	{magic: []byte("BZh"), open: func(file io.Reader) (io.Reader, error) { return bzip2.NewReader(file), nil }},
	{magic: []byte{0x28, 0xb5, 0x2f, 0xfd}, open: openZstd}, // RFC 8878
	{magic: []byte{0x50, 0x2a, 0x4d, 0x18}, open: openZstd}, // a frame to be skipped, as pzstd writes first
	{magic: []byte{0xff, 0xfe}, open: openUTF16, grows: true},
	{magic: []byte{0xfe, 0xff}, open: openUTF16, grows: true},
}

// foreign are the forms that are not read, by their name.
var foreign = map[string][]byte{
	"xz": {0xfd, '7', 'z', 'X', 'Z', 0}, "lz4": {0x04, 0x22, 0x4d, 0x18}, "zip": {'P', 'K', 3, 4}, "7z": {'7', 'z', 0xbc, 0xaf, 0x27, 0x1c},
	"lzma": {0x5d, 0, 0}, "compress": {0x1f, 0x9d}, "lzip": []byte("LZIP"), "lzop": {0x89, 'L', 'Z', 'O', 0}, "snappy": {0xff, 0x06, 0, 0, 's', 'N', 'a', 'P'},
	"rar": []byte("Rar!\x1a\x07"), "utf-32": {0xff, 0xfe, 0, 0}, "utf-32, big endian": {0, 0, 0xfe, 0xff},
}

// maxMagic is the length in bytes of the longest of them.
const maxMagic = 8

// openZstd bounds the memory for what a file says of itself. It starts no goroutine.
// The sum is not looked at, since a wrong one would keep the last block back.
func openZstd(file io.Reader) (io.Reader, error) {
	const maxWindow = 64 << 20
	return zstd.NewReader(file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.IgnoreChecksum(true))
}

// codecOf returns the codec of a file that begins so, or nil.
func codecOf(start []byte) *codec {
	if foreignForm(start) != "" {
		return nil // UTF-32 begins as UTF-16 does
	}
	for i := range codecs {
		if bytes.HasPrefix(start, codecs[i].magic) {
			return &codecs[i]
		}
	}
	return nil
}

// foreignForm returns the name of the form of a file that begins so and cannot be read.
func foreignForm(start []byte) string {
	for name, magic := range foreign {
		if bytes.HasPrefix(start, magic) {
			return name
		}
	}
	return ""
}

// startOf returns the first bytes of a file, as they are in it.
func startOf(file *os.File) ([]byte, error) {
	start := make([]byte, maxMagic)
	n, err := file.ReadAt(start, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return start[:n], err
}
