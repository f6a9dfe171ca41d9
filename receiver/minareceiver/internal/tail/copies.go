package tail

import (
	"errors"
	"slices"
	"time"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
)

// A rotated file is read once, although it may come again under another id: as
// the copy that copytruncate makes, or compressed. A file that begins like a known
// one, and has the same text before where that one was read to, is its copy. While
// the original is there it is the one that is read; when it is gone, reading goes
// on in the copy.

// undecided is how long a file that begins like another one may take to become as
// long, before it is no copy.
const undecided = 5 * time.Second

// originalOf returns the file that one may be a copy of, or nil. Shorter
// beginnings than a fingerprint prove nothing.
func (t *Tailer) originalOf(f *file, start []byte) *file {
	if len(start) < checkpoint.FingerprintSize {
		return nil
	}
	begins := checkpoint.FingerprintOf(start)
	mayBe := func(original *file) bool {
		if original.start != begins || original.state.mayBeCopy() || original == f {
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
func (f *file) isCopyOf(original *file) (copied, sure bool) {
	tail, err := f.text.before(original.offset(), checkpoint.FingerprintSize)
	if err != nil {
		return false, errors.Is(err, errShorter) && f.compressed
	}
	if known := original.source.Before(); len(known) > 0 {
		return string(known) == string(tail), true
	}
	return original.source.Acks().Acknowledged().Tail.Fits(tail), true
}

// isPartOf compares the end of a file that is shorter than its original.
func (f *file) isPartOf(original *file) bool {
	if f.compressed || original.compressed || original.open() != nil {
		return true // it cannot be told yet
	}
	tail, err := f.text.before(f.size, checkpoint.FingerprintSize)
	if err != nil {
		return false
	}
	originals, err := original.text.before(f.size, checkpoint.FingerprintSize)
	return err == nil && string(tail) == string(originals)
}

// decideCopies goes on in copies whose originals are gone, and reads files that
// turned out to be no copies.
func (t *Tailer) decideCopies() {
	for _, f := range t.files {
		if f.state.mayBeCopy() {
			t.decideCopy(f)
		}
	}
}

func (t *Tailer) decideCopy(f *file) {
	original := f.original
	gone := t.files[original.id] != original
	growing := time.Since(f.quiet) < undecided
	if !gone && (growing || f.state == held) {
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
		f.original = nil
		t.begin(f, 0)
	case gone:
		t.goOnIn(f, original)
	default:
		f.state = held
		f.close()
	}
}

// goOnIn reads on in a copy where the original was read to.
func (t *Tailer) goOnIn(f, original *file) {
	t.gone = slices.DeleteFunc(t.gone, func(other *file) bool { return other == original })
	f.original = nil
	f.start, f.source, f.checkpoint = original.start, original.source, original.checkpoint
	t.follow(f)
	t.keep(f)
	t.read(f)
}
