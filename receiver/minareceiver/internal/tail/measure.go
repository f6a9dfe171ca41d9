package tail

import (
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"go.uber.org/zap"
)

// Measured is what the last scan found.
type Measured struct {
	// Backlog is how many bytes of files are not delivered, by include pattern, and
	// Oldest since when some of them have been known, if there are any.
	Backlog map[string]int64
	Oldest  time.Time
	// Open are the files that are open, Unreadable those that cannot be read, Held the
	// copies, and Waiting those that wait until they are whole, or fewer are open.
	Open, Unreadable, Held, Waiting int64
}

// unopened is a file that a scan has found and could not read, or not yet.
type unopened struct {
	path, pattern string
	size          int64
	since         time.Time
	waiting       bool
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
	m := Measured{Backlog: t.noBacklog(), Open: int64(len(t.handles.open))}
	for id, f := range t.files {
		if _, ok := t.unopened[id]; !ok {
			m.add(f.pattern, f.size-f.delivered(), f.since)
		}
		switch {
		case f.state == held:
			m.Held++
		case f.handle == nil && (f.state == unread || f.state == suspect):
			m.Waiting++
		}
	}
	for _, f := range t.gone {
		m.add(f.pattern, f.size-f.delivered(), f.since)
	}
	for id, u := range t.unopened {
		delivered := int64(0)
		f := t.files[id]
		if f != nil {
			delivered = f.delivered()
		}
		m.add(u.pattern, u.size-delivered, func() time.Time { return u.since })
		switch {
		case !u.waiting:
			m.Unreadable++
		case f == nil || f.state != unread: // which is counted
			m.Waiting++
		}
	}
	t.measured.Store(&m)
}

func (m *Measured) add(pattern string, backlog int64, since func() time.Time) {
	if backlog <= 0 {
		return
	}
	m.Backlog[pattern] += backlog
	if oldest := since(); m.Oldest.IsZero() || oldest.Before(m.Oldest) {
		m.Oldest = oldest
	}
}

// passOver says that a file cannot be read on now. It is no file yet if a scan has
// just found it.
func (t *Tailer) passOver(f *file, info fs.FileInfo, err error) {
	t.report(f.path, err)
	if !errors.Is(err, fs.ErrNotExist) { // it has just gone
		t.leaveUnopened(f, info.Size(), errors.Is(err, errNoRoom))
	}
}

// leaveUnopened notes a file that a scan has found and that is not read on now.
func (t *Tailer) leaveUnopened(f *file, size int64, waiting bool) {
	since := f.since()
	if before, ok := t.unopenedBefore[f.id]; ok {
		since = before.since
	}
	t.unopened[f.id] = unopened{path: f.path, pattern: f.pattern, size: size, since: since, waiting: waiting}
}

// delivered returns how much of a file is delivered, in bytes as they are in it. What
// the text of a compressed one takes of it is told in proportion to what has been read.
func (f *file) delivered() int64 {
	switch {
	case f.state == held || f.state == foreignFile:
		return f.size // it is the original's, or no text
	case f.source == nil:
		return 0
	}
	switch acknowledged, offset := f.source.Acks().Acknowledged().Offset, f.offset(); {
	case acknowledged == offset:
		return f.read
	case f.read == offset:
		return acknowledged
	default:
		return int64(float64(f.read) * float64(acknowledged) / float64(offset))
	}
}

// since returns since when the oldest text that is not delivered has been known.
func (f *file) since() time.Time { return f.seen.since(f.delivered()) }

// countLost counts what was not read of files that are gone, where nothing goes on in
// them.
func (t *Tailer) countLost() {
	for id, u := range t.unopenedBefore {
		if _, still := t.unopened[id]; !still && t.files[id] == nil {
			t.lose(u.path, u.size)
		}
	}
	for _, f := range t.gone {
		if f.size > f.read && time.Since(f.quiet) > lingering {
			t.lose(f.path, f.size-f.read)
			f.size = f.read
			t.keep(f)
		}
	}
}

func (t *Tailer) lose(path string, bytes int64) {
	if bytes > 0 {
		t.batcher.Lose(bytes)
		t.warn(path, "A file was deleted or truncated before it was read to its end: the rest of it is lost", zap.Int64("bytes", bytes))
	}
}

// warnOfUndelivered says what the end of the process loses of files that are not there
// any more: nothing can read them again. It is counted at the next start.
func (t *Tailer) warnOfUndelivered() {
	var lost int64
	for _, f := range t.gone {
		lost += max(f.size-f.delivered(), 0)
	}
	for _, f := range t.files {
		if f.handle != nil && !f.listed && f.source != nil {
			lost += max(f.size-f.delivered(), 0)
		}
	}
	if lost > 0 {
		t.logger.Warn("Files that are deleted, or that file.include does not match any more, are not delivered whole; this stop loses the rest", zap.Int64("bytes", lost))
	}
}

// patternOf returns the first pattern of file.include that a path matches.
func (p patterns) patternOf(path string) string {
	for _, include := range p.include {
		if matches, _ := doublestar.PathMatch(filepath.Clean(include), path); matches {
			return include
		}
	}
	return p.include[0] // the path of a checkpoint, of other patterns
}
