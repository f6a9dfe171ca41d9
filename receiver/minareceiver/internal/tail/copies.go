package tail

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
)

// A rotated file is read once, although it may come again under another id: as
// the copy that copytruncate makes, or compressed. A file whose name is a rotation
// of a known one's, that begins like it, and that has the same text before where it
// was read to, is its copy. While the original is there it is the one that is read;
// when it is gone, reading goes on in the copy. In doubt a file is read twice: what
// is longer than its original, and goes on without it, is none.

// undecided is how long a file that begins like another one may take to become as
// long, before it is no copy, and how long an original that does not grow may take
// before a longer file is none.
const undecided = 5 * time.Second

// originalOf returns the file that one may be a copy of, or nil.
func (t *Tailer) originalOf(f *file, start []byte) *file {
	if t.originals == nil {
		t.originals = t.indexOriginals()
	}
	for _, original := range t.originals.of(f, start) {
		isLeft := t.files[original.id] != original
		if original == f || original.state == continued || !isLeft && original.offset() == 0 { // else both are read from their beginning
			continue
		}
		if !f.beginsAs(original, start) || !f.isNamedAfter(original) {
			continue
		}
		if copied, sure := f.isCopyOf(original); copied || !sure {
			return original
		}
	}
	return nil
}

// originals are the files that others may be copies of, by what a copy has in common with
// them: those that are gone first, and of these the latest. There may be very many.
type originals struct {
	files map[likeness][]*file
	// sizes are those of the fingerprints.
	sizes [checkpoint.FingerprintSize + 1]bool
}

type likeness struct {
	stem  string
	start checkpoint.Fingerprint
}

func (t *Tailer) indexOriginals() *originals {
	o := &originals{files: map[likeness][]*file{}}
	for _, f := range slices.Backward(t.gone) {
		o.add(f)
	}
	for _, f := range t.files {
		o.add(f)
	}
	return o
}

func (o *originals) add(f *file) {
	if f.source != nil {
		key := likeness{f.name().stem, f.start}
		o.files[key] = append(o.files[key], f)
		o.sizes[f.start.Size] = true
	}
}

// of returns the files that a file with such a beginning may be a copy of.
func (o *originals) of(f *file, start []byte) (found []*file) {
	shortest := checkpoint.FingerprintSize
	if f.compressed {
		shortest = 1
	}
	for size := len(start); size >= shortest; size-- {
		if o.sizes[size] {
			found = append(found, o.files[likeness{f.name().stem, checkpoint.FingerprintOf(start[:size])}]...)
		}
	}
	return found
}

// isNamedAfter reports whether the name of a file allows that it is a copy. A device
// may have another number after a restart of the system.
func (f *file) isNamedAfter(original *file) bool {
	name, other := f.name(), original.name()
	if f.id.Inode == original.id.Inode && f.id.Device != original.id.Device {
		return name.stem == other.stem && name.folder == other.folder
	}
	return name.isRotationOf(other)
}

// beginsAs compares the beginnings. One that is shorter than a fingerprint proves
// something only if it is all that was delivered, and the copy a compressed one.
func (f *file) beginsAs(original *file, start []byte) bool {
	known := original.start
	provesSomething := known.Size == checkpoint.FingerprintSize || f.compressed && known.Size > 0 && int64(known.Size) >= original.offset()
	return provesSomething && known.Begins(start)
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

// goesBeyond reports whether a file has more text than its original, which does not
// grow any more.
func (f *file) goesBeyond(original *file) bool {
	if original.state == unread || time.Since(original.quiet) < undecided {
		return false
	}
	length := original.offset()
	if !original.compressed {
		length = max(length, original.size)
	}
	_, err := f.text.before(length+1, 1)
	return err == nil
}

// decideCopies goes on in copies whose originals are gone, and reads files that
// turned out to be no copies.
func (t *Tailer) decideCopies() {
	var copies []*file
	for _, f := range t.files {
		if f.state.mayBeCopy() {
			copies = append(copies, f)
		}
	}
	oldestFirst(copies, func(f *file) string { return f.path })
	for _, f := range copies {
		t.decideCopy(f)
	}
}

func (t *Tailer) decideCopy(f *file) {
	original := f.original
	left := t.files[original.id] != original
	growing := time.Since(f.quiet) < undecided
	if !left && (f.state == held || growing && (f.compressed || f.size <= original.size)) {
		return
	}
	if err := f.open(); err != nil {
		t.report(f.path, err)
		return
	}
	copied, sure := f.isCopyOf(original)
	switch {
	case original.state == continued:
		t.takeUp(f) // another copy goes on
	case left && copied:
		t.goOnIn(f, original)
	case !left && f.goesBeyond(original):
		t.isNoCopy(f)
	case growing && (!left || !sure):
		f.close() // it may still become a copy, or its original go
	case copied, !left && !sure && f.isPartOf(original):
		t.hold(f)
	default:
		t.isNoCopy(f)
	}
}

// hold leaves a copy unread as long as its original is there. One that has only been
// deleted, and is still open, is about to leave its place to an archive.
func (t *Tailer) hold(f *file) {
	f.state = held
	f.close()
	if f.original.listed && t.sayOnce(f.path) {
		t.logger.Warn("A file is taken for a copy of another one; it is not read while that is there and has all of its text",
			zap.String("path", validUTF8(f.path)), zap.String("original", validUTF8(f.original.path)))
	}
}

// isNoCopy reads a file from its beginning.
func (t *Tailer) isNoCopy(f *file) {
	f.original = nil
	t.begin(f, 0)
}

// goOnIn reads on in a copy where the original was read to.
func (t *Tailer) goOnIn(f, original *file) {
	t.gone = slices.DeleteFunc(t.gone, func(other *file) bool { return other == original })
	original.state, f.original = continued, nil
	f.start, f.source, f.checkpoint, f.textID = original.start, original.source, original.checkpoint, original.textID
	f.read, f.seen = f.text.reached(f.offset()), sightings{{f.size, original.since()}}
	t.follow(f)
	t.keep(f)
	t.read(f)
}

// oldestFirst orders rotated files by their names, so that of several copies the
// one that was rotated first takes up its original.
func oldestFirst[F any](files []F, path func(F) string) {
	names := make(map[string]rotated, len(files))
	for _, f := range files {
		names[path(f)] = parseName(path(f))
	}
	slices.SortFunc(files, func(a, b F) int {
		return cmp.Or(names[path(a)].compareAge(names[path(b)]), cmp.Compare(path(a), path(b)))
	})
}
