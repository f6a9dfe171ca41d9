package logsql

import (
	"regexp"
	"strconv"
	"strings"
)

// bare is a name that LogsQL takes without quotes: one with dots, whose first word is none
// of the short ones that LogsQL has, as by, in and not.
var bare = regexp.MustCompile(`^[a-z]{4,}(?:\.[a-z][a-z0-9_]*)+$`)

// options is the one long word that LogsQL takes for its own wherever a filter begins.
const options = "options."

// Name returns the name of a field as LogsQL takes it. LogsQL cannot name a field that ends
// in a star: it means all that begin so.
func Name(field string) string {
	if bare.MatchString(field) && !strings.HasPrefix(field, options) {
		return field
	}
	return strconv.Quote(field)
}

// Text returns a value as LogsQL takes it.
func Text(value string) string { return strconv.Quote(value) }
