package transition

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// search is a filter in LogsQL.
type search struct {
	filter string
	// joined says that the filter is several, of which one is enough.
	joined bool
}

// longestSearch keeps a search short enough for a link.
const longestSearch = 1024

// lexemes are what LogsQL has that is no plain word: texts in quotes, and what joins.
var lexemes = regexp.MustCompile("\"(?:\\\\.|[^\"\\\\])*\"|`[^`]*`|'(?:\\\\.|[^'\\\\])*'|" + `["'|#;` + "`" + `]|(?i:\bor\b)`)

func parseSearch(filter string) (search, error) {
	s := search{filter: strings.TrimSpace(strings.ToValidUTF8(filter, ""))}
	if len(s.filter) > longestSearch {
		return s, fmt.Errorf("must be %d bytes at most (got %d)", longestSearch, len(s.filter))
	}
	for _, lexeme := range lexemes.FindAllString(s.filter, -1) {
		switch strings.ToLower(lexeme) {
		case "|":
			return s, errors.New("must be a filter without pipes (|)")
		case "#":
			return s, errors.New("must be a filter without comments (#)")
		case ";":
			return s, errors.New("must be a single filter (;)")
		case `"`, "'", "`":
			return s, fmt.Errorf("has a text without its end (%s)", lexeme)
		case "or":
			s.joined = true
		}
	}
	return s, nil
}

// of returns the search for the records of a group.
func (s search) of(group []Label) string {
	if s.filter == "" {
		return ""
	}
	var b strings.Builder
	if s.joined && len(group) > 0 {
		b.WriteString("(" + s.filter + ")")
	} else {
		b.WriteString(s.filter)
	}
	for _, label := range group {
		b.WriteString(" " + fieldName(label.Name) + ":=" + strconv.Quote(label.Value))
	}
	return b.String()
}

// bare is a name that LogsQL takes without quotes: one with dots, whose first word is not
// one of LogsQL's own.
var bare = regexp.MustCompile(`^[a-z]{4,}(?:\.[a-z][a-z0-9_]*)+$`)

func fieldName(name string) string {
	if bare.MatchString(name) {
		return name
	}
	return strconv.Quote(name)
}
