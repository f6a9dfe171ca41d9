package tail

import (
	"errors"
	"io/fs"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"go.uber.org/zap"
)

// Measured is what the last scan found.
type Measured struct {
	// Backlog is how many bytes of files are not delivered, by include pattern.
	Backlog map[string]int64
	// Open are the files that are open, Unreadable those that cannot be read, Held the
	// copies, and Waiting those that wait until fewer are open.
	Open, Unreadable, Held, Waiting int64
}

// Measured may be called by any goroutine.
func (t *Tailer) Measured() Measured {
	if m := t.measured.Load(); m != nil {
		return *m
	}
	return Measured{Backlog: t.noBacklog()}
}

func (t *Tailer) noBacklog() map[string]int64 {
	backlog := make(map[string]int64, len(t.cfg.Include))
	for _, pattern := range t.cfg.Include {
		backlog[pattern] = 0
	}
	return backlog
}

// measure looks at what a scan has found.
func (t *Tailer) measure() {
	m := t.found
	for _, f := range t.files {
		m.Backlog[f.pattern] += f.backlog()
		switch {
		case f.state == held:
			m.Held++
		case f.state == unread && f.handle == nil:
			m.Waiting++
		}
	}
	for _, f := range t.gone {
		m.Backlog[f.pattern] += f.backlog()
	}
	m.Open = int64(len(t.handles.open))
	t.measured.Store(&m)
}

// passOver says that a file cannot be read on now, and counts it. It is no file yet if
// a scan has just found it.
func (t *Tailer) passOver(f *file, info fs.FileInfo, err error) {
	t.report(f.path, err)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return // it has just gone
	case errors.Is(err, errNoRoom):
		if f.state != unread { // which is counted
			t.found.Waiting++
		}
	default:
		t.found.Unreadable++
	}
	switch {
	case t.files[f.id] != f:
		t.found.Backlog[f.pattern] += info.Size()
	case f.state != complete:
		f.size, f.modified = info.Size(), time.Time{} // and so it is looked at again
	}
}

// backlog returns how many bytes of a file are not delivered.
func (f *file) backlog() int64 {
	switch {
	case f.state == held, f.state == foreignFile, f.state == continued:
		return 0
	case f.source == nil:
		return f.size
	case f.state == gone:
		return f.offset() - f.source.Acks().Acknowledged().Offset
	case !f.compressed:
		return max(f.size-f.source.Acks().Acknowledged().Offset, 0)
	case f.isDelivered():
		return 0
	}
	return f.size
}

// lose counts what was not read of a file that is gone, where nothing goes on in it.
func (t *Tailer) lose(f *file) {
	if f.unread > 0 && time.Since(f.quiet) > lingering {
		t.batcher.Lose(f.unread)
		f.unread = 0
	}
}

// countUndelivered says what the end of the process loses of files that are not there
// any more: nothing can read them again.
func (t *Tailer) countUndelivered() {
	var lost int64
	for _, f := range t.gone {
		lost += f.backlog() + f.unread
	}
	for _, f := range t.files {
		if f.handle != nil && !f.listed && f.source != nil {
			lost += f.backlog()
		}
	}
	if lost > 0 {
		t.batcher.Lose(lost)
		t.logger.Warn("Files that are deleted, or that file.include does not match any more, are not delivered whole; this stop loses the rest", zap.Int64("bytes", lost))
	}
}

// unreadText returns how many bytes of a file were there and have not been read.
func (f *file) unreadText() int64 {
	switch {
	case f.source == nil || f.state == complete:
		return 0
	case f.compressed && f.state == unread:
		return f.size
	case f.compressed:
		return 0
	}
	return max(f.size-f.offset(), 0)
}

// patternOf returns the first pattern of file.include that a path matches.
func (p patterns) patternOf(path string) string {
	for _, include := range p.include {
		if matches, _ := doublestar.PathMatch(include, path); matches {
			return include
		}
	}
	return p.include[0] // the path of a checkpoint, of other patterns
}
