package ring

import (
	"net/http"

	"github.com/klauspost/compress/s2"
)

// Batch is a request that a store has answered for.
type Batch struct {
	Path   string // with its query
	Header http.Header
	body   []byte
	packed bool
}

// NewBatch returns the batch of a request with a body, which is the batch's from then on.
func NewBatch(path string, header http.Header, body []byte) Batch {
	return Batch{Path: path, Header: header, body: body}
}

// Body returns what the request had.
func (b Batch) Body() []byte {
	if !b.packed {
		return b.body
	}
	body, err := s2.Decode(nil, b.body)
	if err != nil {
		panic(err) // it was packed in this process
	}
	return body
}

// pack returns a batch that takes less memory, if it does.
func (b Batch) pack() Batch {
	packed := s2.Encode(nil, b.body)
	if len(packed) >= len(b.body) {
		return b
	}
	b.body, b.packed = append([]byte(nil), packed...), true // without the room that it might have needed
	return b
}
