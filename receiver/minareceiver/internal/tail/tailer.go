package tail

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
)

const (
	// turnSize is the length in bytes after which another file gets its turn.
	turnSize = 4 << 20
	// maxKeptBuffer is the length in bytes of the longest buffer that is kept.
	maxKeptBuffer = 1 << 20
)

// Tailer finds the files, reads them and hands over their records. All of it runs
// on one goroutine. Why it is our own: docs/decisions/002-tailer.md.
type Tailer struct {
	cfg      *Config
	logger   *zap.Logger
	patterns patterns
	batcher  *inflight.Batcher
	store    *checkpoint.Store

	// files are those that are there, by their id, and gone those that are not.
	files map[checkpoint.FileID]*file
	gone  []*file
	// reading are the files with something to read, in turn.
	reading []*file
	buffer  []byte
	scanned bool
	handles handles
	// originals are those that the scan at work looks for in.
	originals *originals
	// texts tells the files' texts apart.
	texts identities
	// unopened are the files that the scan at work could not open, unopenedBefore those of
	// the one before, and measured is what the last one found.
	unopened, unopenedBefore map[checkpoint.FileID]unopened
	measured                 atomic.Pointer[Measured]
	// troubled are the paths whose trouble has been reported.
	troubled map[string]bool
}

// New returns a tailer that hands over to the batcher.
func New(cfg *Config, logger *zap.Logger, batcher *inflight.Batcher) *Tailer {
	t := &Tailer{
		cfg: cfg, logger: logger, patterns: patterns{cfg.Include, cfg.Exclude}, batcher: batcher,
		files: map[checkpoint.FileID]*file{}, buffer: make([]byte, inflight.BlockSize), troubled: map[string]bool{},
	}
	t.handles = handles{limit: cfg.MaxConcurrentFiles, open: map[*file]bool{}}
	return t
}

// Restore takes over the checkpoints of the last run from the store, and keeps
// those of this one there. It has to be called before Run.
func (t *Tailer) Restore(ctx context.Context, store *checkpoint.Store) error {
	points, known, err := store.Load(ctx)
	if err != nil {
		return err
	}
	t.store, t.scanned = store, known
	for _, point := range points {
		t.restore(point)
	}
	if paths, _ := t.patterns.match(); len(paths) == 0 {
		// A wrong pattern or a directory that may not be read looks like a quiet application.
		t.logger.Warn("No file matches file.include, or its directory may not be read; looking again at every poll", zap.Strings("include", t.cfg.Include))
	}
	return nil
}

func (t *Tailer) restore(point *checkpoint.Checkpoint) {
	saved := point.File()
	f := &file{
		path: saved.Path, id: saved.FileID, size: saved.Size, start: saved.Start, compressed: saved.Gzip, textID: saved.Text,
		state: restored, checkpoint: point, quiet: time.Now(), pattern: t.patterns.patternOf(saved.Path), followSymlinks: t.cfg.FollowSymlinks, handles: &t.handles,
	}
	switch {
	case saved.Whole:
		f.state, f.read = complete, saved.Size
	case !saved.Gzip:
		f.read = saved.Offset
	}
	f.source = t.newSource(f, checkpoint.Position{Offset: saved.Offset, Tail: saved.Tail})
	if other := t.files[f.id]; other != nil {
		t.gone = append(t.gone, other)
	}
	t.follow(f)
	saved.Text = f.textID
	t.store.Set(point, saved, f.source.Acks())
}

func (t *Tailer) newSource(f *file, from checkpoint.Position) *inflight.Source {
	origin := minalog.Origin{Container: containerOf(f.path), Text: t.texts.of(f)}
	if t.cfg.IncludeFileName {
		origin.FileName = validUTF8(filepath.Base(f.path))
	}
	if t.cfg.IncludeFilePath {
		origin.FilePath = validUTF8(f.path)
	}
	return inflight.NewSource(origin, int(t.cfg.MaxLogSize), from)
}

