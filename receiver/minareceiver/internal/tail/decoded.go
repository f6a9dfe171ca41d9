package tail

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
)

// decodedReader reads the text of a file that is compressed, or coded otherwise.
type decodedReader struct {
	handle *os.File
	codec  *codec
	// text goes on at the offset, if it is open.
	text   *decodedText
	offset int64
	// read is how much of the file has been read.
	read int64
	// half is what is left behind the whole lines, at halfAt.
	half   string
	halfAt int64
}

// errCutShort says that a file ends within its compressed text: it is still being
// written, or nobody has written it to its end.
var errCutShort = fmt.Errorf("the file ends within its compressed text: %w", errHalfLine)

// damagedError is the end of a text behind which something else follows.
type damagedError struct{ cause error }

func (e *damagedError) Error() string   { return e.cause.Error() }
func (e *damagedError) Unwrap() []error { return []error{io.EOF, e.cause} }

func (r *decodedReader) beginning() ([]byte, error) {
	text, err := openDecoded(r.handle, r.codec)
	if err != nil {
		return nil, err
	}
	start := make([]byte, checkpoint.FingerprintSize)
	n, err := io.ReadFull(text, start)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = text.cut
		if r.codec.grows {
			err = nil
		}
	}
	return start[:n], err
}

func (r *decodedReader) before(offset, size int64) ([]byte, error) {
	text, err := openDecoded(r.handle, r.codec)
	if err != nil {
		return nil, err
	}
	tail, err := text.skip(offset, size)
	if err == nil {
		r.text, r.offset, r.read = text, offset, text.read()
	}
	return tail, err
}

func (r *decodedReader) reached(int64) int64 { return r.read }

// next takes also what has no newline at the end of the text for a line.
func (r *decodedReader) next(offset int64, _, buffer []byte, limit int) (string, []byte, error) {
	if r.text == nil || r.offset != offset {
		if _, err := r.before(offset, 0); err != nil {
			if beingCompressed(err) == nil {
				err = errCutShort
			}
			return "", buffer, err
		}
	}
	for {
		if len(r.text.rest) >= len(buffer) {
			buffer = make([]byte, len(r.text.rest)+inflight.BlockSize)
		}
		rest := copy(buffer, r.text.rest)
		n, err := io.ReadFull(r.text, buffer[rest:])
		text := buffer[:rest+n]
		r.read = r.text.read()
		ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !ended {
			r.text = nil // which has passed over what is not returned
			return "", buffer, err
		}
		if ended && r.text.cut == nil {
			err = r.text.end()
			r.text = nil
			return string(text), buffer, err
		}
		end := inflight.WholeLines(text, limit)
		r.text.rest = append(r.text.rest[:0], text[end:]...)
		r.offset += int64(end)
		if ended {
			return r.atCut(string(text[:end]), buffer)
		}
		if end > 0 {
			return string(text[:end]), buffer, nil
		}
	}
}

// atCut ends a block behind which there is no more for now.
func (r *decodedReader) atCut(block string, buffer []byte) (string, []byte, error) {
	r.half, r.halfAt = string(r.text.rest), r.offset
	if r.codec.grows {
		r.text.cut = nil
		if r.half != "" {
			return block, buffer, errHalfLine
		}
		return block, buffer, nil
	}
	r.text = nil // it has to be opened again to go on
	return block, buffer, errCutShort
}

// rest returns what there is of a line in a text that has no end.
func (r *decodedReader) rest(offset int64, limit int) (string, error) {
	if r.halfAt != offset {
		if _, _, err := r.next(offset, nil, make([]byte, inflight.BlockSize), limit); err != nil && !errors.Is(err, errHalfLine) {
			return "", err
		}
	}
	if r.halfAt != offset {
		return "", nil // there is more
	}
	return r.half, nil
}

// decodedText is the text of such a file from one place on.
type decodedText struct {
	stream io.Reader
	file   *io.SectionReader
	grows  bool
	// rest is what was read behind the last whole line.
	rest []byte
	// cut is the error of a file that ends within its text, as one does that is still
	// being written, and damage that of one in which something else follows it.
	cut, damage error
}

func openDecoded(file *os.File, c *codec) (*decodedText, error) {
	section := io.NewSectionReader(file, 0, math.MaxInt64)
	stream, err := c.open(section)
	if err == nil && !c.grows {
		stream, err = openInner(stream)
	}
	if err != nil {
		return nil, err
	}
	return &decodedText{stream: stream, file: section, grows: c.grows}, nil
}

// openInner decodes what was coded already when it was compressed: an archive of
// archives, or a log in UTF-16. It does so once, since there are archives of themselves.
func openInner(outer io.Reader) (io.Reader, error) {
	stream := bufio.NewReaderSize(outer, 2*maxMagic)
	begins, _ := stream.Peek(maxMagic) // the next read returns the error
	if c := codecOf(begins); c != nil {
		return c.open(stream)
	}
	return stream, nil
}

// read returns how much of the file has been read.
func (d *decodedText) read() int64 {
	at, _ := d.file.Seek(0, io.SeekCurrent) // which cannot fail
	return at
}

// Read reads text, and ends also where the file is cut, or is no text any more:
// everything before that is handed over, as gzip -dc does.
func (d *decodedText) Read(p []byte) (int, error) {
	n, err := d.stream.Read(p)
	switch {
	case err == nil || isFailure(err):
		return n, err
	case errors.Is(err, io.EOF):
		if d.grows {
			d.cut = io.ErrUnexpectedEOF
		}
	case errors.Is(err, io.ErrUnexpectedEOF):
		d.cut = err
	default:
		d.damage = err
	}
	return n, io.EOF
}

// end is how a text ends that is not cut.
func (d *decodedText) end() error {
	if d.damage != nil {
		return &damagedError{d.damage}
	}
	return io.EOF
}

// skip passes over the text up to an offset and returns so many bytes before it.
func (d *decodedText) skip(offset, size int64) ([]byte, error) {
	text := make([]byte, min(offset, size))
	if _, err := io.CopyN(io.Discard, d, offset-int64(len(text))); err != nil {
		return nil, d.shorter(err)
	}
	if _, err := io.ReadFull(d, text); err != nil {
		return nil, d.shorter(err)
	}
	return text, nil
}

func (d *decodedText) shorter(err error) error {
	if d.cut != nil && !d.grows {
		return d.cut
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errShorter
	}
	return err
}

// beingCompressed returns no error for a file that is still being compressed.
func beingCompressed(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
