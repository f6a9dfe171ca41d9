// Package pytrace reads what CPython prints of an exception: versions 3.8 to 3.14,
// chained, grouped, with marker lines and repeated frames, cut short, or with other
// programs' lines in between.
package pytrace

import (
	"regexp"
	"strconv"
	"strings"
)

// Exception is one exception of a traceback.
type Exception struct {
	// Module and Type are its class: requests.exceptions and HTTPError. A builtin
	// class has no module; an exception that was cut off has no type.
	Module string `json:"module,omitempty"`
	Type   string `json:"type"`
	// Value is its text, with the notes below it.
	Value string `json:"value,omitempty"`
	// Frames are from caller to callee.
	Frames []Frame `json:"frames,omitempty"`
	// Before is the exception that led to this one, and Cause says that it was given
	// as its cause (raise … from …).
	Before *Exception `json:"before,omitempty"`
	Cause  bool       `json:"cause,omitempty"`
	// Group holds the exceptions of an exception group.
	Group []*Exception `json:"group,omitempty"`
}

// Frame is one call.
type Frame struct {
	Path     string `json:"path"`
	Line     int    `json:"line"`
	Function string `json:"function,omitempty"`
	// Source is the line of the program, without its indentation.
	Source string `json:"source,omitempty"`
}

const (
	// maxFrames is how many frames are kept of an exception: half of them from each
	// end. It is what Sentry shows.
	maxFrames = 250
	// maxDepth is how deep groups are followed.
	maxDepth = 10
)

const (
	header      = "Traceback (most recent call last):"
	groupHeader = "Exception Group " + header
	asCause     = "The above exception was the direct cause of the following exception:"
	asContext   = "During handling of the above exception, another exception occurred:"
)

var (
	frameLine  = regexp.MustCompile(`^\s*File "(.*)", line (\d+)(?:, in (.*))?$`)
	repeated   = regexp.MustCompile(`^\s*\[Previous line repeated (\d+) more times?\]$`)
	markers    = regexp.MustCompile(`^[\s~^]+$`)
	className  = regexp.MustCompile(`^([A-Za-z_][\w]*(?:\.(?:[A-Za-z_][\w]*|<locals>))*)(?:: ?(.*))?$`)
	groupBegin = regexp.MustCompile(`^(\s*)\+ ` + regexp.QuoteMeta(groupHeader) + `$`)
	firstChild = regexp.MustCompile(`^(\s*)\+-\+-+ (?:\d+|\.\.\.) -+$`)
	nextChild  = regexp.MustCompile(`^(\s*)\+-+ (?:\d+|\.\.\.) -+$`)
	lastChild  = regexp.MustCompile(`^(\s*)\+-{4,}$`)
	andMore    = regexp.MustCompile(`^and \d+ more exceptions?$`)
)

// Parse returns the last exception of a text, the one that was not handled, or nil if
// there is none.
func Parse(text string) *Exception {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return parseChain(blocks(strings.Split(strings.TrimRight(text, "\n"), "\n")), 0)
}

// item is a line, or, behind a group, the blocks of its exceptions.
type item struct {
	line  string
	group [][]item
}

// blocks finds exception groups, which Python draws as a tree, and takes their lines
// out of it.
func blocks(lines []string) []item {
	top := &branch{margin: -1}
	stack := []*branch{top}
	for _, line := range lines {
		current := stack[len(stack)-1]
		if m := groupBegin.FindStringSubmatch(line); m != nil && current == top {
			group := &branch{margin: len(m[1])}
			stack = append(stack, group)
			group.add(groupHeader)
			continue
		}
		if current == top {
			top.add(line)
			continue
		}
		if m := firstChild.FindStringSubmatch(line); m != nil && len(m[1]) == current.margin && len(stack) < maxDepth {
			stack = append(stack, &branch{margin: current.margin + 2})
			continue
		}
		if m := nextChild.FindStringSubmatch(line); m != nil && len(m[1]) == current.margin && len(stack) > 2 {
			stack[len(stack)-2].adopt(current)
			stack[len(stack)-1] = &branch{margin: current.margin}
			continue
		}
		if m := lastChild.FindStringSubmatch(line); m != nil && len(m[1]) == current.margin && len(stack) > 2 {
			stack[len(stack)-2].adopt(current)
			stack = stack[:len(stack)-1]
			continue
		}
		if text, ok := within(line, current.margin); ok {
			current.add(text)
			continue
		}
		// The tree has ended, or somebody else's line is in between.
		if line == "" || strings.TrimSpace(line) == asCause || strings.TrimSpace(line) == asContext || strings.TrimSpace(line) == header {
			stack = unwind(stack)
			top.add(line)
		}
	}
	unwind(stack)
	return top.items
}

