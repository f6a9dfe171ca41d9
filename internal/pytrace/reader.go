package pytrace

import "bytes"

// maxDepth is how deep groups are followed. Python prints ten.
const maxDepth = 10

// reader reads a text line by line.
type reader struct {
	// levels are the exceptions that are open: one of the text, and below it one of each
	// group that is open. Only the first matters to what was raised.
	levels []chain
	inTree bool
}

func (r *reader) read(text []byte) {
	r.levels[0].text = text
	for at := 0; at < len(text); {
		line := firstLine(text[at:])
		r.readLine(bytes.TrimSuffix(line, []byte("\r")), at)
		at += len(line) + 1
	}
	r.unwind(0)
}

func (r *reader) readLine(line []byte, at int) {
	if !r.inTree && !r.beginsTree(line) {
		r.levels[0].read(line, at, 0)
		return
	}
	r.inTree = true
	if depth, isLast, ok := cutRule(line); ok {
		r.readRule(depth, isLast)
		return
	}
	depth, content, ok := cutMargin(line)
	if !ok {
		r.readBeside(line, at)
		return
	}
	// The lines of the outermost group are at depth 1.
	if level := depth - 1; level < len(r.levels) {
		r.unwind(level)
		r.levels[level].read(content, at+len(line)-len(content), depth)
	}
}

// beginsTree reports whether a line is the first one of a tree.
func (r *reader) beginsTree(line []byte) bool {
	if !bytes.HasPrefix(line, []byte("  | ")) && !bytes.HasPrefix(line, []byte("  + ")) {
		return false
	}
	switch k := kindOf(line); {
	case k == groupHeader:
		return true
	case r.levels[0].phase != beginning:
		return false
	case k == groupLine:
		return true
	}
	_, _, ok := cutClass(line[len("  | "):])
	return ok && r.levels[0].sure
}

// readBeside reads a line that has no margin: of what comes behind the tree, of a message
// whose further lines CPython 3.11 and 3.12 print as they are, or another program's.
func (r *reader) readBeside(line []byte, at int) {
	switch kindOf(line) {
	case causeLine, contextLine, header, stackHeader, threadHeader, reportLine, originalLine:
		r.unwind(0)
		r.inTree = false
		r.levels[0].message.endsInColon = false
		r.levels[0].read(line, at, 0)
	default:
		if last := &r.levels[len(r.levels)-1]; last.phase == inMessage {
			last.extend(line, other, at)
		}
	}
}

// readRule ends an exception of a group, and begins the next one. Nothing of the group
// itself stands below it.
func (r *reader) readRule(depth int, isLast bool) {
	level := depth - 1
	if level < 1 || level > len(r.levels) {
		return
	}
	r.unwind(level - 1)
	group := &r.levels[level-1]
	group.phase = behind
	if !isLast && level <= maxDepth && group.keepsCalls() {
		child := group.anew()
		child.sure = true
		r.levels = append(r.levels, child)
	}
}

// unwind ends the exceptions that are deeper than a level.
func (r *reader) unwind(level int) {
	for last := len(r.levels) - 1; last > level; last-- {
		if e := r.levels[last].finish(); e != nil {
			group := r.levels[last-1].built
			group.Group = append(group.Group, e)
		}
		if child := &r.levels[last]; child.inner != nil && child.raised.class != nil {
			r.levels[last-1].inner.hold(child.inner)
		}
		r.levels = r.levels[:last]
	}
}
