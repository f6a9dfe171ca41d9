package minalog

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/names"
)

// key is what a decoder knows of an object's key.
type key struct {
	name string
	meaning
	// object and value tell where the key was last seen, so that a duplicate is
	// found without a search.
	object uint64
	value  int
}

// meaning is what a key says of the values under it.
type meaning struct {
	// field is what they are, and rank the key's place in the list of names, from 1 on.
	field field
	rank  uint16
	// optional says that a null stands for nothing.
	optional bool
	// children are the keys that have a meaning inside an object.
	children meanings
}

func (m *meaning) means(fd field, rank uint16) {
	if m.field == fieldNone {
		m.field, m.rank = fd, rank
	}
}

// meanings are the keys that mean something.
type meanings map[string]*meaning

func newMeanings(lists fieldLists) meanings {
	m := meanings{}
	for fd := fieldNone + 1; fd < fieldCount; fd++ {
		for i, name := range lists[fd] {
			m.add(name, fd, uint16(i+1)) //nolint:gosec // nobody lists so many names
		}
	}
	for _, name := range optional {
		m.of(name).optional = true
	}
	return m
}

// add enters a field's name, and a dotted name also as a path of nested keys. A name
// means what it meant first.
func (m meanings) add(name string, fd field, rank uint16) {
	m.of(name).means(fd, rank)
	parts := strings.Split(name, ".")
	last := len(parts) - 1
	for _, part := range parts[:last] {
		parent := m.of(part)
		if parent.children == nil {
			parent.children = meanings{}
		}
		m = parent.children
	}
	m.of(parts[last]).means(fd, rank)
}

func (m meanings) of(name string) *meaning {
	if m[name] == nil {
		m[name] = &meaning{}
	}
	return m[name]
}

// learn tells all that is known of a key that was never seen.
func (m meanings) learn(name string) key {
	if known := m[name]; known != nil {
		return key{name: name, meaning: *known}
	}
	return key{name: name}
}

// keys finds what is known of the keys of a line, whose names are allocated once and
// not in every record.
type keys struct {
	meanings meanings
	known    *names.Index[key]
	// others are the keys of the line at hand that are not remembered.
	others map[string]*key
}

// maxOthers is for how many keys the memory is kept for the next line.
const maxOthers = 4096

func newKeys(lists fieldLists) keys {
	m := newMeanings(lists)
	return keys{meanings: m, known: names.NewIndex(m.learn), others: map[string]*key{}}
}

// begin begins a line, and forgets the keys of the one before that are not remembered.
func (k *keys) begin() {
	k.known.Begin()
	switch {
	case len(k.others) > maxOthers: // to clear it would cost as much for every line that follows
		k.others = map[string]*key{}
	case len(k.others) > 0:
		clear(k.others)
	}
}

// expected returns the key that mostly follows the one before, if it is the string at
// the head of a text, or nil. Its name is written without escapes.
func (k *keys) expected(text string) *key {
	next := k.known.Expected()
	if next == nil {
		return nil
	}
	name := next.Known.name
	if end := len(name) + 1; end >= len(text) || text[end] != '"' || text[1:end] != name {
		return nil
	}
	k.known.Follow(next)
	return &next.Known
}

// follow returns the key of a name that is written without escapes, and expects
// it the next time.
func (k *keys) follow(name string) *key {
	known := k.known.Get(name)
	if known == nil {
		return k.other(name)
	}
	k.known.Follow(known)
	return &known.Known
}

// get returns the key of a name.
func (k *keys) get(name string) *key {
	if known := k.known.Get(name); known != nil {
		return &known.Known
	}
	return k.other(name)
}

// other returns the key of a name that is not remembered.
func (k *keys) other(name string) *key {
	if other := k.others[name]; other != nil {
		return other
	}
	other := k.meanings.learn(strings.Clone(name))
	k.others[other.name] = &other
	return &other
}
