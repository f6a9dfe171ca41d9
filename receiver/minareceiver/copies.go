package minareceiver

import (
	"errors"
	"slices"
	"time"
)

// A rotated file is read once, although it may come again under another id: as
// the copy that copytruncate makes, or compressed. A file that begins like a known
// one, and has the same text before where that one was read to, is its copy. While
// the original is there it is the one that is read; when it is gone, reading goes
// on in the copy.

// originalOf returns the file that one may be a copy of, or nil. Shorter
// beginnings than markSize prove nothing.
func (t *tailer) originalOf(f *tailedFile, start []byte) *tailedFile {
	if len(start) < markSize {
		return nil
	}
	begins := markOf(start)
	mayBe := func(original *tailedFile) bool {
		if original.start != begins || original.copyOf != nil || original == f {
			return false
		}
		copied, sure := f.isCopyOf(original)
		return copied || !sure
	}
	for i := len(t.gone) - 1; i >= 0; i-- {
		if mayBe(t.gone[i]) {
			return t.gone[i]
		}
	}
	for _, other := range t.files {
		if mayBe(other) {
			return other
		}
	}
	return nil
}

// isCopyOf compares the text before where the original was read to. It is not sure
// as long as there is less text.
func (f *tailedFile) isCopyOf(original *tailedFile) (copied, sure bool) {
	tail, err := f.before(original.offset())
	if err != nil {
		return false, errors.Is(err, errShorter) && f.isGzip
	}
	if known := original.source.before(0); len(known) > 0 {
		return string(known) == string(tail), true
	}
	return original.source.ledger.acknowledged().tail.fits(tail), true
}

// isPartOf compares the end of a file that is shorter than its original.
func (f *tailedFile) isPartOf(original *tailedFile) bool {
	if f.isGzip || original.isGzip || original.open() != nil {
		return true // it cannot be told yet
	}
	tail, err := f.before(f.size)
	if err != nil {
		return false
	}
	originals, err := original.before(f.size)
	return err == nil && string(tail) == string(originals)
}

// decideCopies goes on in copies whose originals are gone, and reads files that
// turned out to be no copies.
func (t *tailer) decideCopies() {
	for _, f := range t.files {
		if f.copyOf != nil {
			t.decideCopy(f)
		}
	}
}

func (t *tailer) decideCopy(f *tailedFile) {
	original := f.copyOf
	gone := t.files[original.id] != original
	growing := time.Since(f.quiet) < undecided
	if !gone && (growing || f.compared) {
		return
	}
	if err := f.open(); err != nil {
		t.report(f.path, err)
		return
	}
	copied, sure := f.isCopyOf(original)
	if !sure {
		if growing {
			return
		}
		copied = !gone && f.isPartOf(original)
	}
	switch {
	case !copied:
		f.copyOf = nil
		t.begin(f, 0)
	case gone:
		t.goOnIn(f, original)
	default:
		f.compared = true
		f.close()
	}
}

// goOnIn reads on in a copy where the original was read to.
func (t *tailer) goOnIn(f, original *tailedFile) {
	t.gone = slices.DeleteFunc(t.gone, func(other *tailedFile) bool { return other == original })
	f.copyOf = nil
	f.start, f.source, f.checkpoint = original.start, original.source, original.checkpoint
	t.track(f)
	t.read(f)
}
