package search

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

func (p *parser) rest() string { return p.text[p.at:] }

// next passes a text if it comes next.
func (p *parser) next(text string) bool {
	if !strings.HasPrefix(p.rest(), text) {
		return false
	}
	p.at += len(text)
	return true
}

// blanks passes blanks, and parentheses that close nothing.
func (p *parser) blanks() {
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.rest())
		if !unicode.IsSpace(r) && (r != ')' || p.depth > 0) {
			return
		}
		p.at += size
	}
}

// isEnd reports whether the search, or what is in parentheses, is at its end.
func (p *parser) isEnd() bool { return p.at == len(p.text) || p.depth > 0 && p.text[p.at] == ')' }

// isStar reports whether a star stands by itself.
func (p *parser) isStar() bool {
	return strings.HasPrefix(p.rest(), "*") && p.isBoundary(p.at+1)
}

// isBoundary reports whether a word ends in front of a byte.
func (p *parser) isBoundary(at int) bool {
	return at == len(p.text) || isBlank(p.text[at]) || p.text[at] == ')' || p.text[at] == '('
}

func isBlank(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// signs are other ways to write the operators.
var signs = map[string]string{"or": "||", "and": "&&"}

// isOperator reports whether an operator comes next.
func (p *parser) isOperator(operator string) bool {
	rest := p.rest()
	if sign := signs[operator]; sign != "" && strings.HasPrefix(rest, sign) {
		return true
	}
	return len(rest) >= len(operator) && strings.EqualFold(rest[:len(operator)], operator) && p.isBoundary(p.at+len(operator))
}

// operator passes an operator if it comes next.
func (p *parser) operator(operator string) bool {
	if p.blanks(); !p.isOperator(operator) {
		return false
	}
	if sign := signs[operator]; sign == "" || !p.next(sign) {
		p.at += len(operator)
	}
	return true
}

var (
	// named matches a name and the colon behind it.
	named = regexp.MustCompile(`^([\pL_@*$][\pL\pN_.\-/@$*]*):`)
	// compared matches a name without one, and that it is compared with a number, as in jq.
	compared = regexp.MustCompile(`^([\pL_][\pL\pN_.]*)\s*[<>]=?\s*-?\.?[0-9]`)
)

// fieldName reads the name of a field and its colon. A name in quotes is taken as it is.
func (p *parser) fieldName() (field, bool) {
	begin := p.at
	if isQuote(p.text, p.at) {
		name, _ := p.quoted(false)
		if p.next(":") && name != "" && !p.isEnd() && !isBlank(p.text[p.at]) {
			return field{names: []string{name}}, true
		}
		p.at = begin
		return field{}, false
	}
	if match := compared.FindStringSubmatch(p.rest()); match != nil {
		p.at += len(match[1])
		f, _ := fieldOf(match[1])
		return f, true
	}
	match := named.FindStringSubmatch(p.rest())
	if match == nil {
		return field{}, false
	}
	name := match[1]
	f, known := fieldOf(name)
	known = known && (isShort(name) || strings.ContainsAny(name, "._")) // and error: is text
	p.at += len(name) + 1
	rest := p.rest()
	switch {
	case f.kind == address && strings.HasPrefix(rest, "::"): // of IPv6
		return f, true
	case strings.HasPrefix(rest, "//"), strings.HasPrefix(rest, `\`), strings.HasPrefix(rest, ":"): // a URL, a path, a::b
	case !known && (rest == "" || isBlank(rest[0]) || rest[0] == ')'): // ValueError: x
	default:
		return f, true
	}
	p.at = begin
	return field{}, false
}

// isQuote reports whether a text in quotes begins: a single quote is one only with its
// other half, since words have apostrophes.
func isQuote(text string, at int) bool {
	if at == len(text) {
		return false
	}
	switch text[at] {
	case '"', '`':
		return true
	case '\'':
		return otherHalf.MatchString(text[at+1:])
	}
	return false
}

// otherHalf matches up to a single quote that no letter follows.
var otherHalf = regexp.MustCompile(`^(?:[^'\\]|\\.)*'(?:[^\pL\pN]|$)`)

// quoted reads a text in quotes, whose end may be missing. In a pattern, what a backslash
// says is the pattern's business, except of quotes and backslashes.
func (p *parser) quoted(pattern bool) (text string, ok bool) {
	if !isQuote(p.text, p.at) {
		return "", false
	}
	quote := p.text[p.at]
	p.at++
	var b strings.Builder
	for p.at < len(p.text) && p.text[p.at] != quote {
		if p.text[p.at] != '\\' || quote == '`' {
			b.WriteByte(p.text[p.at])
			p.at++
			continue
		}
		p.escape(&b, quote, pattern)
	}
	p.next(string(quote))
	return b.String(), true
}

// escape reads a backslash and what is behind it. It is only a backslash where it says
// nothing, as in C:\dir.
func (p *parser) escape(b *strings.Builder, quote byte, pattern bool) {
	rest := p.rest()
	if len(rest) > 1 && (rest[1] == quote || rest[1] == '\\') {
		b.WriteByte(rest[1])
		p.at += 2
		return
	}
	if !pattern {
		if r, multibyte, tail, err := strconv.UnquoteChar(rest, quote); err == nil {
			if r < utf8.RuneSelf || !multibyte {
				b.WriteByte(byte(r))
			} else {
				b.WriteRune(r)
			}
			p.at += len(rest) - len(tail)
			return
		}
	}
	b.WriteByte('\\')
	p.at++
}

// word reads up to a blank, or up to one of the stops. Parentheses in a word belong to it
// if it has both: charge(meeting).
func (p *parser) word(stops string) string {
	begin, open := p.at, 0
	for p.at < len(p.text) && !isBlank(p.text[p.at]) && !strings.ContainsRune(stops, rune(p.text[p.at])) {
		switch p.text[p.at] {
		case '(':
			open++
		case ')':
			if open == 0 {
				return p.text[begin:p.at]
			}
			open--
		}
		p.at++
	}
	return p.text[begin:p.at]
}