// follow lets a file's checkpoint move on with what is acknowledged.
func (t *Tailer) follow(f *file) {
	point := f.checkpoint
	f.source.OnAcknowledged(func() { t.store.Moved(point) })
	t.files[f.id] = f
}

// keep brings a file's checkpoint up to date.
func (t *Tailer) keep(f *file) {
	t.store.Set(f.checkpoint, checkpoint.File{
		Path: f.path, FileID: f.id, Start: f.start, Offset: f.offset(),
		Gzip: f.compressed, Whole: f.state == complete, Size: f.size, Text: f.textID,
	}, f.source.Acks())
}

// Run tails until the context ends.
func (t *Tailer) Run(ctx context.Context) {
	defer t.closeAll()
	defer t.warnOfUndelivered()
	for next := time.Now(); ctx.Err() == nil; {
		if !time.Now().Before(next) {
			t.scan()
			next = time.Now().Add(t.cfg.PollInterval)
		}
		t.step(ctx, next)
	}
}

// step hands over, reads on, or waits for the next scan.
func (t *Tailer) step(ctx context.Context, next time.Time) {
	switch {
	case t.batcher.Full() || len(t.reading) == 0 && !t.batcher.Empty():
		// A scan now and then also while nothing can be handed over: files that are
		// rotated away meanwhile are opened in time.
		t.texts.save(ctx, t.store)
		waiting, cancel := context.WithTimeout(ctx, t.cfg.PollInterval)
		defer cancel()
		if !t.batcher.HandOver(waiting) {
			<-waiting.Done()
		}
	case len(t.reading) > 0:
		t.readTurn()
	default:
		t.flushIdle()
		if t.batcher.Empty() {
			waiting, cancel := context.WithDeadline(ctx, next)
			defer cancel()
			<-waiting.Done()
		}
	}
}

// read gives a file its turns.
func (t *Tailer) read(f *file) {
	if f.state != unread {
		f.state = unread
		t.reading = append(t.reading, f)
	}
}

// readTurn reads on in the file whose turn it is.
func (t *Tailer) readTurn() {
	f := t.reading[0]
	t.reading[0], t.reading = nil, t.reading[1:]
	if f.state != unread {
		return // it was left
	}
	if !t.handles.mayDecode(f) {
		t.reading = append(t.reading, f) // behind those that are being decoded
		return
	}
	err := f.open()
	f.state = caughtUp
	if err != nil {
		f.lookAgain()
		t.report(f.path, err)
		return
	}
	for f.turn < turnSize && !t.batcher.Full() {
		block, err := t.readBlock(f)
		if block != "" {
			delete(t.troubled, f.path)
			t.batcher.Write(f.source, block)
			f.turn += len(block)
		}
		var nuls hole
		if errors.As(err, &nuls) {
			t.batcher.SkipNULs(f.source, int64(nuls))
			continue
		}
		if block == "" || err != nil {
			t.ended(f, err)
			return
		}
	}
	f.read = f.text.reached(f.offset())
	t.read(f)
	if f.turn < turnSize { // it was the batch that was full
		last := len(t.reading) - 1
		copy(t.reading[1:], t.reading[:last])
		t.reading[0] = f
		return
	}
	f.turn = 0
}

// readBlock reads the next block. What was read last is read with it, unless it
// may be another text than it was.
func (t *Tailer) readBlock(f *file) (string, error) {
	var known []byte
	if t.cfg.OnTruncate != onTruncateIgnore {
		known = f.source.Before()
	}
	block, buffer, err := f.text.next(f.offset(), known, t.buffer, int(t.cfg.MaxLogSize))
	if t.buffer = buffer; len(buffer) > maxKeptBuffer {
		t.buffer = make([]byte, inflight.BlockSize)
	}
	return block, err
}

