package transition

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/logsql"
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
		b.WriteString(" " + logsql.Exact(label.Name, label.Value).String())
	}
	return b.String()
}
