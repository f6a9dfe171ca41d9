package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
)

// The layout of a meta page, behind the page's header.
const (
	magic          = 0xED0CDAED
	version        = 2
	metaSize       = 64
	metaChecksum   = 56
	noFreelist     = ^uint64(0)
	smallestPage   = 1 << 10
	largestPage    = 1 << 24
	metaPages      = 2
	pageHeaderSize = 16
)

// meta is what bbolt begins to read a file from. There are two, which take turns.
type meta struct {
	pageSize int64
	root     uint64
	freelist uint64
	// end is the number of the first page that has never been used.
	end uint64
	tx  uint64
}

var errNoMeta = errors.New("neither meta page can be read")

// readMetas returns the meta pages that can be read, the newest first, and what is
// wrong with the others.
func readMetas(file io.ReaderAt, size int64) ([]meta, error) {
	first, err := readMeta(file, 0)
	if err == nil {
		second, err := readMeta(file, first.pageSize)
		switch {
		case err != nil:
			return []meta{first}, fmt.Errorf("meta page 1: %w", err)
		case second.tx > first.tx:
			return []meta{second, first}, nil
		}
		return []meta{first, second}, nil
	}
	for pageSize := int64(smallestPage); pageSize <= largestPage && pageSize < size; pageSize *= 2 {
		if second, secondErr := readMeta(file, pageSize); secondErr == nil && second.pageSize == pageSize {
			return []meta{second}, fmt.Errorf("meta page 0: %w", err)
		}
	}
	return nil, fmt.Errorf("%w: %w", errNoMeta, err)
}

func readMeta(file io.ReaderAt, at int64) (meta, error) {
	buffer := make([]byte, pageHeaderSize+metaSize)
	if _, err := file.ReadAt(buffer, at); err != nil {
		return meta{}, err
	}
	fields := buffer[pageHeaderSize:]
	sum := fnv.New64a()
	_, _ = sum.Write(fields[:metaChecksum]) // a hash never fails
	m := meta{
		pageSize: int64(binary.NativeEndian.Uint32(fields[8:])),
		root:     binary.NativeEndian.Uint64(fields[16:]),
		freelist: binary.NativeEndian.Uint64(fields[32:]),
		end:      binary.NativeEndian.Uint64(fields[40:]),
		tx:       binary.NativeEndian.Uint64(fields[48:]),
	}
	switch found := binary.NativeEndian.Uint32(fields[4:]); {
	case binary.NativeEndian.Uint32(fields) != magic:
		return meta{}, errors.New("no file of bbolt")
	case found != version:
		return meta{}, fmt.Errorf("format %d, and not %d", found, version)
	case binary.NativeEndian.Uint64(fields[metaChecksum:]) != sum.Sum64():
		return meta{}, errors.New("checksum error")
	case m.pageSize < smallestPage || m.pageSize > largestPage || m.pageSize&(m.pageSize-1) != 0:
		return meta{}, fmt.Errorf("pages of %d bytes", m.pageSize)
	}
	return m, nil
}