// ended notes why a file has nothing more to read for now.
func (t *Tailer) ended(f *file, err error) {
	f.read, f.turn = f.text.reached(f.offset()), 0
	switch {
	case errors.Is(err, io.EOF):
		f.state = complete
		t.warnOfDamage(f, err)
	case errors.Is(err, errHalfLine):
		f.state, f.cutShort = halfLine, errors.Is(err, errCutShort)
	case errors.Is(err, errReplaced):
		f.lookAgain()
		return
	case err != nil:
		t.report(f.path, err)
		f.failed()
		return
	}
	f.ended = time.Now()
	if f.state != halfLine {
		f.read = max(f.read, f.size) // what is left is no text
	}
	if f.start.Size < checkpoint.FingerprintSize && f.offset() > int64(f.start.Size) || f.state == complete {
		if start, err := f.text.beginning(); err == nil {
			f.learnStart(start)
		}
		t.keep(f)
		t.texts.change()
	}
	if f.state == complete {
		t.batcher.End(f.source)
		f.close()
	}
}

// flushIdle hands over the lines without an end, and the text records that may go
// on, that nothing has followed for a while.
func (t *Tailer) flushIdle() {
	for _, f := range t.files {
		if f.source == nil || f.state == unread {
			continue
		}
		if f.state == halfLine && time.Since(f.ended) >= t.cfg.FlushAfter {
			t.flushHalfLine(f)
		}
		t.batcher.FlushIdle(f.source, t.cfg.FlushAfter)
	}
}

// halfLinePatience is how many times longer than a text record a line without its end
// waits: its writer is likely to be in the middle of it, and waiting costs nothing.
const halfLinePatience = 30

// flushHalfLine hands over a line without its end, if that is not about to come. A
// JSON object is whole without it.
func (t *Tailer) flushHalfLine(f *file) {
	if f.open() != nil {
		return // the next scan says why
	}
	rest, err := f.text.rest(f.offset(), int(t.cfg.MaxLogSize))
	if isFailure(err) {
		t.report(f.path, err)
		f.failed()
		return
	}
	if err != nil || time.Since(f.ended) < halfLinePatience*t.cfg.FlushAfter && !isObject(rest) {
		return
	}
	f.state = caughtUp
	if f.cutShort {
		t.warn(f.path, "A compressed file has no end; it has been read to where it is cut")
	}
	if rest != "" {
		t.batcher.Write(f.source, rest)
		t.batcher.Flush(f.source)
		f.read = max(f.read, f.text.reached(f.offset()))
	}
}

func isObject(text string) bool { return strings.HasPrefix(text, "{") && json.Valid([]byte(text)) }

// warnOfDamage says what follows the text of a compressed file.
func (t *Tailer) warnOfDamage(f *file, err error) {
	var damaged *damagedError
	if errors.As(err, &damaged) {
		t.warn(f.path, "A compressed file is damaged, or something else follows its text; it has been read up to there", zap.Error(damaged.cause))
	}
}

// warn says something of a file, once.
func (t *Tailer) warn(path, message string, fields ...zap.Field) {
	if !t.troubled[path] && len(t.troubled) < maxRemembered {
		t.troubled[path] = true
		t.logger.Warn(message, append(fields, zap.String("path", path))...)
	}
}

// report logs the trouble with a file, once. Where one has gone, the next scan tells.
func (t *Tailer) report(path string, err error) {
	if errors.Is(err, errNoRoom) {
		if t.sayOnce("") {
			t.logger.Warn("More files have something to read than may be open at once; they take turns", zap.Int("open", len(t.handles.open)))
		}
		return
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) && t.sayOnce(path) {
		t.logger.Warn("Cannot read a file; trying again at every poll", zap.String("path", validUTF8(path)), zap.String("error", validUTF8(err.Error())))
	}
}

// validUTF8 returns a file's name, which may be any bytes, as text.
func validUTF8(name string) string { return strings.ToValidUTF8(name, "\uFFFD") }

// sayOnce reports whether nothing has been said of a path yet.
func (t *Tailer) sayOnce(path string) bool {
	if t.troubled[path] || len(t.troubled) >= maxRemembered {
		return false
	}
	t.troubled[path] = true
	return true
}

func (t *Tailer) closeAll() {
	for _, f := range t.files {
		f.close()
	}
}
