package text

import "strings"

// indentOf returns the column of a name that stands first in its line, also behind the
// dash of a list in YAML, and whether it does.
func (n *name) indentOf(text string) (column int, first bool) {
	start := n.start
	for start > 0 && isQuote(text[start-1]) {
		start--
	}
	line := lineStart(text, start)
	blanks := blanksEnd(text, line)
	if hasPrefixAt(text, blanks, "- ") {
		return blanks - line, blanksEnd(text, blanks+1) == start
	}
	return blanks - line, blanks == start
}

// onNextLine is the form of a value that stands on the line behind the name.
func (n *name) onNextLine(text string, a Assignment, isColon bool) (Assignment, bool) {
	if value := spacesEnd(text, a.Value); n.quote != 0 && (quoteAt(text, value) != "" || beginsString(text, value)) {
		a.Value = value
		return a, true
	}
	if !isColon {
		return a, false
	}
	column, first := n.indentOf(text)
	start, end := blockOf(text, a.Value, column)
	if start == end { // the rest of a record that was cut has no blanks before it
		start = newlineEnd(text, a.Value)
		end, first = lineEnd(text[:min(len(text), start+maxInside)], start), false
	}
	// What is behind prose is more of it, unless it is no word.
	if block := text[start:end]; !isScalar(block) || !first && !isMixed(block) {
		return a, false
	}
	a.Value, a.end = start, end
	return a, start < end
}

// isMixed reports whether a text has letters and digits.
func isMixed(text string) bool {
	return strings.ContainsAny(text, "0123456789") && strings.ContainsFunc(text, func(r rune) bool { return r < 0x80 && IsLetter(byte(r)) })
}

// inYAML is the form of a value behind a tag or an anchor of YAML, or in a block.
func (n *name) inYAML(text string, a Assignment) (Assignment, bool) {
	for range 2 { // a tag and an anchor
		if at := a.Value; at < len(text) && (text[at] == '!' || text[at] == '&') {
			end := yamlWord.EndWithin(text, at+1, maxNameLen)
			if value := blanksEnd(text, end); end > at+1 && value > end && isLast(text, value) {
				a.Value = value
			}
		}
	}
	column, _ := n.indentOf(text)
	if header := blockHeaderEnd(text, a.Value); header > a.Value {
		a.Value, a.end = blockOf(text, header, column)
		return a, a.Value < a.end
	}
	return a, a.Value < len(text) && !n.endsString(text, a.Value)
}

// isLast reports whether a value is all that is left in its line.
func isLast(text string, at int) bool {
	if at >= len(text) || isLineEnd(text, at) {
		return false
	}
	line := text[at:lineEnd(text[:min(len(text), at+maxInside)], at)]
	return blockSigns[line[0]] || quoteAt(line, 0) != "" || !strings.ContainsAny(strings.TrimRight(line, " \t"), " \t")
}

var (
	yamlSigns   = NewCharset("!&|>")
	yamlWord    = NewCharset("A-Za-z0-9_!:./-")
	blockSigns  = NewCharset("|>")
	blockHeader = NewCharset("|>+0-9-")
)

// blockHeaderEnd returns the end of a line that begins a block of YAML: |, >-.
func blockHeaderEnd(text string, at int) int {
	if at >= len(text) || !blockSigns[text[at]] {
		return at
	}
	if end := blanksEnd(text, blockHeader.EndWithin(text, at, 4)); isLineEnd(text, end) {
		return end
	}
	return at
}

// blockOf returns the lines behind a place that are indented by more than a column.
func blockOf(text string, at, column int) (start, end int) {
	const maxBlock = 16 << 10
	text = text[:min(len(text), at+maxBlock)]
	start, end = at, at
	for line := newlineEnd(text, at); line > end || line == end && line < len(text); {
		first := blanksEnd(text, line)
		next := lineEnd(text, first)
		switch {
		case next == first: // an empty line
		case first-line <= column:
			return trimmed(text, start, end)
		default:
			end = next
		}
		if line = newlineEnd(text, next); line == next {
			break
		}
	}
	return trimmed(text, start, end)
}

// isScalar reports whether lines of YAML are one value, or a list of them, and no map.
func isScalar(block string) bool {
	for line := range strings.Lines(block) {
		line = strings.TrimSpace(line)
		item, isItem := strings.CutPrefix(line, "- ")
		if !isItem && len(line) != len(strings.TrimSpace(block)) {
			return false // prose
		}
		if strings.HasSuffix(item, ":") || strings.Contains(item, ": ") || !isItem && strings.ContainsAny(item, " \t") && quoteAt(item, 0) == "" {
			return false
		}
	}
	return true
}

// aligned is the form of a line with a name and a value in columns, and nothing else.
func aligned(c *Cursor, n name) (a Assignment, found bool) {
	const shortest, gap = 8, 2
	text := c.Text
	a.Value = blanksEnd(text, n.after)
	if a.Value < n.after+gap && !hasPrefixAt(text, n.after, "\t") {
		return a, false
	}
	a.end = runOfValue(text, a.Value)
	behind := blanksEnd(text, a.end)
	if isLast := behind == len(text) || isLineEnd(text, behind); !isLast || a.end-a.Value < shortest || !isSingle(text[a.Value:a.end]) {
		return a, false
	}
	_, isFirst := n.indentOf(text)
	return a, isFirst && n.words == 0
}

// complained is the form of pydantic, which names a field, and in the line below shows
// what it was: input_value='…'
func complained(c *Cursor, n name) (a Assignment, found bool) {
	const maxLine = 1024
	const before, behind = "input_value=", ", input_type="
	text := c.Text
	line := newlineEnd(text, n.end)
	if line == n.end || !hasPrefixAt(text, line, "  ") {
		return a, false
	}
	shown := text[line:min(len(text), line+maxLine)]
	shown = shown[:lineEnd(shown, 0)]
	value := strings.Index(shown, before)
	if value < 0 {
		return a, false
	}
	a.Value = line + value + len(before)
	a.end = line + len(shown)
	if end := strings.LastIndex(shown, behind); end > value {
		a.end = line + end
	}
	return a, a.Value < a.end && text[a.Value] != '{' // that has names of its own
}
