package varprovider

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/confmap"
)

const scheme = "var"

// uri is a name, an operator and its word.
var uri = regexp.MustCompile(`(?s)^` + scheme + `:([A-Za-z_][A-Za-z0-9_]*)(:[?+#{])(.*)$`)

const usage = "write ${var:NAME:?what it is}, ${var:NAME:+what to put there}, ${var:NAME:#default number} or ${var:NAME:{}"

type provider struct{}

// NewFactory returns the factory of the provider of the scheme var. It knows two of
// the shell's parameter expansions (POSIX.1-2024, Shell Command Language 2.6.2), and two
// of its own, since what is wrong with a value is better said of the variable than of
// the key that it has come to:
//
//	${var:NAME:?word}  the value; if it is unset or empty, an error that says word
//	${var:NAME:+word}  word; if the variable is unset or empty, nothing
//	${var:NAME:#word}  the whole number that the value is; if it is unset or empty, word
//	${var:NAME:{}      the map that the value is, in YAML or JSON, or none
//
// The value of the first is text, also where it looks like a number. No value appears in
// an error, but for that which should have been a number.
func NewFactory() confmap.ProviderFactory {
	return confmap.NewProviderFactory(func(confmap.ProviderSettings) confmap.Provider { return provider{} })
}

func (provider) Retrieve(_ context.Context, text string, _ confmap.WatcherFunc) (*confmap.Retrieved, error) {
	parts := uri.FindStringSubmatch(text)
	if parts == nil {
		return nil, fmt.Errorf("${%s}: %s", text, usage)
	}
	name, operator, word := parts[1], parts[2], strings.TrimSpace(parts[3])
	value := os.Getenv(name)
	switch {
	case operator == ":#":
		return number(name, cmp.Or(value, word))
	case operator == ":{":
		return mapping(name, value)
	case operator == ":+" && value != "":
		return confmap.NewRetrieved(word)
	case operator == ":+":
		return confmap.NewRetrieved("")
	case value != "":
		return confmap.NewRetrieved(value)
	case word == "":
		return nil, fmt.Errorf("set the environment variable %s", name)
	}
	return nil, fmt.Errorf("set the environment variable %s: %s", name, word)
}

// longestQuoted is how much of a value is quoted that should have been a number.
const longestQuoted = 24

func number(name, value string) (*confmap.Retrieved, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("the environment variable %s must be a whole number without a unit (got %.*q)", name, longestQuoted, value)
	}
	return confmap.NewRetrieved(n)
}

func mapping(name, value string) (*confmap.Retrieved, error) {
	retrieved, err := confmap.NewRetrievedFromYAML([]byte(value))
	if err == nil {
		if _, err = retrieved.AsConf(); err == nil {
			return retrieved, nil
		}
	}
	return nil, fmt.Errorf(`the environment variable %s must be a map in YAML or JSON: {"name": "value"}`, name)
}

func (provider) Scheme() string { return scheme }

func (provider) Shutdown(context.Context) error { return nil }
