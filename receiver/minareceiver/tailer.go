package minareceiver

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer/matcher"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// We tail ourselves because contrib's fileconsumer opens every file at each poll,
// saves how far it is only when a poll ends, forgets rotated files after three
// polls, and takes files with the same first 1000 bytes for one.

const (
	// blockSize is the length in bytes of the blocks of lines in which files are read.
	blockSize = 64 << 10
	// turnSize is the length in bytes after which another file gets its turn.
	turnSize = 4 << 20
	// lingering is how long a file that was deleted, or renamed to what the patterns
	// do not match, is still watched: its writer may have it open.
	lingering = 30 * time.Second
	// undecided is how long a file that begins like another one may take to become
	// as long, before it is no copy.
	undecided = 5 * time.Second
	// remembered is how long a file that is gone is remembered, because it may come
	// again as a compressed one, and maxRemembered how many of them are.
	remembered    = time.Hour
	maxRemembered = 10000
)

// tailer finds the files, reads them and hands over their records. All of it runs
// on one goroutine.
type tailer struct {
	cfg         *FileConfig
	logger      *zap.Logger
	matcher     *matcher.Matcher
	packer      *packer
	checkpoints *checkpoints

	// files are those that are there, by their id, and gone those that are not.
	files map[fileID]*tailedFile
	gone  []*tailedFile
	// reading are the files with something to read, in turn.
	reading []*tailedFile
	buffer  []byte
	scanned bool
	// troubled are the paths whose trouble has been reported.
	troubled map[string]bool
}

// restore takes over the checkpoints of the last run.
func (t *tailer) restore(points []*checkpoint) {
	for _, point := range points {
		saved := point.file
		f := &tailedFile{
			path: saved.Path, id: saved.fileID, start: saved.Start, isGzip: saved.Gzip, whole: saved.Whole,
			size: -1, checkpoint: point, quiet: time.Now(), unchecked: t.cfg.OnTruncate == onTruncateIgnore,
		}
		if saved.Whole {
			f.size = saved.Size
		}
		f.source = t.newSource(f, saved.Offset, nil)
		f.source.ledger.acked.tail = saved.Tail
		if other := t.files[f.id]; other != nil {
			t.gone = append(t.gone, other)
		}
		t.follow(f)
		t.checkpoints.set(point, saved, &f.source.ledger)
	}
}

func (t *tailer) newSource(f *tailedFile, offset int64, tail []byte) *source {
	var origin minalog.Origin
	if t.cfg.IncludeFileName {
		origin.FileName = filepath.Base(f.path)
	}
	if t.cfg.IncludeFilePath {
		origin.FilePath = f.path
	}
	return newSource(origin, int(t.cfg.MaxLogSize), offset, tail)
}

// run tails until the context ends.
func (t *tailer) run(ctx context.Context) {
	defer t.closeAll()
	for next := time.Now(); ctx.Err() == nil; {
		if !time.Now().Before(next) {
			t.scan()
			next = time.Now().Add(t.cfg.PollInterval)
		}
		t.step(ctx, next)
	}
}

// step hands over, reads on, or waits for the next scan.
func (t *tailer) step(ctx context.Context, next time.Time) {
	switch {
	case t.packer.full() || len(t.reading) == 0 && !t.packer.empty():
		// A scan now and then also while nothing can be handed over: files that are
		// rotated away meanwhile are opened in time.
		waiting, cancel := context.WithTimeout(ctx, t.cfg.PollInterval)
		defer cancel()
		if !t.packer.handOver(waiting) {
			<-waiting.Done()
		}
	case len(t.reading) > 0:
		t.readTurn()
	default:
		t.flushIdle()
		if t.packer.empty() {
			waiting, cancel := context.WithDeadline(ctx, next)
			defer cancel()
			<-waiting.Done()
		}
	}
}

// scan looks which files are there, and which of them have something to read.
func (t *tailer) scan() {
	paths, _ := t.matcher.MatchFiles() // what cannot be matched is not there
	for _, f := range t.files {
		f.listed = false
	}
	type found struct {
		path string
		info fs.FileInfo
	}
	var others []found
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		f := t.files[idOf(info)]
		if f == nil {
			others = append(others, found{path, info})
			continue
		}
		if !f.listed {
			f.listed, f.path = true, path
			t.look(f, info)
		}
	}
	t.lookForGone()
	for _, other := range others {
		// Two of the paths may lead to one file.
		if t.files[idOf(other.info)] == nil {
			t.discover(other.path, other.info)
		}
	}
	t.decideCopies()
	t.closeIdle()
	t.forget()
	t.scanned = true
}

