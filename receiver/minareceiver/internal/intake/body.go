package intake

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"
)

// stalled is how long a body may pause. One that goes on slowly has the server's
// whole read_timeout.
const stalled = 5 * time.Second

// firstRead is how much memory is taken for a body, in bytes, before there is more of it.
const firstRead = 4 << 10

// Pace bounds how long the body of a request may stall, and how long it may take
// over all, if timeout is not 0.
func Pace(w http.ResponseWriter, r *http.Request, timeout time.Duration) {
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	paced := &pacedBody{ReadCloser: r.Body, control: http.NewResponseController(w)}
	if timeout > 0 {
		paced.until = time.Now().Add(timeout)
	}
	r.Body = paced
	paced.extend() // also for a server that answers without reading, which first reads on a while
}

type pacedBody struct {
	io.ReadCloser
	control *http.ResponseController
	until   time.Time
}

func (b *pacedBody) Read(p []byte) (int, error) {
	b.extend()
	return b.ReadCloser.Read(p)
}

func (b *pacedBody) extend() {
	next := time.Now().Add(stalled)
	if !b.until.IsZero() && b.until.Before(next) {
		next = b.until
	}
	_ = b.control.SetReadDeadline(next)
}

// WholeBody says that a body has been read: the deadline of reading would end the
// request while it waits for its answer.
func WholeBody(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
}

// Answer gives the answer a time of its own, whatever reading and delivery took.
func Answer(w http.ResponseWriter, timeout time.Duration) {
	if timeout > 0 {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(timeout))
	}
}

// ReadBody reads a body of at most limit bytes, and takes memory for what is there
// and not for what may come.
func ReadBody(ctx context.Context, body io.Reader, share *Share, limit int64) ([]byte, error) {
	var text []byte
	for {
		if len(text) == cap(text) {
			size := share.next(int64(cap(text)), limit)
			if err := share.Grow(ctx, size-share.held); err != nil {
				return nil, err
			}
			text = slices.Grow(text, int(size)-len(text))[:len(text):size]
		}
		n, err := body.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		if errors.Is(err, io.EOF) {
			return text, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// next is how large a buffer becomes that is full. It has room for one byte more than
// there may be, in which the reader sees the end.
func (s *Share) next(full, limit int64) int64 {
	size := min(max(2*full, firstRead), limit+1)
	if full < s.room.size {
		size = min(size, s.room.size)
	}
	return max(size, full+1)
}