// branch is an exception of the tree that is being read.
type branch struct {
	margin int
	items  []item
}

func (b *branch) add(line string) { b.items = append(b.items, item{line: line}) }

// adopt adds an exception to the group that the lines before it are of.
func (b *branch) adopt(child *branch) {
	if last := len(b.items) - 1; last >= 0 && b.items[last].group != nil {
		b.items[last].group = append(b.items[last].group, child.items)
		return
	}
	b.items = append(b.items, item{group: [][]item{child.items}})
}

// unwind ends every branch but the first.
func unwind(stack []*branch) []*branch {
	for len(stack) > 2 {
		stack[len(stack)-2].adopt(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
	}
	if len(stack) == 2 {
		stack[0].items = append(stack[0].items, stack[1].items...)
	}
	return stack[:1]
}

// within returns a line of the tree without the margin.
func within(line string, margin int) (string, bool) {
	if len(line) <= margin || strings.TrimLeft(line[:margin], " ") != "" || line[margin] != '|' {
		return "", false
	}
	return strings.TrimPrefix(line[margin+1:], " "), true
}

// parseChain reads exceptions that led to one another.
func parseChain(items []item, depth int) *Exception {
	var last *Exception
	cause, begin := false, 0
	end := func(to int) {
		if e := parseOne(items[begin:to], depth); e != nil {
			e.Before, e.Cause = last, cause && last != nil
			last = e
		}
		begin = to + 1
	}
	for i, it := range items {
		switch it.line {
		case asCause, asContext:
			end(i)
			cause = it.line == asCause
		case header, groupHeader:
			// A second traceback without a word between them is another report.
			if i > begin && endsException(items[begin:i]) {
				end(i)
				begin = i
			}
		}
	}
	end(len(items))
	return last
}

// endsException reports whether a whole exception stands in the lines, so that a
// header behind it begins another.
func endsException(items []item) bool {
	e := parseOne(items, maxDepth)
	if e == nil || e.Type == "" || len(e.Frames) == 0 {
		return false
	}
	quote := 0
	for _, it := range items {
		quote += strings.Count(it.line, `"""`)
	}
	return quote%2 == 0 // a remote traceback is quoted in the message
}

// parseOne reads one exception: frames, if it has any, and its class and text.
func parseOne(items []item, depth int) *Exception {
	e := &Exception{}
	var lines []string
	for _, it := range items {
		if it.group == nil {
			lines = append(lines, it.line)
			continue
		}
		if depth >= maxDepth {
			continue
		}
		for _, child := range it.group {
			if len(child) == 1 && andMore.MatchString(child[0].line) {
				continue
			}
			if c := parseChain(child, depth+1); c != nil {
				e.Group = append(e.Group, c)
			}
		}
	}
	lines, remote := withoutForeword(lines)
	rest := lines
	if !remote {
		rest = e.readFrames(lines)
	}
	e.readClass(rest, len(e.Frames) > 0 || remote || len(e.Group) > 0 || depth > 0)
	if e.Type == "" && len(e.Frames) == 0 && len(e.Group) == 0 {
		return nil
	}
	return e
}

// withoutForeword leaves out what stands before the header. The text of a remote
// traceback has a header of its own, which is not meant.
func withoutForeword(lines []string) (rest []string, remote bool) {
	for i, line := range lines {
		if line == header || line == groupHeader {
			return lines[i+1:], false
		}
		if i+1 < len(lines) && lines[i+1] == `"""` && className.MatchString(line) {
			return lines[i:], true
		}
	}
	for len(lines) > 0 && lines[0] == "" {
		lines = lines[1:]
	}
	return lines, false
}

// readFrames reads frames, and returns the lines behind the last of them.
func (e *Exception) readFrames(lines []string) []string {
	last := -1
	for i, line := range lines {
		if frameLine.MatchString(line) || repeated.MatchString(line) {
			last = i
		}
	}
	if last < 0 {
		return lines
	}
	for i := 0; i <= last; i++ {
		line := lines[i]
		if m := frameLine.FindStringSubmatch(line); m != nil {
			number, _ := strconv.Atoi(m[2])
			e.Frames = append(e.Frames, Frame{Path: m[1], Line: number, Function: m[3]})
		} else if m := repeated.FindStringSubmatch(line); m != nil && len(e.Frames) > 0 {
			times, _ := strconv.Atoi(m[1])
			for range min(times, maxFrames) {
				e.Frames = append(e.Frames, e.Frames[len(e.Frames)-1])
			}
		} else {
			e.addSource(line)
		}
		if len(e.Frames) > 2*maxFrames {
			e.leaveOutTheMiddle()
		}
	}
	e.leaveOutTheMiddle()
	rest := lines[last+1:]
	for len(rest) > 0 && strings.HasPrefix(rest[0], "    ") {
		e.addSource(rest[0])
		rest = rest[1:]
	}
	return rest
}

func (e *Exception) leaveOutTheMiddle() {
	if len(e.Frames) > maxFrames {
		e.Frames = append(e.Frames[:maxFrames/2], e.Frames[len(e.Frames)-maxFrames/2:]...)
	}
}

// addSource gives the last frame its line of the program; markers below it, and
// further lines of a long expression, are left out.
func (e *Exception) addSource(line string) {
	if last := len(e.Frames) - 1; last >= 0 && e.Frames[last].Source == "" && strings.HasPrefix(line, "    ") && !markers.MatchString(line) {
		e.Frames[last].Source = strings.TrimSpace(line)
	}
}

// readClass reads the class and the text of an exception. Where no frame comes before
// it, anything may look like a class that is followed by a colon.
func (e *Exception) readClass(lines []string, sure bool) {
	for i, line := range lines {
		m := className.FindStringSubmatch(line)
		if m == nil || !sure && !looksLikeException(m[1]) {
			continue
		}
		e.Module, e.Type = splitClass(m[1])
		text := append([]string{m[2]}, lines[i+1:]...)
		for len(text) > 0 && text[len(text)-1] == "" {
			text = text[:len(text)-1]
		}
		e.Value = strings.Join(text, "\n")
		return
	}
}

var exceptionNames = regexp.MustCompile(`(Error|Exception|Warning|Interrupt|Exit|Iteration|Timeout|Group)$`)

func looksLikeException(class string) bool { return exceptionNames.MatchString(class) }

// splitClass splits what Python prints for a class into its module and its qualified
// name, which begins, as far as can be told, at the function or the class that the
// class is in: a.b.load.<locals>.Missing, a.b.Store.Missing.
func splitClass(name string) (module, class string) {
	parts := strings.Split(name, ".")
	begin := len(parts) - 1
	for i, part := range parts {
		if first := strings.TrimLeft(part, "_"); first != "" && first[0] >= 'A' && first[0] <= 'Z' {
			begin = i
			break
		}
		if i+1 < len(parts) && parts[i+1] == "<locals>" {
			begin = i
			break
		}
	}
	return strings.Join(parts[:begin], "."), strings.Join(parts[begin:], ".")
}
