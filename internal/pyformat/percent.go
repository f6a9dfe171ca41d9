package pyformat

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// maxFormatWidth bounds the width and the precision of a conversion.
	maxFormatWidth = 1000
	// maxFormatWork bounds, in bytes, what all conversions of a message together
	// convert. A short format can name one long argument any number of times.
	maxFormatWork = 256 << 10
)

// Format puts a message and its printed arguments together as Python's logging
// does: msg % args. It fails where Python would, and on arguments that are not
// literals.
func Format(msg, args string) (string, bool) {
	switch strings.TrimSpace(args) {
	case "", "None":
		return msg, true
	}
	literal, ok := Parse(args)
	if !ok {
		return "", false
	}
	return Apply(msg, literal)
}

// Apply puts a message and its arguments together, which are a tuple or a dict.
// Without any the message is no format.
func Apply(msg string, args Literal) (string, bool) {
	if args.Kind != Tuple && args.Kind != Dict {
		return "", false
	}
	if len(args.Items) == 0 {
		return msg, true
	}
	if args.Kind == Tuple {
		f := formatter{items: args.Items}
		text, ok := f.format(msg)
		return text, ok && f.next == len(args.Items)
	}
	named, ok := args.Named()
	if !ok {
		return "", false
	}
	f := formatter{items: []Literal{args}, named: named}
	return f.format(msg)
}

// formatter follows "printf-style String Formatting" of Python's library reference.
type formatter struct {
	items []Literal
	next  int
	named map[string]Literal
	work  int
}

// conversion is one "%…" of a format.
type conversion struct {
	alternate, zero, left, blank, plus bool

	width, precision int // precision: -1 if not given
	verb             byte
}

func (f *formatter) format(msg string) (string, bool) {
	var out strings.Builder
	for {
		literal, rest, found := strings.Cut(msg, "%")
		out.WriteString(literal)
		if !found {
			return out.String(), true
		}
		text, rest, ok := f.convert(rest)
		if !ok {
			return "", false
		}
		out.WriteString(text)
		msg = rest
	}
}

// convert formats one argument by the specification at the head of text.
func (f *formatter) convert(text string) (_, rest string, ok bool) {
	var value Literal
	named := strings.HasPrefix(text, "(")
	if named {
		end := strings.IndexByte(text, ')')
		if end < 0 {
			return "", "", false
		}
		if value, ok = f.named[text[1:end]]; !ok {
			return "", "", false
		}
		text = text[end+1:]
	}
	c, rest, ok := f.conversion(text)
	if !ok {
		return "", "", false
	}
	if c.verb == '%' {
		return "%", rest, true
	}
	if !named {
		if value, ok = f.argument(); !ok {
			return "", "", false
		}
	}
	if f.work += len(value.Repr) + c.width + c.precision; f.work > maxFormatWork {
		return "", "", false
	}
	out, ok := c.apply(value)
	return out, rest, ok
}

func (f *formatter) argument() (Literal, bool) {
	if f.next >= len(f.items) {
		return Literal{}, false
	}
	f.next++
	return f.items[f.next-1], true
}

func (f *formatter) conversion(text string) (c conversion, rest string, ok bool) {
	c.precision = -1
flags:
	for text != "" {
		switch text[0] {
		case '#':
			c.alternate = true
		case '0':
			c.zero = true
		case '-':
			c.left = true
		case ' ':
			c.blank = true
		case '+':
			c.plus = true
		default:
			break flags
		}
		text = text[1:]
	}
	if c.width, text, ok = f.number(text); !ok {
		return c, "", false
	}
	if c.width < 0 {
		c.left, c.width = true, -c.width
	}
	if after, found := strings.CutPrefix(text, "."); found {
		if c.precision, text, ok = f.number(after); !ok {
			return c, "", false
		}
		c.precision = max(c.precision, 0)
	}
	text = strings.TrimLeft(text, "hlL")
	if text == "" || c.width > maxFormatWidth || c.precision > maxFormatWidth {
		return c, "", false
	}
	c.verb = text[0]
	return c, text[1:], true
}

// number reads a width or precision, which "*" takes from the arguments.
func (f *formatter) number(text string) (n int, rest string, ok bool) {
	if after, found := strings.CutPrefix(text, "*"); found {
		value, ok := f.argument()
		if !ok || value.Kind != Int {
			return 0, "", false
		}
		n, err := strconv.Atoi(value.Repr)
		return n, after, err == nil
	}
	end := 0
	for end < len(text) && isDigit(text[end]) {
		n = min(n*10+int(text[end]-'0'), maxFormatWidth+1)
		end++
	}
	return n, text[end:], true
}

