package text

import "strings"

// typeNames are the types that a secret is of, in the languages that write them beside
// names.
var typeNames = func() map[string]bool {
	names := map[string]bool{}
	for _, name := range strings.Fields("str string String bytes bytearray []byte int uint int64 uint64 u64 char char* *string &str Any object any " +
		"SecretStr SecretBytes SecretString pydantic.SecretStr") {
		names[name] = true
	}
	return names
}()

// wrappers are the types that say what is in them.
var wrappers = []string{"Optional[", "Union[", "Annotated[", "Option<", "Optional<", "Final[", "Mapped[", "ClassVar["}

func isTypeName(name string) bool {
	name = strings.TrimSuffix(name, "?")
	if typeNames[name] {
		return true
	}
	for _, wrapper := range wrappers {
		if strings.HasPrefix(name, wrapper) {
			return true
		}
	}
	return false
}

var (
	typeStarts = NewCharset("A-Za-z_&*[")
	typeChars  = NewCharset("A-Za-z0-9_.")
)

// typeNameEnd returns the end of a type at a place: str, Optional[str], &'static str.
func typeNameEnd(text string, at int) int {
	const maxType = 128
	text = text[:min(len(text), at+maxType)]
	end := at
	for end < len(text) && (text[end] == '&' || text[end] == '*') {
		end++
	}
	if hasPrefixAt(text, end, "'static ") {
		end += len("'static ")
	}
	if hasPrefixAt(text, end, "[]") {
		end += len("[]")
	}
	if end == len(text) || !IsLetter(text[end]) && text[end] != '_' {
		return at
	}
	end = typeChars.End(text, end)
	if end < len(text) && (text[end] == '[' || text[end] == '<') {
		end = nestedEnd(text, end)
	}
	for end < len(text) && (text[end] == '*' || text[end] == '?') {
		end++
	}
	return end
}

// nestedEnd returns the end of brackets and what is in them, or the place.
func nestedEnd(text string, at int) int {
	depth := 0
	for i := at; i < len(text); i++ {
		switch text[i] {
		case '[', '<', '(':
			depth++
		case ']', '>', ')':
			if depth--; depth == 0 {
				return i + 1
			}
		case '\n', '"':
			return at
		}
	}
	return at
}

// annotationEnd returns where the value is behind an annotation, as in
// name: str | None = 'value', or the place, and whether there is a type without a value.
func annotationEnd(text string, at int) (value int, isType bool) {
	end := at
	for isKnown := true; ; {
		next := typeNameEnd(text, end)
		if next == end {
			return at, false
		}
		word := text[end:next]
		isKnown = isKnown && (isTypeName(word) || word == "None" || word == "null" || word == "undefined")
		if !isKnown && strings.ContainsAny(word, "0123456789") {
			return at, false
		}
		end = blanksEnd(text, next)
		if hasPrefixAt(text, end, "|") {
			end = blanksEnd(text, end+1)
			continue
		}
		return behindType(text, at, next, end, isKnown)
	}
}

// behindType looks for the operator behind a type.
func behindType(text string, at, typeEnd, operator int, isKnown bool) (value int, isType bool) {
	value = operator
	switch {
	case hasPrefixAt(text, operator, ":="):
		value += len(":=")
	case hasPrefixAt(text, operator, "=") && !hasPrefixAt(text, operator, "==") && !hasPrefixAt(text, operator, "=>"):
		value += len("=")
	default:
		isEnd := operator == len(text) || strings.IndexByte(",);\n\r", text[operator]) >= 0 || hasPrefixAt(text, operator, "->")
		return at, isKnown && isEnd
	}
	if quoted := quoteAt(text, blanksEnd(text, value)) != ""; !quoted && (operator == typeEnd || !isKnown) {
		return at, false
	}
	return value, false
}
