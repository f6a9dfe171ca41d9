package minalog

// candidates are the values of one record that have a place in the log data model:
// for each field the one that is tried, of those that the record has under its names.
type candidates [fieldCount]candidate

type candidate struct {
	// index of the value; the line's own object, 0, stands for none.
	index int32
	// rank of its name among those of the field, from 1 on.
	rank uint16
	// above is the rank of the last name that did not serve.
	above uint16
	// inside says that the value lies in an object: it stays there, since its
	// siblings would lose their place.
	inside bool
}

// collect looks for fields among the members of the line's object, and counts the
// members. Of duplicate keys the last value wins, as in Python.
func (d *Decoder) collect() {
	d.objects++
	d.found, d.attributes = candidates{}, 0
	values := d.json.values
	for i := 1; i < len(values); i = values[i].next {
		k := values[i].key
		if !d.duplicate(k, i) {
			d.attributes++
		}
		if k.optional && values[i].kind == jsonNull {
			values[i].taken = true
			d.attributes--
			continue
		}
		d.found.offer(&k.meaning, i, false)
		if k.children != nil && values[i].kind == jsonObject {
			d.collectInside(i, k.children)
		}
	}
}

// duplicate reports whether the object at hand has the key already, and marks the
// value that it had there.
func (d *Decoder) duplicate(k *key, index int) bool {
	again := k.object == d.objects
	if again {
		d.json.values[k.value].taken = true
	}
	k.object, k.value = d.objects, index
	return again
}

// collectInside looks for dotted field names inside an object.
func (d *Decoder) collectInside(object int, children meanings) {
	values := d.json.values
	for i := object + 1; i < values[object].next; i = values[i].next {
		child := children[values[i].key.name]
		if child == nil || values[i].taken {
			continue
		}
		d.found.offer(child, i, true)
		if child.children != nil && values[i].kind == jsonObject {
			d.collectInside(i, child.children)
		}
	}
}

func (c *candidates) offer(m *meaning, index int, inside bool) {
	if m.field == fieldNone {
		return
	}
	if at := &c[m.field]; m.rank > at.above && (at.index == 0 || m.rank <= at.rank) {
		at.index, at.rank, at.inside = int32(index), m.rank, inside //nolint:gosec // a record is not that long
	}
}

// field returns the value that is tried for a field, or nil.
func (d *Decoder) field(fd field) *jsonValue {
	if index := d.found[fd].index; index != 0 {
		return &d.json.values[index]
	}
	return nil
}

// next returns the value under the next name of a field, where the one that was tried
// cannot be read, or nil.
func (d *Decoder) next(fd field) *jsonValue {
	d.found[fd] = candidate{above: d.found[fd].rank}
	return d.search(fd)
}

// again returns the value under the first name of a field once more.
func (d *Decoder) again(fd field) *jsonValue {
	d.found[fd] = candidate{}
	return d.search(fd)
}

// search offers all values again, which changes nothing for the other fields.
func (d *Decoder) search(fd field) *jsonValue {
	values := d.json.values
	for i := 1; i < len(values); i = values[i].next {
		if values[i].taken {
			continue
		}
		d.found.offer(&values[i].key.meaning, i, false)
		if children := values[i].key.children; children != nil && values[i].kind == jsonObject {
			d.collectInside(i, children)
		}
	}
	return d.field(fd)
}

// name returns the name under which the value was found that is tried for a field.
func (d *Decoder) name(fd field) string { return d.names[fd][d.found[fd].rank-1] }

// take marks the value that serves a field as no attribute.
func (d *Decoder) take(fd field) {
	if !d.found[fd].inside {
		d.field(fd).taken = true
		d.attributes--
	}
}
