package minalog

import "strings"

const (
	// maxKnownKeys bounds the keys that a decoder remembers between lines.
	maxKnownKeys = 4096
	// maxKnownKeyLen is the length in bytes beyond which a key is not remembered.
	maxKnownKeyLen = 64
)

// key is what a decoder knows of an object's key.
type key struct {
	name string
	// field is what a value under this key means, and rank its place in the list of names, from 1 on.
	field field
	rank  uint16
	// optional says that a null under this key stands for nothing.
	optional bool
	// children are the keys that have a meaning inside an object under this key.
	children map[string]*key
	// object and value tell where the key was last seen, so that a duplicate is
	// found without a search.
	object uint64
	value  int
	// next is the key that followed when this one was last read.
	next *key
}

// keys interns the names of keys, so that a name is allocated once and not in
// every record. Records have the same keys in the same order as the ones before
// them, mostly: the key that followed last time is tried before it is looked up.
type keys struct {
	known map[string]*key
	// rest holds the keys of the line at hand that are not remembered.
	rest map[string]*key
	// first stands in front of the first key of a line, last is the one read last.
	first, last *key
}

func newKeys(names fieldLists) keys {
	k := keys{known: map[string]*key{}, rest: map[string]*key{}, first: &key{}}
	for fd := fieldNone + 1; fd < fieldCount; fd++ {
		for i, name := range names[fd] {
			k.add(name, fd, uint16(i+1)) //nolint:gosec // nobody lists so many names
		}
	}
	for _, name := range optional {
		k.get(name).optional = true
	}
	return k
}

// add enters a field's name, and a dotted name also as a path of nested keys. A name
// means what it meant first.
func (k *keys) add(name string, fd field, rank uint16) {
	k.get(name).means(fd, rank)
	level := k.known
	parts := strings.Split(name, ".")
	for i, part := range parts {
		child := level[part]
		if child == nil {
			child = &key{name: part}
			level[part] = child
		}
		if i == len(parts)-1 {
			child.means(fd, rank)
			return
		}
		if child.children == nil {
			child.children = map[string]*key{}
		}
		level = child.children
	}
}

func (k *key) means(fd field, rank uint16) {
	if k.field == fieldNone {
		k.field, k.rank = fd, rank
	}
}

// begin begins a line, and forgets the keys of the one before that are not remembered.
func (k *keys) begin() {
	k.last = k.first
	switch {
	case len(k.rest) > maxKnownKeys: // to clear it would cost as much for every line that follows
		k.rest = map[string]*key{}
	case len(k.rest) > 0:
		clear(k.rest)
	}
}

// expected returns the key that followed the last one before, or nil. Its name is
// written without escapes.
func (k *keys) expected() *key { return k.last.next }

// follow returns the key of a name that is written without escapes, and expects
// it the next time.
func (k *keys) follow(name string) *key {
	found := k.get(name)
	if k.rest[name] == nil {
		k.last.next = found
		k.last = found
	}
	return found
}

// get returns the key of a name.
func (k *keys) get(name string) *key {
	if known, ok := k.known[name]; ok {
		return known
	}
	if other, ok := k.rest[name]; ok {
		return other
	}
	other := &key{name: strings.Clone(name)}
	if len(k.known) < maxKnownKeys && len(name) <= maxKnownKeyLen {
		k.known[other.name] = other
	} else {
		k.rest[other.name] = other
	}
	return other
}
