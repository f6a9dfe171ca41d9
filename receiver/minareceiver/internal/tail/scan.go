package tail

import (
	"io/fs"
	"os"
	"time"

	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
)

const (
	// lingering is how long a file that was deleted, or renamed to what the patterns
	// do not match, is still watched: its writer may have it open.
	lingering = 30 * time.Second
	// remembered is how long a file that is gone is remembered, because it may come
	// again as a compressed one, and maxRemembered how many of them are.
	remembered    = time.Hour
	maxRemembered = 10000
)

// found is a file that a scan has found.
type found struct {
	path string
	info fs.FileInfo
}

// scan looks which files are there, and which of them have something to read.
func (t *Tailer) scan() {
	t.unopened, t.unopenedBefore = map[checkpoint.FileID]unopened{}, t.unopened
	for _, f := range t.files {
		f.listed = false
	}
	queued := len(t.reading)
	var others []found
	paths, hidden := t.patterns.match()
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			hidden.note(path, err)
			continue
		}
		f := t.files[idOf(info)]
		if f == nil {
			others = append(others, found{path, info})
			continue
		}
		if !f.listed {
			f.listed = true
			t.look(f, path, info)
		}
	}
	t.lookForGone(hidden)
	t.originals = nil
	oldestFirst(others, func(f found) string { return f.path })
	for _, other := range others {
		// Two of the paths may lead to one file.
		if t.files[idOf(other.info)] == nil {
			t.discover(other.path, other.info)
		}
	}
	t.decideCopies()
	oldestFirst(t.reading[queued:], func(f *file) string { return f.path }) // what is left of a file is older than what follows it
	t.originals = nil
	t.countLost()
	t.forget()
	t.scanned = true
	t.measure()
}

// look sees whether a file has changed since the last scan.
func (t *Tailer) look(f *file, path string, info fs.FileInfo) {
	known := f.path
	f.path = path
	if !f.changed(info) {
		f.modified = info.ModTime()
		return
	}
	if f.state.mayBeCopy() {
		f.saw(info)
		f.state = suspect
		return // see decideCopies
	}
	if err := f.open(); err != nil {
		t.passOver(f, info, err)
		return
	}
	if f.state == foreignFile {
		t.lookAtForeign(f, info)
		return
	}
	goesOn, err := t.goesOn(f, info.Size())
	if err != nil {
		f.failed()
		t.passOver(f, info, err)
		return
	}
	if f.state == restored || f.state == complete {
		f.state = caughtUp
	}
	size := f.size
	f.saw(info)
	if !goesOn {
		t.replaced(f, known, size, info)
		return
	}
	t.read(f)
}

// goesOn reports whether a file that is so long now goes on where it was read to: it may
// have been truncated, or its id may be that of another file now. The error is one of a
// read that has failed, which does not tell.
func (t *Tailer) goesOn(f *file, size int64) (bool, error) {
	begins, err := startOf(f.handle)
	if err != nil || (codecOf(begins) != nil) != f.compressed || foreignForm(begins) != "" || f.isTruncatedTo(size) {
		return false, err
	}
	start, err := f.text.beginning()
	switch {
	case isFailure(err):
		return false, err
	case err != nil:
		return f.compressed, nil //nolint:nilerr // what is being compressed cannot be told yet
	}
	first := f.state == restored
	if !f.start.Begins(start) {
		return false, nil
	}
	if f.compressed && !first {
		return true, nil
	}
	tail, err := f.text.before(f.offset(), checkpoint.FingerprintSize)
	switch {
	case isFailure(err):
		return false, err
	case err != nil:
		return beingCompressed(err) == nil, nil
	}
	if first {
		if !f.source.Acks().Acknowledged().Tail.Fits(tail) {
			return false, nil
		}
		f.source.Follows(t.textBefore(f, tail))
	} else if string(tail) != string(f.source.Before()) && t.cfg.OnTruncate != onTruncateIgnore {
		return false, nil
	}
	if f.start.Size < checkpoint.FingerprintSize {
		f.learnStart(start)
		t.keep(f)
		t.texts.change()
	}
	return true, nil
}

// textBefore returns the text before the offset of a file, whose end is known, as far
// as it matters to what follows: where that lies within a line, as much as a record may
// have.
func (t *Tailer) textBefore(f *file, tail []byte) []byte {
	size := int64(minalog.ContextSize)
	if len(tail) > 0 && tail[len(tail)-1] != '\n' {
		size = int64(t.cfg.MaxLogSize) + inflight.BlockSize
	}
	if text, err := f.text.before(f.offset(), size); err == nil {
		return text
	}
	return tail
}

// isTruncatedTo reports whether a file of such a size is shorter than it was read to.
func (f *file) isTruncatedTo(size int64) bool { return !f.compressed && size < f.offset() }

// replaced takes a file whose text is another one now. What was known of it, by the
// name and the size that it had, may still be found in a copy.
func (t *Tailer) replaced(f *file, known string, size int64, info fs.FileInfo) {
	begins, err := startOf(f.handle)
	truncated, offset := err == nil && f.isTruncatedTo(info.Size()) && codecOf(begins) == nil, int64(0)
	if truncated && startsAsBefore(f) {
		switch t.cfg.OnTruncate {
		case onTruncateIgnore:
			t.lose(f.path, size-f.read)
			return
		case onTruncateReadNew:
			offset = info.Size()
		}
	}
	path := f.path
	f.path, f.size = known, size
	t.leave(f)
	if !truncated {
		t.discover(path, info)
		return
	}
	fresh := t.newFile(path, info)
	if err := fresh.identify(); err != nil {
		t.report(path, err)
		return
	}
	t.begin(fresh, offset)
}

