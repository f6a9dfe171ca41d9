// Package names remembers what is known of the names of attributes and keys.
package names

import "strings"

// The bounds of what is remembered: how many names, how many of them as members of one
// kind of object, of which there may be hundreds, and how long they may be in bytes.
const (
	maxNames   = 4096
	maxMembers = 128
	maxLength  = 64
)

// Index finds what is known of a name. The attributes of a record mostly have the
// same names in the same order as those of the record before it: the name that
// followed last time is compared before it is looked up. An Index must not be
// used by several goroutines at once.
type Index[T any] struct {
	learn       func(name string) T
	most        int
	entries     map[string]*Entry[T]
	first, last *Entry[T]
}

// Entry is one name.
type Entry[T any] struct {
	name string
	next *Entry[T]
	// Known is what is known of the name.
	Known T
}

// NewIndex returns an index that asks learn once for every name.
func NewIndex[T any](learn func(name string) T) *Index[T] { return newIndex(maxNames, learn) }

// NewMemberIndex returns an index for the members of one kind of object.
func NewMemberIndex[T any](learn func(name string) T) *Index[T] { return newIndex(maxMembers, learn) }

func newIndex[T any](most int, learn func(name string) T) *Index[T] {
	first := &Entry[T]{}
	return &Index[T]{learn: learn, most: most, entries: map[string]*Entry[T]{}, first: first, last: first}
}

// Begin says that the next name is the first of a record.
func (x *Index[T]) Begin() { x.last = x.first }

// Expected returns the entry that followed the last one before, or nil.
func (x *Index[T]) Expected() *Entry[T] { return x.last.next }

// Follow says that an entry is the next of the record.
func (x *Index[T]) Follow(entry *Entry[T]) {
	x.last.next = entry
	x.last = entry
}

// Find returns the entry of the next name of the record.
func (x *Index[T]) Find(name string) *Entry[T] {
	if next := x.last.next; next != nil && next.name == name {
		x.last = next
		return next
	}
	return x.lookUp(name)
}

func (x *Index[T]) lookUp(name string) *Entry[T] {
	entry := x.Get(name)
	if entry == nil {
		return &Entry[T]{Known: x.learn(name)}
	}
	x.Follow(entry)
	return entry
}

// Get returns the entry of a name wherever it stands, or nil if it is one that cannot be
// remembered.
func (x *Index[T]) Get(name string) *Entry[T] {
	entry, found := x.entries[name]
	if !found {
		if len(name) > maxLength || len(x.entries) >= x.most {
			return nil
		}
		name = strings.Clone(name) // it may be part of a whole batch
		entry = &Entry[T]{name: name, Known: x.learn(name)}
		x.entries[name] = entry
	}
	return entry
}
