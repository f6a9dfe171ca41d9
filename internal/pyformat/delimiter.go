package pyformat

import (
	"bytes"
	"strings"
)

// delimiter is the text between two fields, with what padding there can be of it.
type delimiter struct {
	// lead is how many blanks stand in front at least, or -1 if none may be told from
	// the text.
	lead int
	text string
	// trail says that blanks may stand behind.
	trail bool
}

// delimit returns the delimiter of a literal text, before and behind which blanks may
// stand that pad a field.
func delimit(text string, lead, trail bool) delimiter {
	d := delimiter{lead: -1, text: text, trail: trail}
	if lead {
		d.text = strings.TrimLeft(text, " ")
		d.lead = min(len(text)-len(d.text), 1)
	}
	return d
}

// cut returns what follows the delimiter at the head of text.
func (d *delimiter) cut(text []byte) (rest []byte, ok bool) {
	if d.lead >= 0 {
		n := blanks(text)
		if n < d.lead {
			return nil, false
		}
		text = text[n:]
	}
	if len(text) < len(d.text) || string(text[:len(d.text)]) != d.text {
		return nil, false
	}
	text = text[len(d.text):]
	if d.trail {
		text = text[blanks(text):]
	}
	return text, true
}

// cutLast is cut in front of what may be empty: the blank at the end of a line may
// have been taken off.
func (d *delimiter) cutLast(text []byte) (rest []byte, ok bool) {
	if rest, ok = d.cut(text); ok {
		return rest, true
	}
	return nil, string(bytes.TrimLeft(text, " ")) == strings.Trim(d.text, " ")
}

// index returns where the delimiter begins, or -1.
func (d *delimiter) index(text []byte) int {
	if d.lead != 1 && d.text != "" {
		at := bytes.Index(text, []byte(d.text))
		if at > 0 && d.lead == 0 {
			at = len(bytes.TrimRight(text[:at], " "))
		}
		return at
	}
	for from := 0; ; {
		at := bytes.IndexByte(text[from:], ' ')
		if at < 0 {
			return -1
		}
		at += from
		if _, ok := d.cut(text[at:]); ok {
			return at
		}
		from = at + blanks(text[at:])
	}
}

// lastIndex returns where the delimiter begins last, or -1.
func (d *delimiter) lastIndex(text []byte) int {
	sought := d.text
	if d.lead == 1 {
		sought = " " + sought
	}
	at := bytes.LastIndex(text, []byte(sought))
	if at > 0 && d.lead >= 0 {
		at = len(bytes.TrimRight(text[:at], " "))
	}
	return at
}

func blanks(text []byte) (n int) {
	for n < len(text) && text[n] == ' ' {
		n++
	}
	return n
}
