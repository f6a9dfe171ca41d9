package pyformat

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Layout is a format of Python's logging, compiled to read what it has printed.
type Layout struct {
	// Fields are those of the format without the message, in their order.
	Fields []Field

	begin delimiter
	head  []segment
	// behind follows the message, and tail are the fields behind that.
	behind delimiter
	tail   []segment
	// padded says that the message may have blanks behind it that are not its own.
	padded bool
	// anchored says that the head alone tells a record from other lines.
	anchored bool
}

// Field is a place of a layout where an attribute is printed.
type Field struct {
	Term Term
	// Name is the attribute's own.
	Name string
	// Integer and Decimal say what the value is, if it is no text.
	Integer, Decimal bool
	// Behind is the text between the field and the next one.
	Behind string
	// BeforeMessage says that the message is what comes next.
	BeforeMessage bool
}

// segment is a field and the text that follows it.
type segment struct {
	field  int
	term   Term
	shape  shape
	behind delimiter
	// column is the width of a value that only its padding parts from the next one, in
	// characters, and truncated says that it is never longer.
	column    int
	truncated bool
	// last says that the message follows.
	last bool
	// levels is the kind of levels that a level's name is one of.
	levels Levels
	// fraction is what stands between the seconds of a time and its milliseconds,
	// which are printed by themselves.
	fraction byte
}

// maxFields is how many fields a layout may have.
const maxFields = 24

// Compile reads a format of logging.Formatter, in "%" or "{" style. A level's name has
// to be of the given kind.
func Compile(format string, levels Levels) (*Layout, error) {
	tokens, err := lex(format)
	if err != nil {
		return nil, err
	}
	c := compiler{braces: !strings.Contains(format, "%(")}
	for _, t := range tokens {
		if err := c.add(t); err != nil {
			return nil, err
		}
	}
	return c.layout(levels)
}

// compiler gathers fields, and with each the text that follows it.
type compiler struct {
	braces bool
	begin  string
	fields []compiled
}

// compiled is a field with its token and the text behind it.
type compiled struct {
	token
	term     Term
	shape    shape
	behind   string
	fraction byte
	// loose says that blanks may stand behind the text.
	loose bool
}

// escape is what colours a text on a terminal.
var escape = regexp.MustCompile(`\x1b\[[0-9;:]*m`)

// tag is loguru's way to colour a text.
var tag = regexp.MustCompile(`</?(?:level|lvl|bold|b|dim|d|normal|n|italic|i|underline|u|strike|s|reverse|r|blink|l|hide|h|` +
	`(?:light-)?(?:black|red|green|yellow|blue|magenta|cyan|white|[krgybmcw]|l[krgybmcw]))?>`)

func (c *compiler) add(t token) error {
	switch {
	case t.name == "":
		return c.addText(t)
	case t.name == "exception" && c.braces:
		return nil // loguru's traceback, below the message
	case colour.MatchString(t.name):
		return nil // a line is read without its colours
	case t.name == levelPrefix:
		t.name = "levelname"
		if err := c.addField(t); err != nil {
			return err
		}
		c.last().behind, c.last().loose = ":", true
		c.last().spec = spec{}
		return nil
	}
	return c.addField(t)
}

func (c *compiler) last() *compiled { return &c.fields[len(c.fields)-1] }

func (c *compiler) addText(t token) error {
	text := escape.ReplaceAllString(t.text, "")
	if c.braces {
		text = tag.ReplaceAllString(text, "")
	}
	if len(c.fields) == 0 {
		c.begin += text
		return nil
	}
	c.last().behind += text
	return nil
}

func (c *compiler) addField(t token) error {
	f := compiled{token: t}
	known, ok := terms[t.name]
	f.term, f.shape = known.term, known.shape
	if !ok {
		f.name = strings.TrimSuffix(strings.TrimPrefix(t.name, "extra["), "]")
		switch {
		case strings.IndexByte("diu", t.spec.verb) >= 0:
			f.shape = integer
		case strings.IndexByte("fF", t.spec.verb) >= 0:
			f.shape = decimal
		}
	}
	if len(c.fields) > 0 && c.isFraction(&f) {
		c.last().fraction = c.last().behind[0]
		c.last().behind = ""
		return nil
	}
	if f.term != Extra {
		for i := range c.fields {
			if c.fields[i].term == f.term {
				return fmt.Errorf("%s at byte %d is there twice: take one of them out", t.source, t.place)
			}
		}
	}
	if len(c.fields) > maxFields {
		return fmt.Errorf("has more than %d fields", maxFields)
	}
	c.fields = append(c.fields, f)
	return nil
}

