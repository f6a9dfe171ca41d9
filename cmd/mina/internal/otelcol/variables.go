package otelcol

import (
	"fmt"
	"strings"
)

// parseVariables reads a file of variables as systemd.exec(5) describes it: NAME=value, in
// quotes or not, with comments. A value does not go on in the next line.
func parseVariables(text string) (variables []string, err error) {
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		name, value, found := strings.Cut(line, "=")
		if name = strings.TrimSpace(name); !found || name == "" || strings.ContainsAny(name, " \t\"'") {
			return nil, fmt.Errorf("line %d is not NAME=value", i+1)
		}
		variables = append(variables, name+"="+unquote(strings.TrimSpace(value)))
	}
	return variables, nil
}

// unquote takes the quotes off a value, and the backslashes that are for the reader.
func unquote(value string) string {
	if len(value) >= 2 && value[0] == '\'' && value[len(value)-1] == '\'' {
		return value[1 : len(value)-1]
	}
	special := `\`
	if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
		value, special = value[1:len(value)-1], "\\\"`$"
	}
	var plain strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] == '\\' && i+1 < len(value) && strings.IndexByte(special, value[i+1]) >= 0 {
			i++
		}
		plain.WriteByte(value[i])
	}
	return plain.String()
}
