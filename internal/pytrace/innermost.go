package pytrace

import (
	"bytes"
	"unicode/utf8"
)

// maxInnermost is how long the name of a call is at most, in bytes.
const maxInnermost = 256

// Innermost returns the innermost call of the application, or else of all, in the exception
// of a text that was raised last: services.ids.parse_id. It has no line, and nothing of the
// directories that a deployment is in, so that it is the same wherever, and whenever, the
// same fails. Of an exception group it is that of the first exception which it holds. It is
// empty where the exception has no calls or its line has been cut off, with which calls may
// have gone.
func Innermost(text []byte) string {
	r := reader{levels: []chain{{inner: &innermost{}}}}
	r.read(text)
	last := &r.levels[0]
	if last.settle(); last.raised.class == nil {
		return ""
	}
	return last.inner.call().name()
}

// innermost is what matters of the calls of an exception.
type innermost struct {
	// last is the innermost one, and own the innermost one of the application.
	last, own call
	// held is that of the first exception that a group holds.
	held *innermost
}

func (i *innermost) add(c call) {
	if isComprehension(c.function) && bytes.Equal(c.path, i.last.path) {
		return // a part of the function that is above it, and no call since Python 3.12
	}
	if i.last = c; isApplication(c.path) {
		i.own = c
	}
}

func isComprehension(function []byte) bool {
	switch string(function) {
	case "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>":
		return true
	}
	return false
}

// hold takes the calls of an exception that a group holds, if they are the first ones.
func (i *innermost) hold(held *innermost) {
	if i.held == nil && held.last.path != nil {
		i.held = held
	}
}

// call returns the one that the exception is known by.
func (i *innermost) call() call {
	last := i.last
	if i.held != nil {
		if last = i.held.call(); isApplication(last.path) {
			return last
		}
	}
	if i.own.path != nil {
		return i.own
	}
	return last
}

func (c call) name() string {
	name := append([]byte(moduleOf(c.path)), '.')
	name = bytes.Trim(append(name, c.function...), ".")
	if len(name) <= maxInnermost {
		return string(name)
	}
	name = name[len(name)-maxInnermost:]
	for len(name) > 0 && !utf8.RuneStart(name[0]) {
		name = name[1:]
	}
	return string(name)
}