func (c *conversion) apply(value Literal) (string, bool) {
	switch c.verb {
	case 's':
		return c.text(value.Str()), true
	case 'r':
		return c.text(value.Repr), true
	case 'a':
		return c.text(asciiRepr(value.Repr)), true
	case 'c':
		char, ok := character(value)
		return c.text(char), ok
	case 'd', 'i', 'u', 'o', 'x', 'X':
		return c.integer(value)
	case 'e', 'E', 'f', 'F', 'g', 'G':
		return c.float(value)
	}
	return "", false
}

func (c *conversion) text(text string) string {
	if c.precision >= 0 && c.verb != 'c' {
		runes := 0
		for i := range text {
			if runes == c.precision {
				text = text[:i]
				break
			}
			runes++
		}
	}
	return c.pad("", text, false)
}

// pad fills a text up to the width, with zeros between its sign and its digits if asked to.
func (c *conversion) pad(sign, text string, zeros bool) string {
	missing := c.width - utf8.RuneCountInString(sign) - utf8.RuneCountInString(text)
	switch {
	case missing <= 0:
		return sign + text
	case c.left:
		return sign + text + strings.Repeat(" ", missing)
	case zeros && c.zero:
		return sign + strings.Repeat("0", missing) + text
	}
	return strings.Repeat(" ", missing) + sign + text
}

func (c *conversion) sign(negative bool) string {
	switch {
	case negative:
		return "-"
	case c.plus:
		return "+"
	case c.blank:
		return " "
	}
	return ""
}

func (c *conversion) integer(value Literal) (string, bool) {
	n := new(big.Int)
	switch value.Kind {
	case Int:
		if _, ok := n.SetString(value.Repr, 10); !ok {
			return "", false
		}
	case Bool:
		if value.Repr == "True" {
			n.SetInt64(1)
		}
	case Float:
		f, err := strconv.ParseFloat(value.Repr, 64)
		if err != nil || math.IsInf(f, 0) || math.IsNaN(f) || strings.IndexByte("diu", c.verb) < 0 {
			return "", false
		}
		big.NewFloat(f).Int(n)
	default:
		return "", false
	}
	base, prefix := 10, ""
	switch c.verb {
	case 'o':
		base, prefix = 8, "0o"
	case 'x', 'X':
		base, prefix = 16, "0"+string(c.verb)
	}
	digits := new(big.Int).Abs(n).Text(base)
	if c.verb == 'X' {
		digits = strings.ToUpper(digits)
	}
	if missing := c.precision - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	sign := c.sign(n.Sign() < 0)
	if c.alternate && base != 10 {
		sign += prefix
	}
	return c.pad(sign, digits, true), true
}

func (c *conversion) float(value Literal) (string, bool) {
	text := value.Repr
	switch value.Kind {
	case Int, Float:
	case Bool:
		text = map[bool]string{true: "1", false: "0"}[text == "True"]
	default:
		return "", false
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return "", false
	}
	precision := 6
	if c.precision >= 0 {
		precision = c.precision
	}
	if precision == 0 && (c.verb == 'g' || c.verb == 'G') {
		precision = 1
	}
	verb := c.verb | 0x20
	format := "%." + strconv.Itoa(precision) + string(verb)
	if c.alternate {
		format = "%#." + strconv.Itoa(precision) + string(verb)
	}
	digits := strings.ToLower(strings.TrimPrefix(fmt.Sprintf(format, math.Abs(f)), "+"))
	if c.verb < 'a' {
		digits = strings.ToUpper(digits)
	}
	return c.pad(c.sign(math.Signbit(f) && !math.IsNaN(f)), digits, true), true
}

func character(value Literal) (string, bool) {
	switch value.Kind {
	case String:
		return value.Text, utf8.RuneCountInString(value.Text) == 1
	case Int:
		n, err := strconv.ParseUint(value.Repr, 10, 32)
		return string(rune(n)), err == nil && n <= utf8.MaxRune
	}
	return "", false
}

// asciiRepr escapes what is not ASCII, as Python's ascii does.
func asciiRepr(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			out.WriteRune(r)
		case r <= 0xFF:
			fmt.Fprintf(&out, `\x%02x`, r)
		case r <= 0xFFFF:
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			fmt.Fprintf(&out, `\U%08x`, r)
		}
	}
	return out.String()
}