// look sees whether a file has changed since the last scan.
func (t *tailer) look(f *tailedFile, info fs.FileInfo) {
	if info.Size() == f.size && info.ModTime().Equal(f.modified) || f.whole && info.Size() == f.size {
		f.modified = info.ModTime()
		return
	}
	if f.copyOf != nil {
		f.size, f.modified, f.quiet, f.compared = info.Size(), info.ModTime(), time.Now(), false
		return // see decideCopies
	}
	if err := f.open(); err != nil {
		t.report(f.path, err)
		return
	}
	first := f.size < 0
	f.size, f.modified, f.quiet = info.Size(), info.ModTime(), time.Now()
	f.whole = false
	if !t.isTheSame(f, first) {
		t.replaced(f, info)
		return
	}
	t.read(f)
}

// read gives a file its turns.
func (t *tailer) read(f *tailedFile) {
	if !f.unread {
		f.unread = true
		t.reading = append(t.reading, f)
	}
}

// isTheSame reports whether a file goes on where it was read to: it may have been
// truncated, or its id may be that of another file now.
func (t *tailer) isTheSame(f *tailedFile, first bool) bool {
	if isGzip(f.handle) != f.isGzip || !f.isGzip && f.size < f.offset() {
		return false
	}
	start, err := f.beginning()
	if err != nil {
		return f.isGzip // what is being compressed cannot be told yet
	}
	if !f.start.begins(start) {
		return false
	}
	if f.isGzip && !first {
		return true
	}
	tail, err := f.before(f.offset())
	if err != nil {
		return f.compressedError(err) == nil
	}
	if first {
		acked := f.source.ledger.acknowledged()
		if !acked.tail.fits(tail) {
			return false
		}
		f.source.tail = tail
	} else if string(tail) != string(f.source.before(0)) && !f.unchecked {
		return false
	}
	if f.start.Size < markSize {
		f.start = markOf(start[:min(len(start), int(min(f.offset(), markSize)))])
		t.keep(f)
	}
	return true
}

// keep brings a file's checkpoint up to date.
func (t *tailer) keep(f *tailedFile) {
	t.checkpoints.set(f.checkpoint, savedFile{
		Path: f.path, fileID: f.id, Start: f.start, Offset: f.offset(), Gzip: f.isGzip, Whole: f.whole, Size: f.size,
	}, &f.source.ledger)
}

// replaced takes a file whose text is another one now. What was known of it may
// still be found in a copy.
func (t *tailer) replaced(f *tailedFile, info fs.FileInfo) {
	truncated, offset := !f.isGzip && !isGzip(f.handle) && f.size < f.offset(), int64(0)
	if truncated && t.startsAsBefore(f) {
		switch t.cfg.OnTruncate {
		case onTruncateIgnore:
			return
		case onTruncateReadNew:
			offset = info.Size()
		}
	}
	path := f.path
	t.leave(f)
	if !truncated {
		t.discover(path, info)
		return
	}
	fresh := t.fresh(path, info)
	if err := fresh.open(); err != nil {
		t.report(path, err)
		return
	}
	t.begin(fresh, offset)
}

// startsAsBefore reports whether a truncated file has kept its beginning.
func (t *tailer) startsAsBefore(f *tailedFile) bool {
	if f.size == 0 {
		return false
	}
	start, err := f.beginning()
	return err == nil && f.start.begins(start)
}

// leave lets go of a file that is not there any more, and remembers it.
func (t *tailer) leave(f *tailedFile) {
	if t.files[f.id] == f {
		delete(t.files, f.id)
	}
	f.close()
	f.unread, f.listed, f.quiet = false, false, time.Now()
	if f.copyOf == nil {
		t.gone = append(t.gone, f)
	}
}

// lookForGone looks at the files that no pattern matches any more. As long as they
// are open, what is still written to them is read.
func (t *tailer) lookForGone() {
	for _, f := range t.files {
		if f.listed {
			continue
		}
		if f.handle == nil || f.copyOf != nil {
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
			f.size, f.modified, f.quiet = info.Size(), info.ModTime(), time.Now()
			t.read(f)
		}
		if !f.unread && time.Since(f.quiet) > lingering {
			t.leaveRead(f)
		}
	}
}

// leaveRead lets go of a file when everything of it has been delivered.
func (t *tailer) leaveRead(f *tailedFile) {
	if f.partial || f.source.stream.Pending() > 0 || !f.source.ledger.settled() {
		return
	}
	t.leave(f)
}

func (t *tailer) fresh(path string, info fs.FileInfo) *tailedFile {
	return &tailedFile{
		path: path, id: idOf(info), listed: true, size: info.Size(), modified: info.ModTime(), quiet: time.Now(),
		unchecked: t.cfg.OnTruncate == onTruncateIgnore,
	}
}

