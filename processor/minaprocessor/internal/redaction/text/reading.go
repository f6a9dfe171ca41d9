package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxRead is the length in bytes of the longest text that is also read as it is meant,
// maxReadings how often what has been read is read again, and maxKept the length of the
// longest reading that memory is kept for.
const (
	maxRead     = 1 << 20
	maxReadings = 3
	maxKept     = 16 << 10
)

// encodings show that a text may have bytes written as %3D, \u003d, \x3d, &#61; or &lt;,
// slashes as \/, or blanks as +, behind which something could hide.
var encodings = []string{"%\x01\x01", "\\u\x01\x01", "\\x\x01", `\x1b`, `\033[`, `\/\/`, "\x01+\x01", "\x03+\x01", "\x01+\x03", "&#0", "&#x", "&quot;", "&apos;", "&amp;", "&lt;", "&gt;", "&nbsp;", "&equals;", "&colon;"}

// reading is a text as it is meant, and for each of its bytes where that is written.
type reading struct {
	text     []byte
	from, to []int
}

func (r *reading) add(c byte, from, to int) {
	r.text, r.from, r.to = append(r.text, c), append(r.from, from), append(r.to, to)
}

func (r *reading) addCharacter(c rune, from, to int) {
	var char [utf8.UTFMax]byte
	for _, b := range char[:utf8.EncodeRune(char[:], c)] {
		r.add(b, from, to)
	}
}

// read reads a text, in which a plus sign may stand for a blank, and reports whether
// anything in it means something else than is written.
func (r *reading) read(text string, plus byte) (differs bool) {
	r.text, r.from, r.to = r.text[:0], r.from[:0], r.to[:0]
	for i := 0; i < len(text); {
		c := text[i]
		if !mayMean[c] {
			r.add(c, i, i+1)
			i++
			continue
		}
		if c == '+' && (plus == ' ' || r.isBlank(text, i)) {
			r.add(' ', i, i+1)
			differs = true
			i++
			continue
		}
		if n := unseenAt(text, i); n > 0 {
			differs = true
			i += n
			continue
		}
		if char, n := characterAt(text, i); n > 0 {
			r.addCharacter(char, i, i+n)
			differs = true
			i += n
			continue
		}
		if c < utf8.RuneSelf {
			c, n := decodeAt(text, i)
			r.add(c, i, i+n)
			differs = differs || n > 1
			i += n
			continue
		}
		look, n := r.foldAt(text, i)
		for j := range len(look) {
			r.add(look[j], i, i+n)
		}
		differs = differs || look != text[i:i+n]
		i += n
	}
	return differs
}

// mayMean are the bytes that something else may begin with than they are.
var mayMean = NewCharset("\x00\x1b%&+\\\x80-\xff")

// isBlank reports whether a plus sign can only be a blank: between an operator and a quote.
func (r *reading) isBlank(text string, plus int) bool {
	if len(r.text) == 0 || strings.IndexByte(":,={[(", r.text[len(r.text)-1]) < 0 || plus+1 == len(text) {
		return false
	}
	next, _ := decodeAt(text, plus+1)
	return next == '"' || next == '\''
}

// foldAt returns what the character at a place looks like, and its length.
func (r *reading) foldAt(text string, at int) (look string, length int) {
	c, length := utf8.DecodeRuneInString(text[at:])
	if c == utf8.RuneError || !isUnusual(text[at]) {
		return text[at : at+length], length
	}
	// A letter of another script is disguised only in a word of this one.
	isMixed := len(r.text) > 0 && IsLetter(r.text[len(r.text)-1]) || at+length < len(text) && IsLetter(text[at+length])
	if look, folds := fold(c, isMixed); folds {
		return look, length
	}
	return text[at : at+length], length
}

// through says where the reading of another one is written in the text itself.
func (r *reading) through(first *reading) {
	for i := range r.text {
		r.from[i], r.to[i] = first.from[r.from[i]], first.to[r.to[i]-1]
	}
}

// align moves the edges of what has been found in a text to those of what is meant: a hit
// does not begin or end within an escape, and has no quotes or blanks behind it that are
// only written in another way. One that begins with such has been found by mistake: what is
// behind them is judged in the reading.
func (r *reading) align(hit Hit) (aligned Hit, remains bool) {
	first, _ := slices.BinarySearch(r.to, hit.Start+1)
	behind, _ := slices.BinarySearch(r.from, hit.End)
	for first < behind && r.from[first] < hit.Start {
		first++
	}
	if first < behind && r.surrounds(first) {
		return hit, false
	}
	for first < behind && r.surrounds(behind-1) {
		behind--
	}
	if first >= behind {
		return hit, false
	}
	hit.Start, hit.End = max(hit.Start, r.from[first]), r.to[behind-1]
	return hit, true
}

// surrounds reports whether a byte stands around values, and is not written as itself.
func (r *reading) surrounds(i int) bool {
	return r.to[i]-r.from[i] > 1 && strings.IndexByte(" \t\r\n\"'", r.text[i]) >= 0
}

// readAgain adds what is found in the text as it is meant. Whether a plus sign is a
// blank, as in forms, or is itself, as in base64, cannot be known: both are tried.
func (s *Scanner) readAgain(text string) {
	s.readAs(text, '+')
	if strings.IndexByte(text, '+') >= 0 {
		s.readAs(text, ' ')
	}
	s.cursor.begin(text)
	if cap(s.readings[0].text) > maxKept {
		s.readings = [2]reading{}
	}
}

// readAs reads a text until it says nothing else.
func (s *Scanner) readAs(text string, plus byte) {
	r, before := &s.readings[0], &s.readings[1]
	in := text
	for level := range maxReadings {
		if !r.read(in, plus) {
			return
		}
		if level > 0 {
			r.through(before)
		}
		s.alignHits(text, r)
		s.passReading(r)
		if !s.isEncoded {
			return
		}
		in, plus = string(r.text), '+'
		r, before = before, r
	}
}

// alignHits aligns all hits in a text that has been read. What is left of one may be a
// placeholder.
func (s *Scanner) alignHits(text string, r *reading) {
	aligned := s.hits[:0]
	for _, hit := range s.hits {
		if hit, remains := r.align(hit); remains && s.cursor.placeholderLen(text[hit.Start:]) < hit.End-hit.Start {
			aligned = append(aligned, hit)
		}
	}
	s.hits = aligned
}

// passReading adds what is found in a reading.
func (s *Scanner) passReading(r *reading) {
	if len(r.text) < MinAnchor {
		return
	}
	found := len(s.hits)
	s.isEncoded = false
	s.cursor.begin(string(r.text))
	s.pass(s.cursor.Text)
	for i := found; i < len(s.hits); i++ {
		hit := &s.hits[i]
		hit.Start, hit.End = r.from[hit.Start], r.to[hit.End-1]
	}
}
