package pytrace

import "bytes"

// chain reads exceptions that led to one another, a line at a time. It keeps the one that
// was raised last.
type chain struct {
	// text is all that is read, of which the lines are parts.
	text  []byte
	phase phase
	// sure says that this is an exception, whatever its class looks like: a header, a
	// frame, or a line between exceptions says so.
	sure   bool
	raised raised
	// message tells how the last line of the message matters to the next one.
	message message
	// early is a line that looked like the exception's, below which there were further
	// frames, and earlyFrames how many stood above it. end is where the text read ends.
	early       raised
	earlyFrames int
	end         int
	// isLogging says that the logging module reports an exception of its own.
	isLogging bool
	// built is the exception as [Parse] returns it, and nil where only the last line of
	// it matters. before and isCause are of the exception that led to it.
	built   *Exception
	before  *Exception
	isCause bool
	// inner has what [Innermost] returns, and is nil where nobody asks for it. earlyInner
	// is what it was above the early line.
	inner, earlyInner *innermost
}

// phase is which part of an exception is read.
type phase uint8

const (
	beginning phase = iota
	inFrames
	inMessage
	// behind an exception stands the stack of the call that logged it, or the group's
	// exceptions.
	behind
)

// raised is the line of an exception: its class, and where its message stands.
type raised struct {
	class    []byte
	from, to int
	// depth is that of the tree in which the message has its lines.
	depth int
}

// message follows the lines of a message.
type message struct {
	// quotes counts the remote tracebacks that are quoted in one another, and isRemote
	// says that the next line may begin one.
	quotes   int
	isRemote bool
	// endsInColon is said of the last line, so that a traceback behind it is a part of
	// the message; hasTraceback says that there has been one.
	endsInColon, hasTraceback bool
}

// read reads a line, which begins at an offset of the text and at a depth of a tree.
func (c *chain) read(line []byte, at, depth int) {
	k := kindOf(line)
	if c.phase == inMessage && c.message.quotes > 0 {
		c.extend(line, k, at)
		return
	}
	switch k {
	case causeLine, contextLine:
		c.connect(k == causeLine)
		return
	case header, groupHeader:
		c.readHeader(line, at)
		return
	case reportLine, originalLine:
		c.readReport(line, at)
		return
	}
	switch c.phase {
	case beginning, inFrames:
		c.readFrame(line, k, at, depth)
	case inMessage:
		c.readMessage(line, k, at, depth)
	case behind:
	}
}

// connect ends an exception, which led to the one that comes.
func (c *chain) connect(isCause bool) {
	c.sure = true
	before := c.finish()
	if before != nil && before.isNothing() {
		before = before.Before
	}
	c.restart()
	c.before, c.isCause, c.sure = before, isCause, true
}

// restart forgets what has been read.
func (c *chain) restart() {
	isLogging := c.isLogging
	*c = c.anew()
	c.isLogging = isLogging
}

// anew returns a chain that keeps the same, and has read nothing.
func (c *chain) anew() chain {
	other := chain{text: c.text}
	if c.built != nil {
		other.built = &Exception{}
	}
	if c.inner != nil {
		other.inner = &innermost{}
	}
	return other
}

// keepsCalls reports whether anybody asks for the calls, and for those of a group.
func (c *chain) keepsCalls() bool { return c.built != nil || c.inner != nil }

// readReport reads the first line of a report. What follows is no part of a message.
func (c *chain) readReport(line []byte, at int) {
	c.isLogging = bytes.HasPrefix(line, loggingText)
	if c.phase == inMessage {
		c.extend(line, other, at)
		c.message.endsInColon = false
	}
}

// readHeader begins an exception. Where there is one already this is another report,
// or a part of the message.
func (c *chain) readHeader(line []byte, at int) {
	switch {
	case c.phase == inMessage && c.sure && c.message.endsInColon:
		c.extend(line, other, at)
		c.message.hasTraceback = true
		return
	case c.phase > beginning:
		c.restart()
	}
	c.phase, c.sure = inFrames, true
}

// readFrame reads what stands above the line of the exception.
func (c *chain) readFrame(line []byte, k kind, at, depth int) {
	switch k {
	case frame, place:
		c.phase, c.sure = inFrames, c.sure || k == frame
		c.addCall(line)
	case repeated:
		if c.built != nil {
			times, _ := parseRepeated(bytes.Trim(line, " \t"))
			c.built.repeatFrame(times)
		}
	case indented:
		if c.built != nil && bytes.HasPrefix(line, []byte("    ")) && !isMarkers(line) {
			c.built.addSource(line)
		}
	case other, remoteLine:
		c.name(line, k, at, depth)
	}
	c.end = at + len(line)
}

