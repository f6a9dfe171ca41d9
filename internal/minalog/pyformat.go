package minalog

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

// formatPython puts a message and its printed arguments together as Python's
// logging does: msg % args. It fails where Python would, and on arguments that
// are not literals.
func formatPython(msg, args string) (string, bool) {
	args = strings.TrimSpace(args)
	switch {
	case args == "" || args == "()" || args == "None" || args == "{}":
		return msg, true
	case args[0] == '(':
		items, ok := parsePyTuple(args)
		if !ok {
			return "", false
		}
		f := pyFormatter{items: items}
		text, ok := f.format(msg)
		return text, ok && f.next == len(items)
	case args[0] == '{':
		named, ok := parsePyDict(args)
		if !ok {
			return "", false
		}
		f := pyFormatter{items: []pyLiteral{{kind: pyOther, repr: args}}, named: named}
		return f.format(msg)
	}
	return "", false
}

// pyFormatter follows "printf-style String Formatting" of Python's library reference.
type pyFormatter struct {
	items []pyLiteral
	next  int
	named map[string]pyLiteral
	work  int
}

// conversion is one "%…" of a format.
type conversion struct {
	alternate, zero, left, blank, plus bool

	width, precision int // precision: -1 if not given
	verb             byte
}

func (f *pyFormatter) format(msg string) (string, bool) {
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
func (f *pyFormatter) convert(text string) (_, rest string, ok bool) {
	var value pyLiteral
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
	if f.work += len(value.repr) + c.width + c.precision; f.work > maxFormatWork {
		return "", "", false
	}
	out, ok := c.apply(value)
	return out, rest, ok
}

func (f *pyFormatter) argument() (pyLiteral, bool) {
	if f.next >= len(f.items) {
		return pyLiteral{}, false
	}
	f.next++
	return f.items[f.next-1], true
}

func (f *pyFormatter) conversion(text string) (c conversion, rest string, ok bool) {
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
func (f *pyFormatter) number(text string) (n int, rest string, ok bool) {
	if after, found := strings.CutPrefix(text, "*"); found {
		value, ok := f.argument()
		if !ok || value.kind != pyInt {
			return 0, "", false
		}
		n, err := strconv.Atoi(value.repr)
		return n, after, err == nil
	}
	end := 0
	for end < len(text) && isDigit(text[end]) {
		n = min(n*10+int(text[end]-'0'), maxFormatWidth+1)
		end++
	}
	return n, text[end:], true
}

func (c *conversion) apply(value pyLiteral) (string, bool) {
	switch c.verb {
	case 's':
		return c.text(value.str()), true
	case 'r':
		return c.text(value.repr), true
	case 'a':
		return c.text(asciiRepr(value.repr)), true
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

func (c *conversion) integer(value pyLiteral) (string, bool) {
	n := new(big.Int)
	switch value.kind {
	case pyInt:
		if _, ok := n.SetString(value.repr, 10); !ok {
			return "", false
		}
	case pyBool:
		if value.repr == "True" {
			n.SetInt64(1)
		}
	case pyFloat:
		f, err := strconv.ParseFloat(value.repr, 64)
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

func (c *conversion) float(value pyLiteral) (string, bool) {
	text := value.repr
	switch value.kind {
	case pyInt, pyFloat:
	case pyBool:
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

func character(value pyLiteral) (string, bool) {
	switch value.kind {
	case pyString:
		return value.text, utf8.RuneCountInString(value.text) == 1
	case pyInt:
		n, err := strconv.ParseUint(value.repr, 10, 32)
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
