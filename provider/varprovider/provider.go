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
	"go.yaml.in/yaml/v3"
	"golang.org/x/net/http/httpguts"

	"github.com/mina-observability/otelcol-mina/internal/setting"
)

const scheme = "var"

// uri is a name, an operator and its word.
var uri = regexp.MustCompile(`(?s)^` + scheme + `:([A-Za-z_][A-Za-z0-9_]*)(:[-?+#{[])(.*)$`)

const usage = "write ${var:NAME:?what it is}, ${var:NAME:-default}, ${var:NAME:+what to put there}, ${var:NAME:#default number}, ${var:NAME:{} or ${var:NAME:[}"

type provider struct{}

// NewFactory returns the factory of the provider of the scheme var. It knows three of
// the shell's parameter expansions (POSIX.1-2024, Shell Command Language 2.6.2), and three
// of its own, since what is wrong with a value is better said of the variable than of
// the key that it has come to:
//
//	${var:NAME:?word}  the value; if it is unset or empty, an error that says word
//	${var:NAME:-word}  the value; if it is unset or empty, word
//	${var:NAME:+word}  word, or the map that it is; if the variable is unset or empty, nothing
//	${var:NAME:#word}  the whole number that the value is; if it is unset or empty, word
//	${var:NAME:{}      the map that the value is, in YAML or JSON, or none
//	${var:NAME:[}      the list that the value is, in YAML or JSON or with commas, or none
//
// A value is without the white space, line ends and quotes around it. Of the first two it
// is a line of text, also where it looks like a number. No value appears in an error, but
// for that which should have been a number.
func NewFactory() confmap.ProviderFactory {
	return confmap.NewProviderFactory(func(confmap.ProviderSettings) confmap.Provider { return provider{} })
}

func (provider) Retrieve(_ context.Context, text string, _ confmap.WatcherFunc) (*confmap.Retrieved, error) {
	parts := uri.FindStringSubmatch(text)
	if parts == nil {
		return nil, fmt.Errorf("${%s}: %s", text, usage)
	}
	name, operator, word := parts[1], parts[2], strings.TrimSpace(parts[3])
	value := setting.Clean(os.Getenv(name))
	switch {
	case operator == ":#":
		return number(name, word)
	case operator == ":{":
		return mapping(name, setting.Literal(value))
	case operator == ":[":
		return list(name, setting.Literal(value))
	case operator == ":+" && value != "":
		return mapOrText(word)
	case operator == ":+":
		return confmap.NewRetrievedFromYAML(nil) // nothing, or no text inside a text
	case !httpguts.ValidHeaderFieldValue(value):
		return nil, fmt.Errorf("the environment variable %s holds a line break or another control character; it must be one line of text", name)
	case value != "":
		return confmap.NewRetrieved(setting.Literal(value))
	case operator == ":-":
		return confmap.NewRetrieved(word)
	case word == "":
		return nil, fmt.Errorf("set the environment variable %s", name)
	}
	return nil, fmt.Errorf("set the environment variable %s: %s", name, word)
}

// mapOrText returns the map that a word is, such as "authenticator: basicauth", or the word.
func mapOrText(word string) (*confmap.Retrieved, error) {
	if retrieved, err := confmap.NewRetrievedFromYAML([]byte(word)); err == nil {
		if raw, err := retrieved.AsRaw(); err == nil {
			if _, isMap := raw.(map[string]any); isMap {
				return retrieved, nil
			}
		}
	}
	return confmap.NewRetrieved(word)
}

// longestQuoted is how much of a value is quoted that should have been a number.
const longestQuoted = 24

func number(name, otherwise string) (*confmap.Retrieved, error) {
	n, err := Number(name, otherwise)
	if err != nil {
		return nil, err
	}
	return confmap.NewRetrieved(n)
}

// Number returns the whole number that a variable is, or another one if it is unset or
// empty. What is none is an error that names the variable.
func Number(name, otherwise string) (int64, error) {
	value := cmp.Or(setting.Clean(os.Getenv(name)), otherwise)
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("the environment variable %s must be a whole number without a unit (got %.*q)", name, longestQuoted, value)
	}
	return n, nil
}

func mapping(name, value string) (*confmap.Retrieved, error) {
	if value == "" {
		return confmap.NewRetrieved(nil) // YAML's would be a text, which switches on what is optional
	}
	retrieved, err := confmap.NewRetrievedFromYAML([]byte(value))
	if err == nil {
		if _, err = retrieved.AsConf(); err == nil {
			return retrieved, nil
		}
	}
	return nil, fmt.Errorf(`the environment variable %s must be a map in YAML or JSON: {"name": "value"}`, name)
}

// list returns a list of texts: of names, a number is one too.
func list(name, value string) (*confmap.Retrieved, error) {
	var texts []string
	if strings.HasPrefix(value, "[") {
		if err := yaml.Unmarshal([]byte(value), &texts); err != nil {
			return nil, fmt.Errorf(`the environment variable %s must be a list: [a, b], or a, b`, name)
		}
	} else {
		texts = strings.Split(value, ",")
	}
	elements := make([]any, 0, len(texts))
	for _, text := range texts {
		if text = setting.Clean(text); text != "" {
			elements = append(elements, text)
		}
	}
	return confmap.NewRetrieved(elements)
}

func (provider) Scheme() string { return scheme }

func (provider) Shutdown(context.Context) error { return nil }
