package text

// Assignment is a name in a text and where its value is.
type Assignment struct {
	Name string
	// Unescaped is the name without its first letter, where that may belong to an
	// escape: \npassword=…, but C:\token=…
	Unescaped string
	// Value is where the value begins, with what encloses it.
	Value int
	// Prose says that the operator is one that prose has too.
	Prose bool
	// end is where the value ends, in a form that says so.
	end int
	// isField says that the name is in a list whose members end in a semicolon.
	isField bool
	// rows is where more values of the same column are.
	rows columns
}

// A form is a way in which texts say that a name has a value. It looks behind the name,
// and answers where the value is.
type form func(c *Cursor, n name) (a Assignment, found bool)

// forms are tried in this order.
var forms = []form{beside, bound, assigned, paired, tagged, option, quotedBehind, column, complained, inCell, shownBelow, aligned}

// AssignmentAt returns the name that the word at a place belongs to, and where its
// value is.
func (c *Cursor) AssignmentAt(at int) (a Assignment, found bool) {
	const maxWords = 2
	text := c.Text
	n := nameAt(text, at)
	for n.mayHaveValue(text) {
		for _, form := range forms {
			if a, found = form(c, n); found {
				n.describe(text, &a)
				return a, a.Name != ""
			}
		}
		if n.words == maxWords || !n.nextWord(text) || n.end-at > maxNameLen {
			break
		}
	}
	return a, false
}

// noForms are bytes behind a name without quotes that no form has there: application/json.
var noForms = NewCharset("/@#&;%!$~}")

func (n *name) mayHaveValue(text string) bool {
	return n.after < len(text) && (n.quote != 0 || !noForms[text[n.after]])
}

// assigned is the form of name, operator and value: password=…, "token": "…".
func assigned(c *Cursor, n name) (a Assignment, found bool) {
	text := c.Text
	at := n.typeEnd(text)
	if next := spacesEnd(text, at); isLineEnd(text, at) && hasPrefixAt(text, next, "= ") {
		at = next
	}
	value := operatorEnd(text, at)
	if value == at {
		if value = comparisonEnd(text, at); value == at {
			return a, false
		}
	}
	isColon := text[at] == ':' && value == at+1
	if isColon && n.isNamespace(text) {
		return a, false
	}
	a.Prose = text[at] == ':' || text[at] == '='
	a.isField = n.isField(text)
	a.Value = emphasisEnd(text, blanksEnd(text, value))
	if isColon {
		behind, isType := annotationEnd(text, a.Value)
		switch {
		case behind > a.Value:
			a.Value = emphasisEnd(text, blanksEnd(text, behind))
		case isType:
			return a, false
		}
	}
	a.Value = constructorEnd(text, markerEnd(text, a.Value))
	if isLineEnd(text, a.Value) {
		return n.onNextLine(text, a, isColon)
	}
	if isColon && a.Value < len(text) && yamlSigns[text[a.Value]] {
		return n.inYAML(text, a)
	}
	return a, a.Value < len(text) && !n.endsString(text, a.Value)
}

// constructorEnd returns where a call begins behind a word: new Credential("…"), await get_token(…)
func constructorEnd(text string, at int) int {
	for _, word := range []string{"new ", "new-object ", "await "} {
		if class := at + len(word); hasPrefixFold(text, at, word) {
			if end := nameChars.EndWithin(text, class, maxNameLen); end < len(text) && text[end] == '(' {
				return class
			}
		}
	}
	return at
}

// operators stand between a name and its value, the longest first.
var operators = []string{":::=", "::=", "||=", "??=", "===", ":=", "=>", "==", "?=", ".=", "+=", "|=", "->", "<-", "=~", "=", ":"}

// operatorEnd returns the end of the operator at a place, or the place.
func operatorEnd(text string, at int) int {
	if at >= len(text) || !operatorStarts[text[at]] {
		return at
	}
	for _, operator := range operators {
		if hasPrefixAt(text, at, operator) {
			end := at + len(operator)
			if operator == ":" && hasPrefixAt(text, end, ":") {
				return at // a scope: auth::User
			}
			return end
		}
	}
	if hasPrefixAt(text, at, leader) {
		end := dots.End(text, at)
		if behind := blanksEnd(text, end); behind < len(text) && (text[behind] == ':' || text[behind] == '=') {
			return behind + 1
		}
		return end
	}
	return at
}

// leader begins a row of dots between a name and what is behind it.
const leader = "...."

var (
	operatorStarts = NewCharset(":=|?.+<-")
	dots           = NewCharset(".")
)

// comparisons stand before a quoted value in SQL.
var comparisons = []string{"<>", "!=", "like ", "ilike ", "in (", "to "}

var comparisonStarts = NewCharset("<!lLiItT")

// comparisonEnd returns where the string begins that a name is compared with, or the
// place.
func comparisonEnd(text string, at int) int {
	if at >= len(text) || !comparisonStarts[text[at]] {
		return at
	}
	for _, operator := range comparisons {
		if hasPrefixFold(text, at, operator) {
			if value := blanksEnd(text, at+len(operator)); value < len(text) && text[value] == '\'' {
				return value
			}
		}
	}
	return at
}

// option is the form of an option and the argument behind it: --password …
func option(c *Cursor, n name) (a Assignment, found bool) {
	text := c.Text
	if n.quote != 0 || n.end == len(text) || !IsBlank(text[n.end]) || !n.isOption(text) {
		return a, false
	}
	a.Value = blanksEnd(text, n.end)
	a.Prose = true
	return a, a.Value < len(text) && text[a.Value] != '-' && !isLineEnd(text, a.Value)
}
