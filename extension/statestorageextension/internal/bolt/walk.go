package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	// deepest is how many pages a tree may be high: a chain of pages that is longer
	// is no tree.
	deepest = 32
	// largestValue bounds what is read of a value that may be none.
	largestValue = 64 << 20
)

// Visit takes an item of a bucket. An error ends the walk.
type Visit func(bucket, key, value []byte) error

// Check returns what is wrong with a file, or nil if bbolt can use it. It reads the
// headers and keys of the pages in use, not their values.
func Check(file io.ReaderAt, size int64) error {
	metas, err := readMetas(file, size)
	if err != nil {
		return err
	}
	return (&walk{file: file, meta: metas[0], size: size}).run()
}

// Salvage visits what can be reached in a damaged file, as of the newest state that
// has anything. An error of visit ends it and is returned.
func Salvage(file io.ReaderAt, size int64, visit Visit) error {
	metas, _ := readMetas(file, size)
	for _, m := range metas {
		found := false
		var stop error
		_ = (&walk{file: file, meta: m, size: size, visit: func(bucket, key, value []byte) error {
			found = true
			stop = visit(bucket, key, value)
			return stop
		}}).run()
		if found {
			return stop
		}
	}
	return nil
}

// walk goes through all trees of a file.
type walk struct {
	file io.ReaderAt
	meta meta
	size int64
	// seen has a bit for each page that has been reached: one that is reached twice
	// is damage.
	seen []byte
	// visit takes the items, and makes damage no reason to end. Without it the walk
	// ends at the first damage.
	visit  Visit
	bucket []byte
}

func (w *walk) run() error {
	pages := uint64(w.size / w.meta.pageSize)
	w.seen = make([]byte, pages/8+1)
	switch {
	case w.visit != nil:
		w.meta.end = min(w.meta.end, pages) // what is cut off is not there
	case w.meta.end > pages:
		return fmt.Errorf("%d pages, and the file has only %d", w.meta.end, pages)
	case w.meta.freelist != noFreelist:
		return errors.New("it has a list of free pages, which the collector does not write")
	}
	return w.tree(w.meta.root, w.buckets, bounds{}, 0)
}

// bounds are the keys between which those of a page must be: from first, below end.
// Nil has no bound.
type bounds struct{ first, end []byte }

var errEnded = errors.New("ended by the visitor")

// tree goes through the pages below one, and hands the leaves on.
func (w *walk) tree(id uint64, leaf func(page) error, within bounds, depth int) error {
	p, err := w.page(id, depth)
	if err == nil {
		var keys [][]byte
		if keys, err = w.keys(p, within); err == nil {
			if p.kind == leafPage {
				return w.note(id, leaf(p))
			}
			return w.branch(p, keys, leaf, within, depth)
		}
	}
	return w.note(id, err)
}

// branch goes through the children of a page.
func (w *walk) branch(p page, keys [][]byte, leaf func(page) error, within bounds, depth int) error {
	for i, e := range p.elements {
		child := bounds{first: keys[i], end: within.end}
		if i+1 < len(keys) {
			child.end = keys[i+1]
		}
		if err := w.tree(e.child, leaf, child, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// note says in which page the damage is, and passes over it where the items are
// visited.
func (w *walk) note(id uint64, damage error) error {
	switch {
	case damage == nil || errors.Is(damage, errEnded):
		return damage
	case w.visit != nil:
		return nil
	}
	return fmt.Errorf("page %d: %w", id, damage)
}

// page reads a page that no other page has led to.
func (w *walk) page(id uint64, depth int) (page, error) {
	switch {
	case id < metaPages || id >= w.meta.end:
		return page{}, errors.New("beyond the end")
	case depth > deepest:
		return page{}, errors.New("too deep")
	}
	at := int64(id) * w.meta.pageSize
	head := make([]byte, w.meta.pageSize)
	if _, err := w.file.ReadAt(head, at); err != nil {
		return page{}, err
	}
	overflow := uint64(binary.NativeEndian.Uint32(head[12:]))
	switch {
	case binary.NativeEndian.Uint64(head) != id:
		return page{}, fmt.Errorf("has the number %d", binary.NativeEndian.Uint64(head))
	case overflow >= w.meta.end-id:
		return page{}, fmt.Errorf("is %d pages long", overflow+1)
	}
	for n := id; n <= id+overflow; n++ {
		if w.seen[n/8]&(1<<(n%8)) != 0 {
			return page{}, errors.New("belongs to two places")
		}
		w.seen[n/8] |= 1 << (n % 8)
	}
	size := int64(overflow+1) * w.meta.pageSize
	p, err := readPage(io.NewSectionReader(w.file, at, size), head, size)
	if err == nil && p.kind == branchPage && len(p.elements) == 0 {
		err = errors.New("a branch without leaves")
	}
	return p, err
}

// keys reads the keys of a page, which must be in order.
func (w *walk) keys(p page, within bounds) ([][]byte, error) {
	keys := make([][]byte, len(p.elements))
	for i, e := range p.elements {
		key, err := p.bytes(e.key, e.keySize)
		if err != nil {
			return nil, err
		}
		keys[i] = key
		if w.visit != nil {
			continue
		}
		ordered := i == 0 || bytes.Compare(keys[i-1], key) < 0
		if !ordered || bytes.Compare(key, within.first) < 0 || within.end != nil && bytes.Compare(key, within.end) >= 0 {
			return nil, fmt.Errorf("key %d is not in order", i)
		}
	}
	return keys, nil
}

// buckets goes through the buckets of a leaf.
func (w *walk) buckets(p page) error {
	for _, e := range p.elements {
		if err := w.inBucket(p, e); err != nil && (w.visit == nil || errors.Is(err, errEnded)) {
			return err
		}
	}
	return nil
}

func (w *walk) inBucket(p page, e element) error {
	if e.flags != bucketFlag {
		return errors.New("an item beside the buckets")
	}
	name, err := p.bytes(e.key, e.keySize)
	if err != nil {
		return err
	}
	w.bucket = name
	root, inline, err := p.bucket(e)
	switch {
	case err != nil:
		return err
	case root != 0:
		return w.tree(root, w.items, bounds{}, 0)
	}
	if _, err := w.keys(inline, bounds{}); err != nil {
		return err
	}
	return w.items(inline)
}

// items hands the items of a leaf to the visitor.
func (w *walk) items(p page) error {
	for i, e := range p.elements {
		if e.flags != 0 {
			return fmt.Errorf("element %d is no item", i)
		}
		if w.visit == nil || e.valueSize > largestValue {
			continue
		}
		both, err := p.bytes(e.key, e.keySize+e.valueSize)
		if err != nil {
			continue
		}
		if w.visit(w.bucket, both[:e.keySize], both[e.keySize:]) != nil {
			return errEnded
		}
	}
	return nil
}
