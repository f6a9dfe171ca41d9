package varprovider

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"

	"go.opentelemetry.io/collector/confmap"
)

const scheme = "var"

// uri is a name, an operator and its word.
var uri = regexp.MustCompile(`(?s)^` + scheme + `:([A-Za-z_][A-Za-z0-9_]*)(:[?+])(.*)$`)

type provider struct{}

// NewFactory returns the factory of the provider of the scheme var. It knows two of
// the shell's parameter expansions (POSIX.1-2024, Shell Command Language 2.6.2):
//
//	${var:NAME:?word}  the value; if it is unset or empty, an error that says word
//	${var:NAME:+word}  word; if the variable is unset or empty, nothing
//
// The value is text, also where it looks like a number. It never appears in an error.
func NewFactory() confmap.ProviderFactory {
	return confmap.NewProviderFactory(func(confmap.ProviderSettings) confmap.Provider { return provider{} })
}

func (provider) Retrieve(_ context.Context, text string, _ confmap.WatcherFunc) (*confmap.Retrieved, error) {
	parts := uri.FindStringSubmatch(text)
	if parts == nil {
		return nil, fmt.Errorf("${%s}: write ${var:NAME:?what it is} or ${var:NAME:+what to put there}", text)
	}
	name, operator, word := parts[1], parts[2], strings.TrimSpace(parts[3])
	value := os.Getenv(name)
	switch {
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

func (provider) Scheme() string { return scheme }

func (provider) Shutdown(context.Context) error { return nil }
