package redaction

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/corpus"
	"github.com/mina-observability/otelcol-mina/internal/pyjson"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/rules"
)

// contexts are what a log has around a secret. JSON text has it escaped.
var contexts = map[string]string{
	"alone":             "%",
	"beginning":         "% was seen",
	"end":               "seen was %",
	"before a comma":    "seen %, again",
	"parentheses":       "seen (%) again",
	"full stop":         "It was %.",
	"braces":            "{v=%}",
	"query string":      "GET /a?v=%&page=2",
	"beyond ASCII":      "größer – % – Ende",
	"next to non-ASCII": "é%é",
	"quotes":            "got '%' there",
	"lines":             "first\n%\nlast",
	"JSON":              `{"a": 1, "v": "%"}`,
	"JSON in JSON":      `{"a": "{\"v\": \"%\"}"}`,
	"traceback":         "Traceback (most recent call last):\n  File \"/srv/mina/pay.py\", line 41, in charge\n    raise ValueError(value)\nValueError: %",
}

// inContext puts an example into a context.
func inContext(name, context, example string) string {
	switch name {
	case "JSON":
		example = escaped(example)
	case "JSON in JSON":
		example = escaped(escaped(example))
	}
	return strings.Replace(context, "%", example, 1)
}

func escaped(text string) string {
	literal := pyjson.Quote(text)
	return literal[1 : len(literal)-1]
}

// everyRule tests every rule with its examples and near misses, and a configuration in
// which there is no other.
func everyRule(t *testing.T, test func(t *testing.T, name string, examples []corpus.Example, only Config)) {
	for _, name := range rules.CatalogueNames() {
		t.Run(name, func(t *testing.T) {
			examples, err := corpus.ReadExamples("rules/testdata/rules/" + name + ".txt")
			require.NoError(t, err)
			test(t, name, examples, Config{Action: Mask, Rules: []string{name}, DisabledRules: []string{rules.SensitiveKey}})
		})
	}
}

// TestEveryExampleIsFound puts the examples of each rule into all contexts, also with
// all rules, of which another may win.
func TestEveryExampleIsFound(t *testing.T) {
	everyRule(t, func(t *testing.T, rule string, examples []corpus.Example, only Config) {
		tried := 0
		for _, example := range examples {
			if len(example.Secrets) == 0 {
				continue
			}
			for name, context := range contexts {
				text := inContext(name, context, example.Text)
				out, all := redactText(t, only, text), redactText(t, Config{Sets: []string{rules.SetAll}}, text)
				for _, secret := range example.Secrets {
					assert.NotContains(t, out, secret, "%s: %q", name, text)
					assert.NotContains(t, all, secret, "all rules, %s: %q", name, text)
				}
				assert.Contains(t, out, "[REDACTED:"+rule+"]", "%s: %q", name, text)
				tried++
			}
		}
		assert.GreaterOrEqual(t, tried, 10)
	})
}

// TestNearMissesStay puts what a rule must leave alone into all contexts that do
// not change what it is.
func TestNearMissesStay(t *testing.T) {
	everyRule(t, func(t *testing.T, _ string, examples []corpus.Example, only Config) {
		misses := 0
		for _, miss := range examples {
			if len(miss.Secrets) > 0 {
				continue
			}
			misses++
			for name, context := range contexts {
				text := inContext(name, context, miss.Text)
				assert.Equal(t, text, redactText(t, only, text), name)
			}
		}
		assert.GreaterOrEqual(t, misses, 5)
	})
}

func TestTheExampleThatStandsForARuleGoesWhole(t *testing.T) {
	everyRule(t, func(t *testing.T, rule string, examples []corpus.Example, only Config) {
		for _, example := range examples {
			if len(example.Secrets) == 1 && example.Secrets[0] == example.Text {
				assert.Equal(t, "[REDACTED:"+rule+"]", redactText(t, only, example.Text))
			}
		}
	})
}

func TestSets(t *testing.T) {
	const values = "4111111111111111 a@b.org AKIAIOSFODNN7EXAMPLE 1EG4-TE5-MK73 529.982.247-25"
	for set, want := range map[string]string{
		rules.SetDefault: "4111111111111111 AKIAIOSFODNN7EXAMPLE 1EG4-TE5-MK73",
		rules.SetSecrets: "AKIAIOSFODNN7EXAMPLE", rules.SetPCI: "4111111111111111", rules.SetPHI: "1EG4-TE5-MK73", rules.SetPII: "a@b.org 529.982.247-25", rules.SetNationalIDs: "529.982.247-25", rules.SetAll: values,
	} {
		out := redactText(t, Config{Sets: []string{set}}, values)
		for _, value := range strings.Fields(values) {
			goes := strings.Contains(want, value)
			assert.Equal(t, !goes, strings.Contains(out, value), "%s: %s", set, value)
		}
	}
	require.Equal(t, "a@b.org [REDACTED:credit_card]", redactText(t, Config{}, "a@b.org 4111111111111111"))
	require.Equal(t, "[REDACTED:email] [REDACTED:credit_card]", redactText(t, Config{Sets: []string{rules.SetPCI}, Rules: []string{"email"}}, "a@b.org 4111111111111111"))
	require.Equal(t, "[REDACTED:email] 4111111111111111", redactText(t, Config{Rules: []string{"email", "credit_card"}, DisabledRules: []string{"credit_card"}}, "a@b.org 4111111111111111"))
}