// isFraction reports whether a field has the milliseconds of the time in front of it.
func (c *compiler) isFraction(f *compiled) bool {
	last := c.last()
	return f.term == Msecs && last.term == Asctime && (last.behind == "." || last.behind == ",")
}

func (c *compiler) layout(levels Levels) (*Layout, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	l := &Layout{}
	l.begin = delimit(c.begin, false, len(c.fields) > 0 && c.fields[0].spec.right)
	inTail := false
	for i := range c.fields {
		f := &c.fields[i]
		padded := i+1 < len(c.fields) && c.fields[i+1].spec.right
		behind := delimit(f.behind, f.spec.left, f.loose || padded)
		if f.term == Message {
			inTail = true
			l.behind, l.padded = behind, f.spec.left
			continue
		}
		s := segment{field: len(l.Fields), term: f.term, shape: f.shape, behind: behind, levels: levels, fraction: f.fraction}
		if f.behind == "" && f.term != Asctime && i+1 < len(c.fields) {
			s.column, s.truncated = f.spec.width, f.spec.precision > 0 && f.spec.precision <= f.spec.width
		}
		s.last = i+1 < len(c.fields) && c.fields[i+1].term == Message
		if inTail {
			l.tail = append(l.tail, s)
		} else {
			l.head = append(l.head, s)
			l.anchored = l.anchored || isAnchor(f.term)
		}
		l.Fields = append(l.Fields, Field{
			Term: f.term, Name: f.name, Integer: f.shape == integer, Decimal: f.shape == decimal, Behind: f.behind,
			BeforeMessage: s.last,
		})
	}
	return l, nil
}

// isAnchor reports whether a term tells a record from other lines.
func isAnchor(t Term) bool { return t == Asctime || t == Created || t == LevelName || t == LevelNo }

// check reports what cannot be read in one way only.
func (c *compiler) check() error {
	if err := c.trim(); err != nil {
		return err
	}
	hasMessage, hasAnchor := false, false
	for i := range c.fields {
		f := &c.fields[i]
		hasMessage = hasMessage || f.term == Message
		hasAnchor = hasAnchor || isAnchor(f.term)
		if i+1 == len(c.fields) || f.behind != "" || f.term == Asctime || f.spec.left && f.spec.width > 0 && f.term != Message {
			continue
		}
		return fmt.Errorf("nothing stands between %s and %s at byte %d, so that nobody can tell where one ends: put text between them, or pad the first one",
			f.source, c.fields[i+1].source, c.fields[i+1].place)
	}
	switch {
	case !hasMessage:
		return fmt.Errorf("has no %s: add it", c.write("message"))
	case !hasAnchor:
		return fmt.Errorf("has neither %s nor %s, so that no line can be told from one that continues a message: add one of them to the application's format too",
			c.write("asctime"), c.write("levelname"))
	}
	return nil
}

// trim drops the line's end, and reports others.
func (c *compiler) trim() error {
	if len(c.fields) == 0 {
		return errors.New("names no attribute of a record")
	}
	c.last().behind = strings.TrimRight(c.last().behind, "\r\n")
	if strings.Contains(c.begin, "\n") {
		return errors.New("begins with a line's end: take the first line out")
	}
	for i := range c.fields {
		if strings.Contains(c.fields[i].behind, "\n") {
			return fmt.Errorf("goes on in another line behind %s at byte %d: the fields have to be in the first line", c.fields[i].source, c.fields[i].place)
		}
	}
	return nil
}

func (c *compiler) write(name string) string {
	if c.braces {
		return "{" + name + "}"
	}
	return "%(" + name + ")s"
}