// addCall keeps a call if anybody asks for it.
func (c *chain) addCall(line []byte) {
	if !c.keepsCalls() {
		return
	}
	f, _, _ := parseFrame(bytes.TrimLeft(line, " \t"))
	if c.inner != nil {
		c.inner.add(f)
	}
	if c.built != nil {
		c.built.addFrame(Frame{Path: string(f.path), Line: f.number, Function: string(f.function)})
	}
}

// name reads the line of the exception, if this is one.
func (c *chain) name(line []byte, k kind, at, depth int) {
	class, text, ok := cutClass(line)
	if !ok {
		return
	}
	c.phase, c.sure = inMessage, c.sure || k == remoteLine
	c.raised = raised{class: class, from: at + len(line) - len(text), to: at + len(line), depth: depth}
	c.message = message{isRemote: k == remoteLine, endsInColon: endsInColon(line)}
}

func endsInColon(line []byte) bool { return bytes.HasSuffix(trimEnd(line), []byte(":")) }

// readMessage reads what stands below the line of the exception.
func (c *chain) readMessage(line []byte, k kind, at, depth int) {
	switch {
	case k == stackHeader, k == threadHeader, c.isLogging && bytes.Equal(line, callText):
		c.phase = behind
		return
	case k == frame && c.sure && !c.message.hasTraceback && !bytes.HasPrefix(line, []byte("   ")):
		c.doubt()
		c.readFrame(line, k, at, depth)
		return
	case k == other && !c.sure && !couldBeException(c.raised.class):
		if class, _, ok := cutClass(line); ok && couldBeException(class) {
			c.name(line, k, at, depth)
			return
		}
	}
	c.extend(line, k, at)
}

// doubt keeps what looked like the line of an exception, until another one is found.
func (c *chain) doubt() {
	if c.early.class == nil {
		c.early = c.raised
		if c.built != nil {
			c.earlyFrames = len(c.built.Frames)
		}
		if c.inner != nil {
			above := *c.inner
			c.earlyInner = &above
		}
	}
	c.phase, c.raised = inFrames, raised{}
}

// extend adds a line to the message.
func (c *chain) extend(line []byte, k kind, at int) {
	isQuote := bytes.Equal(line, quoteText)
	switch {
	case isQuote && c.message.isRemote:
		c.message.quotes++
	case isQuote && c.message.quotes > 0:
		c.message.quotes--
	}
	c.message.isRemote = k == remoteLine
	if k != blank {
		c.message.endsInColon = endsInColon(line)
		c.raised.to = at + len(line)
		c.end = c.raised.to
	}
}

// settle decides what the exception is, when all its lines have been read.
func (c *chain) settle() {
	if c.phase == inFrames && c.early.class != nil {
		c.raised, c.raised.to = c.early, c.end
		if c.built != nil {
			c.built.Frames = c.built.Frames[:min(c.earlyFrames, len(c.built.Frames))]
		}
		if c.inner != nil {
			c.inner = c.earlyInner
		}
	}
	if !c.sure && !looksLikeException(c.raised.class) {
		c.raised = raised{}
	}
}

// finish returns the exception, or nil if there is none.
func (c *chain) finish() *Exception {
	c.settle()
	if c.built == nil {
		return nil
	}
	e := c.built
	if c.raised.class != nil {
		e.Module, e.Type = splitClass(string(c.raised.class))
		e.Value = string(c.messageText())
	}
	e.leaveOutTheMiddle()
	e.Before, e.Cause = c.before, c.isCause && c.before != nil
	if e.isNothing() && e.Before == nil {
		return nil
	}
	return e
}

// messageText returns the message without margins and CRs.
func (c *chain) messageText() []byte {
	text := c.text[c.raised.from:c.raised.to]
	if c.raised.depth == 0 && bytes.IndexByte(text, '\r') < 0 {
		return trim(text)
	}
	var message []byte
	for line := range bytes.Lines(text) {
		line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
		if message == nil {
			message = append(make([]byte, 0, len(text)), line...)
			continue
		}
		if depth, content, ok := cutMargin(line); ok && depth == c.raised.depth {
			line = content
		}
		message = append(append(message, '\n'), line...)
	}
	return trim(message)
}

// trim leaves out the blank behind the colon, and the blank space behind the message,
// which cannot be told from that between exceptions.
func trim(message []byte) []byte {
	return trimEnd(bytes.TrimPrefix(message, []byte(" ")))
}
