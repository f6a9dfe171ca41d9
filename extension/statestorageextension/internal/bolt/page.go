package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The kinds of pages that a tree is made of, and the flag of a bucket in a leaf.
const (
	branchPage = 0x01
	leafPage   = 0x02
	bucketFlag = 0x01

	elementSize      = 16
	bucketHeaderSize = 16
	largestKey       = 32768
)

// page is a page of a tree, with the pages that it overflows into, or one that is
// inline, as the value of a bucket.
type page struct {
	io.ReaderAt // of this page alone
	// head is what has been read of it already: all of it, if it does not overflow.
	head []byte
	kind uint16
	size int64
	// elements describe keys and values, each at its offset in the page.
	elements []element
}

type element struct {
	flags              uint32
	child              uint64
	key, value         int64
	keySize, valueSize int64
}

// readPage finds the elements of a page, whose beginning has been read.
func readPage(file io.ReaderAt, head []byte, size int64) (page, error) {
	p := page{ReaderAt: file, head: head, kind: binary.NativeEndian.Uint16(head[8:]), size: size}
	count := int64(binary.NativeEndian.Uint16(head[10:]))
	if p.kind != branchPage && p.kind != leafPage {
		return page{}, fmt.Errorf("of kind %#x", p.kind)
	}
	data := pageHeaderSize + count*elementSize
	if data > size {
		return page{}, fmt.Errorf("%d elements", count)
	}
	raw, err := p.bytes(pageHeaderSize, count*elementSize)
	if err != nil {
		return page{}, err
	}
	p.elements = make([]element, count)
	for i := range p.elements {
		e := readElement(raw[i*elementSize:], p.kind)
		e.key += int64(pageHeaderSize + i*elementSize)
		e.value = e.key + e.keySize
		if e.keySize == 0 || e.keySize > largestKey || e.key < data || e.value+e.valueSize > size {
			return page{}, fmt.Errorf("element %d is not within it", i)
		}
		p.elements[i] = e
	}
	return p, nil
}

func readElement(raw []byte, kind uint16) element {
	number := func(at int) int64 { return int64(binary.NativeEndian.Uint32(raw[at:])) }
	if kind == branchPage {
		return element{key: number(0), keySize: number(4), child: binary.NativeEndian.Uint64(raw[8:])}
	}
	return element{flags: uint32(number(0)), key: number(4), keySize: number(8), valueSize: number(12)}
}

var errInlineBucket = errors.New("a bucket that is not within its page")

// bytes returns a part of the page.
func (p page) bytes(at, size int64) ([]byte, error) {
	if at+size <= int64(len(p.head)) {
		return p.head[at : at+size], nil
	}
	b := make([]byte, size)
	_, err := p.ReadAt(b, at)
	return b, err
}

// bucket returns the page at which a bucket begins, or 0 and its inline page.
func (p page) bucket(e element) (root uint64, inline page, err error) {
	if e.valueSize < bucketHeaderSize {
		return 0, page{}, errInlineBucket
	}
	value, err := p.bytes(e.value, min(e.valueSize, bucketHeaderSize+pageHeaderSize))
	if err != nil {
		return 0, page{}, err
	}
	if root = binary.NativeEndian.Uint64(value); root != 0 {
		return root, page{}, nil
	}
	size := e.valueSize - bucketHeaderSize
	if size < pageHeaderSize {
		return 0, page{}, errInlineBucket
	}
	inline, err = readPage(io.NewSectionReader(p, e.value+bucketHeaderSize, size), value[bucketHeaderSize:], size)
	if err == nil && inline.kind != leafPage {
		err = errInlineBucket
	}
	return 0, inline, err
}