// startsAsBefore reports whether a truncated file has kept its beginning.
func startsAsBefore(f *file) bool {
	if f.size == 0 {
		return false
	}
	start, err := f.text.beginning()
	return err == nil && f.start.Begins(start)
}

// discover takes up a file that has not been there.
func (t *Tailer) discover(path string, info fs.FileInfo) {
	f := t.newFile(path, info)
	if err := f.identify(); err != nil {
		t.passOver(f, info, err)
		return
	}
	t.takeUp(f)
}

// takeUp reads a file, unless it may be a copy.
func (t *Tailer) takeUp(f *file) {
	start, err := f.text.beginning()
	if err != nil && !t.isLeftCut(f, err) {
		// A compressed file of which there is not enough yet.
		t.report(f.path, beingCompressed(err))
		t.leaveUnopened(f, f.size, beingCompressed(err) == nil)
		delete(t.files, f.id)
		f.close()
		return
	}
	if form := foreignForm(start); form != "" {
		t.passForeign(f, form)
		return
	}
	if original := t.originalOf(f, start); original != nil {
		f.original, f.state = original, suspect
		t.files[f.id] = f
		f.close() // until it is compared
		return
	}
	f.original = nil
	switch {
	case t.scanned || t.cfg.StartAt != startAtEnd:
		t.begin(f, 0)
	case f.compressed:
		t.pass(f)
	default:
		t.begin(f, f.size)
	}
}

// isLeftCut reports whether nobody goes on with a compressed file that has no end.
// What there is of it is read, though it cannot be told whether it is a copy.
func (t *Tailer) isLeftCut(f *file, err error) bool {
	return beingCompressed(err) == nil && time.Since(f.modified) > halfLinePatience*t.cfg.FlushAfter
}

// passForeign passes over a file in a form that is not read.
func (t *Tailer) passForeign(f *file, form string) {
	f.state = foreignFile
	t.files[f.id] = f
	f.close()
	t.batcher.SkipFile(f.size)
	t.warn(f.path, "A file is no text, and is not read: let file.include not match it", zap.String("form", form))
}

// lookAtForeign sees whether a file has another form now.
func (t *Tailer) lookAtForeign(f *file, info fs.FileInfo) {
	start, err := startOf(f.handle)
	if err != nil {
		f.failed()
		t.passOver(f, info, err)
		return
	}
	if foreignForm(start) == "" {
		t.leave(f)
		t.discover(f.path, info)
		return
	}
	t.batcher.SkipFile(max(info.Size()-f.size, 0))
	f.saw(info)
	f.close()
}

// begin reads a file for the first time.
func (t *Tailer) begin(f *file, offset int64) {
	t.enter(f, offset)
	t.read(f)
}

// pass takes a compressed file for read.
func (t *Tailer) pass(f *file) {
	f.state = complete
	t.enter(f, 0)
	f.read = f.size
	f.close()
}

// enter gives a file its source and its checkpoint.
func (t *Tailer) enter(f *file, offset int64) {
	var tail []byte
	if offset > 0 {
		var err error
		if tail, err = f.text.before(offset, checkpoint.FingerprintSize); err != nil {
			t.report(f.path, err)
			offset, tail = 0, nil
		}
	}
	if start, err := f.text.beginning(); err == nil {
		f.start = checkpoint.FingerprintOf(start)
	}
	f.read = offset
	f.source = t.newSource(f, checkpoint.Position{Offset: offset, Tail: checkpoint.FingerprintOf(tail)})
	f.source.Follows(t.textBefore(f, tail))
	f.checkpoint = t.store.Add()
	t.follow(f)
	t.keep(f)
	if t.originals != nil {
		t.originals.add(f)
	}
}

// leave lets go of a file that is not there any more, and remembers it.
func (t *Tailer) leave(f *file) {
	if t.files[f.id] == f {
		delete(t.files, f.id)
	}
	f.close()
	if !f.state.mayBeCopy() && f.state != foreignFile {
		t.batcher.Flush(f.source) // nothing that is known can follow
		t.keep(f)
		t.gone = append(t.gone, f)
	}
	f.state, f.quiet = gone, time.Now()
}

// lookForGone looks at the files that no pattern matches any more. As long as they
// are open, what is still written to them is read.
func (t *Tailer) lookForGone(hidden *hidden) {
	for _, f := range t.files {
		f.listed = f.listed || hidden.has(f.path) // it may be there
		if f.listed {
			continue
		}
		if f.handle == nil || f.state.mayBeCopy() {
			t.leave(f)
			continue
		}
		info, err := f.handle.Stat()
		if err != nil {
			t.report(f.path, err)
			t.leave(f)
			continue
		}
		if info.Size() != f.size {
			f.saw(info)
			t.read(f)
		} else if f.modified.IsZero() && time.Since(f.quiet) <= lingering {
			t.read(f) // it has failed
		}
		t.keep(f) // so that the next start knows its size
		if time.Since(f.quiet) > lingering && f.isDelivered() {
			t.leave(f)
		}
	}
}

// isDelivered reports whether everything of a file has been delivered.
func (f *file) isDelivered() bool {
	return f.state != unread && f.state != halfLine && !f.source.Pending() && f.source.Acks().Settled()
}

// forget drops what is known of files that are gone for long.
func (t *Tailer) forget() {
	kept := t.gone[:0]
	for i, f := range t.gone {
		if f.source.Acks().Settled() && (time.Since(f.quiet) > remembered || len(t.gone)-i > maxRemembered) {
			t.store.Remove(f.checkpoint)
			continue
		}
		kept = append(kept, f)
	}
	clear(t.gone[len(kept):])
	t.gone = kept
}