// discover takes up a file that has not been there.
func (t *tailer) discover(path string, info fs.FileInfo) {
	f := t.fresh(path, info)
	if err := f.open(); err != nil {
		t.report(path, err)
		return
	}
	f.isGzip = isGzip(f.handle)
	start, err := f.beginning()
	if err != nil {
		// A compressed file of which there is not enough yet.
		t.report(path, f.compressedError(err))
		f.close()
		return
	}
	if original := t.originalOf(f, start); original != nil {
		f.copyOf = original
		t.files[f.id] = f
		return
	}
	offset := int64(0)
	if !t.scanned && t.cfg.StartAt == startAtEnd {
		offset, f.whole = f.size, f.isGzip
	}
	t.begin(f, offset)
}

// begin reads a file for the first time.
func (t *tailer) begin(f *tailedFile, offset int64) {
	f.compressed = nil
	var tail []byte
	if f.isGzip {
		offset = 0 // of a compressed file the end is not known
	} else if offset > 0 {
		var err error
		if tail, err = f.before(offset); err != nil {
			t.report(f.path, err)
			offset, tail = 0, nil
		}
	}
	if start, err := f.beginning(); err == nil {
		f.start = markOf(start)
	}
	f.source = t.newSource(f, offset, tail)
	f.checkpoint = t.checkpoints.add()
	t.track(f)
	t.read(f)
}

// follow lets a file's checkpoint move on with what is acknowledged.
func (t *tailer) follow(f *tailedFile) {
	point := f.checkpoint
	f.source.acknowledged = func() { t.checkpoints.moved(point) }
	t.files[f.id] = f
}

// track ties a file to its checkpoint.
func (t *tailer) track(f *tailedFile) {
	t.follow(f)
	t.keep(f)
}

// report logs the trouble with a file, once.
func (t *tailer) report(path string, err error) {
	if err != nil && !t.troubled[path] && len(t.troubled) < maxRemembered {
		t.troubled[path] = true
		t.logger.Warn("Cannot read a file; trying again at every poll", zap.String("path", path), zap.Error(err))
	}
}

// readTurn reads on in the file whose turn it is.
func (t *tailer) readTurn() {
	f := t.reading[0]
	t.reading = append(t.reading[:0], t.reading[1:]...)
	if !f.unread {
		return // it was left
	}
	f.unread, f.partial = false, false
	for read := 0; read < turnSize && !t.packer.full(); {
		block, buffer, err := f.next(t.buffer, int(t.cfg.MaxLogSize))
		if err != nil {
			if !errors.Is(err, errReplaced) {
				t.report(f.path, err)
			}
			f.modified = time.Time{} // the next scan looks at it again
			return
		}
		if t.buffer = buffer; len(buffer) > maxKeptBuffer {
			t.buffer = make([]byte, blockSize)
		}
		if block == "" {
			t.ended(f)
			return
		}
		delete(t.troubled, f.path)
		t.packer.write(f.source, block)
		read += len(block)
	}
	t.read(f)
}

// maxKeptBuffer is the length in bytes of the longest buffer that is kept.
const maxKeptBuffer = 1 << 20

// ended notes that a file has nothing more to read for now.
func (t *tailer) ended(f *tailedFile) {
	f.source.written = time.Now()
	if f.start.Size < markSize && f.offset() > int64(f.start.Size) || f.whole {
		if start, err := f.beginning(); err == nil {
			f.start = markOf(start[:min(int64(len(start)), f.offset())])
		}
		t.keep(f)
	}
	if f.whole {
		t.packer.flush(f.source)
		f.close()
	}
}

// flushIdle hands over the lines without an end, and the text records that may go
// on, that nothing has followed for a while.
func (t *tailer) flushIdle() {
	for _, f := range t.files {
		if f.source == nil || f.unread || !f.partial && f.source.stream.Pending() == 0 || time.Since(f.source.written) < t.cfg.FlushAfter {
			continue
		}
		if f.partial && f.open() == nil {
			if rest, err := f.rest(int(t.cfg.MaxLogSize)); err == nil && rest != "" {
				t.packer.write(f.source, rest)
			}
			f.partial = false
		}
		t.packer.flush(f.source)
	}
}

// closeIdle closes files that have been quiet, if too many are open.
func (t *tailer) closeIdle() {
	open := 0
	for _, f := range t.files {
		if f.handle != nil {
			open++
		}
	}
	for _, f := range t.files {
		if open <= t.cfg.MaxConcurrentFiles {
			return
		}
		if f.handle != nil && f.listed && !f.unread {
			f.close()
			open--
		}
	}
}

// forget drops what is known of files that are gone for long.
func (t *tailer) forget() {
	kept := t.gone[:0]
	for i, f := range t.gone {
		if f.source.ledger.settled() && (time.Since(f.quiet) > remembered || len(t.gone)-i > maxRemembered) {
			t.checkpoints.remove(f.checkpoint)
			continue
		}
		kept = append(kept, f)
	}
	clear(t.gone[len(kept):])
	t.gone = kept
}

func (t *tailer) closeAll() {
	for _, f := range t.files {
		f.close()
	}
}
