package tail

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
)

// state is what is to be done with a file.
type state int

const (
	// restored is a file of the last run that this one has not looked at yet.
	restored state = iota
	// unread is one with something to read: it waits for its turn, open or not.
	unread
	// caughtUp is one that has been read to its end, for now.
	caughtUp
	// halfLine is one that has been read up to a line without its end.
	halfLine
	// complete is a compressed one whose text has been read to its end, for good.
	complete
	// suspect is one that may be a copy and is still to be compared.
	suspect
	// held is a copy: it is not read while its original is there.
	held
	// foreignFile is one whose form is not read.
	foreignFile
	// gone is one that is not there any more.
	gone
	// continued is one that is gone, and read on in its copy.
	continued
)

// mayBeCopy reports whether the state is one of a file that is not read because
// another one is its original.
func (s state) mayBeCopy() bool { return s == suspect || s == held }

// file is one file, whatever its name is at the moment. Its offsets are in the
// text, also where the file is compressed.
type file struct {
	path string
	// named is the path taken apart, as of namedAt.
	named   rotated
	namedAt string
	id      checkpoint.FileID
	state   state
	// listed says that the last scan found the file under its path, and quiet since
	// when it has not changed.
	listed bool
	quiet  time.Time
	// size and modified are what the last scan saw, and seen is what scans saw of the
	// size. read is how much of that has been read.
	size     int64
	modified time.Time
	seen     sightings
	read     int64
	// turn is how much has been read in the turn that it has.
	turn int
	// start is the file's beginning, the first bytes of the text.
	start      checkpoint.Fingerprint
	compressed bool
	// textID tells the text from that of every other file, if that has been asked for.
	textID uint64
	// pattern is the one of file.include that matches the path.
	pattern string
	// followSymlinks is the option of this name.
	followSymlinks string

	// handle is open, and text reads it, or both are nil.
	handle  *os.File
	text    reader
	handles *handles

	// source and checkpoint are there as soon as the file is read. ended is when it
	// was last read to its end.
	source     *inflight.Source
	checkpoint *checkpoint.Checkpoint
	ended      time.Time
	// cutShort says that the file ended within its compressed text.
	cutShort bool
	// original is the file that this one is a copy of, as far as can be seen.
	original *file
}

// name returns the file's name, taken apart.
func (f *file) name() rotated {
	if f.namedAt != f.path {
		f.named, f.namedAt = parseName(f.path), f.path
	}
	return f.named
}

// offset returns how far the file has been read.
func (f *file) offset() int64 { return f.source.Offset() }

// open opens the file under its path, and fails if that is another one by now.
func (f *file) open() error {
	if f.handle != nil {
		return nil
	}
	handle, err := f.handles.take(f)
	if err != nil {
		return err
	}
	if err := f.mayBeRead(handle); err != nil {
		return errors.Join(err, f.handles.give(f, handle))
	}
	start, err := startOf(handle)
	if err != nil {
		return errors.Join(err, f.handles.give(f, handle))
	}
	f.handle, f.text = handle, newReader(handle, start, f.compressed)
	return nil
}

// mayBeRead looks at what has been opened: it may be another file by now, or none.
func (f *file) mayBeRead(handle *os.File) error {
	info, err := handle.Stat()
	switch {
	case err != nil:
		return err
	case idOf(info) != f.id || !info.Mode().IsRegular():
		return fs.ErrNotExist
	}
	return checkLinks(f.path, info, f.followSymlinks)
}

// close gives the file back to the system.
func (f *file) close() {
	if f.handle != nil {
		_ = f.handles.give(f, f.handle)
		f.handle, f.text = nil, nil
	}
}

// saw notes what a scan saw of the file, which has changed.
func (f *file) saw(info fs.FileInfo) {
	at := time.Now()
	if len(f.seen) == 0 {
		at = firstSeen(info)
	}
	f.seen.saw(info.Size(), at)
	f.size, f.modified, f.quiet = info.Size(), info.ModTime(), time.Now()
}

// changed reports whether a file is another one than the last scan saw.
func (f *file) changed(info fs.FileInfo) bool {
	switch {
	case f.state == restored || info.Size() != f.size:
		return true
	case f.state == complete:
		return false // whoever has compressed it has set its time later
	}
	return !info.ModTime().Equal(f.modified)
}

// learnStart extends the fingerprint of the beginning to what has been read.
func (f *file) learnStart(start []byte) {
	f.start = checkpoint.FingerprintOf(start[:min(int64(len(start)), f.offset())])
}

// newFile returns a file that a scan has found for the first time.
func (t *Tailer) newFile(path string, info fs.FileInfo) *file {
	f := &file{path: path, id: idOf(info), listed: true, pattern: t.patterns.patternOf(path), followSymlinks: t.cfg.FollowSymlinks, handles: &t.handles}
	f.saw(info)
	return f
}

// identify opens a file and tells whether it is compressed.
func (f *file) identify() error {
	if err := f.open(); err != nil {
		return err
	}
	start, err := startOf(f.handle)
	if err != nil {
		f.close()
		return err
	}
	f.compressed = codecOf(start) != nil
	f.text = newReader(f.handle, start, f.compressed)
	return nil
}

// lookAgain has the next scan look at the file, also if that has not changed.
func (f *file) lookAgain() { f.modified = time.Time{} }

// failed notes that a read of the file has failed. What can be opened again is let go:
// a server may have lost what was open.
func (f *file) failed() {
	f.lookAgain()
	if f.handle != nil && f.isThere() {
		f.close()
	}
}
