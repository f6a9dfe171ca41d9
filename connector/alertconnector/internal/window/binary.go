package window

import (
	"encoding/binary"
	"errors"
)

var (
	errDamaged = errors.New("what is stored of the window is damaged")
	errOther   = errors.New("what is stored is of a window of another kind or length")
)

// encoder writes what is stored of a window, behind the kind that it is of.
type encoder struct{ bytes []byte }

func newEncoder(b []byte, s *Spec) *encoder { return &encoder{bytes: append(b, s.form())} }

func (e *encoder) int(v int64)   { e.bytes = binary.AppendVarint(e.bytes, v) }
func (e *encoder) uint(v uint64) { e.bytes = binary.AppendUvarint(e.bytes, v) }
func (e *encoder) word(v uint64) { e.bytes = binary.LittleEndian.AppendUint64(e.bytes, v) }

// form tells apart what is stored of each kind of window.
func (s *Spec) form() byte {
	if s.Kind == Count && s.Threshold > MaxExact {
		return 's'
	}
	return "cdra"[s.Kind]
}

// decoder reads what an encoder wrote. After what it cannot read it reads zeros.
type decoder struct {
	rest []byte
	err  error
}

func newDecoder(b []byte, s *Spec) *decoder {
	switch {
	case len(b) == 0:
		return &decoder{err: errDamaged}
	case b[0] != s.form():
		return &decoder{err: errOther}
	}
	return &decoder{rest: b[1:]}
}

func (d *decoder) fail() {
	d.rest = nil
	if d.err == nil {
		d.err = errDamaged
	}
}

func (d *decoder) advance(n int) {
	if n <= 0 {
		d.fail()
		return
	}
	d.rest = d.rest[n:]
}

func (d *decoder) int() int64 {
	v, n := binary.Varint(d.rest)
	d.advance(n)
	return v
}

func (d *decoder) uint() uint64 {
	v, n := binary.Uvarint(d.rest)
	d.advance(n)
	return v
}

func (d *decoder) word() uint64 {
	if len(d.rest) < 8 {
		d.fail()
		return 0
	}
	v := binary.LittleEndian.Uint64(d.rest)
	d.rest = d.rest[8:]
	return v
}

// length reads a number that is bounded.
func (d *decoder) length(most int) int {
	n := d.uint()
	if n > uint64(most) {
		d.fail()
		return 0
	}
	return int(n)
}

// end returns what has gone wrong, if anything is left that should not be, too.
func (d *decoder) end() error {
	if len(d.rest) > 0 {
		d.fail()
	}
	return d.err
}
