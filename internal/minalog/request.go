package minalog

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/mina-observability/otelcol-mina/internal/pyjson"
)

// RecordError says which record of a request could not be read, and why. It
// never holds the record's text.
type RecordError struct {
	// Index counts the records of the request from 0.
	Index int
	// Reason is one sentence.
	Reason string
}

func (e *RecordError) Error() string { return fmt.Sprintf("record %d: %s", e.Index, e.Reason) }

// ErrNoRecord is the error of a request without a record.
var ErrNoRecord = errors.New("the request holds no record")

// DecodeJSON appends the records of a JSON object, of an array of objects, or of
// objects that follow one another, as in NDJSON. A record is at most limit bytes
// long. After an error the batch holds the records before it. It ends with the context.
func (d *Decoder) DecodeJSON(ctx context.Context, b *Batch, body []byte, limit int) error {
	body = trimBody(body)
	if len(body) == 0 {
		return ErrNoRecord
	}
	array := body[0] == '['
	if array {
		body = bytes.TrimSpace(body[1:])
	}
	for index := 0; len(body) > 0; index++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if array && index == 0 && body[0] == ']' {
			return endOfArray(body, index)
		}
		value, rest, ok := cutObject(body)
		switch {
		case !ok:
			return &RecordError{index, "it is not a whole JSON object"}
		case len(value) > limit:
			return &RecordError{index, fmt.Sprintf("it is %d bytes long, and max_record_size is %d", len(value), limit)}
		}
		if !d.parseJSON(b, value) {
			return &RecordError{index, "it is not valid JSON"}
		}
		d.decodeObject(b, envelope{})
		b.Lines[FormatOfJSON]++

		body = bytes.TrimSpace(rest)
		if !array {
			continue
		}
		switch {
		case len(body) > 0 && body[0] == ',':
			body = bytes.TrimSpace(body[1:])
		case len(body) > 0 && body[0] == ']':
			return endOfArray(body, index)
		default:
			return &RecordError{index, `neither "," nor "]" follows it`}
		}
	}
	if array {
		return &RecordError{0, "the array has no end"}
	}
	return nil
}

func trimBody(body []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\uFEFF")))
}

func endOfArray(body []byte, index int) error {
	if len(body) > 1 {
		return &RecordError{index, "something follows the array"}
	}
	return nil
}

// cutObject returns the JSON object at the head of text, by its braces alone.
func cutObject(text []byte) (object, rest []byte, ok bool) {
	if text[0] != '{' {
		return nil, text, false
	}
	end, ok := pyjson.Brackets(text, 0)
	return text[:end], text[end:], ok
}
