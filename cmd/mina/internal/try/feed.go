package try

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// input is the text that is tried, up to a number of lines.
type input struct {
	name   string
	source *bufio.Reader
	closer io.Closer
	lines  int
	// starts are where the lines that have been read begin, from 0.
	starts []int64
	// cut says that there are more lines.
	cut bool
	err error
}

// open opens a file, also one that gzip has compressed, or, for "-", standard input. It
// takes the first lines of it, or all for 0. What waits for its first byte, such as a pipe or
// a terminal, is not waited for behind the context's end.
func open(ctx context.Context, name string, stdin io.Reader, lines int) (*input, error) {
	type result struct {
		in  *input
		err error
	}
	opened := make(chan result, 1)
	go func() {
		in, err := openNow(name, stdin, lines)
		opened <- result{in, err}
	}()
	select {
	case r := <-opened:
		return r.in, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func openNow(name string, stdin io.Reader, lines int) (*input, error) {
	in, source := &input{name: name, lines: lines}, stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		source, in.closer = file, file
	}
	in.source = bufio.NewReaderSize(source, 64<<10)
	if magic, _ := in.source.Peek(2); string(magic) == "\x1f\x8b" {
		unzipped, err := gzip.NewReader(in.source)
		if err != nil {
			return nil, errors.Join(in.failure(err), in.Close())
		}
		in.source = bufio.NewReaderSize(unzipped, 64<<10)
	}
	return in, nil
}

// failure names the file of an error, if that does not do it itself.
func (in *input) failure(err error) error {
	var named *os.PathError
	if errors.As(err, &named) {
		return err
	}
	return fmt.Errorf("%s cannot be read to its end: %w", in.name, err)
}

func (in *input) Close() error {
	if in.closer == nil {
		return nil
	}
	return in.closer.Close()
}

// copyTo writes the lines to a writer that may go away.
func (in *input) copyTo(w io.Writer) {
	begins, offset := true, int64(0)
	for {
		line, err := in.source.ReadSlice('\n')
		if len(line) > 0 {
			if begins && in.lines > 0 && len(in.starts) == in.lines {
				in.cut = true
				return
			}
			if begins {
				in.starts = append(in.starts, offset)
			}
			offset += int64(len(line))
			begins = line[len(line)-1] == '\n'
			if _, err := w.Write(line); err != nil {
				return
			}
		}
		switch {
		case err == nil, errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF):
			return
		default:
			in.err = in.failure(err)
			return
		}
	}
}

// line returns the number, from 1, of the line in which a text begins.
func (in *input) line(offset int64) int {
	i, found := slices.BinarySearch(in.starts, offset)
	if found {
		i++
	}
	return i
}
