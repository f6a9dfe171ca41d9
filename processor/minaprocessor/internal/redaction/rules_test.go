package redaction

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/pyjson"
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

// inContext puts an example into a context. What must go is in ⟨⟩, or all of it.
func inContext(name, context, example string) (text string, values []string) {
	if !strings.Contains(example, "⟨") {
		example = "⟨" + example + "⟩"
	}
	for rest := example; ; {
		_, after, found := strings.Cut(rest, "⟨")
		if !found {
			break
		}
		value, behind, _ := strings.Cut(after, "⟩")
		values = append(values, value)
		rest = behind
	}
	example = strings.NewReplacer("⟨", "", "⟩", "").Replace(example)
	switch name {
	case "JSON":
		example = strings.Trim(pyjson.Quote(example), `"`)
	case "JSON in JSON":
		inner := pyjson.Quote(example)
		inner = pyjson.Quote(inner[1 : len(inner)-1])
		example = inner[1 : len(inner)-1]
	}
	return strings.Replace(context, "%", example, 1), values
}

func everyRule(t *testing.T, test func(t *testing.T, r *rule, only Options)) {
	for _, r := range catalogue {
		t.Run(r.name, func(t *testing.T) {
			test(t, r, Options{Action: Mask, Rules: []string{r.name}, DisabledRules: []string{sensitiveKey}})
		})
	}
}

// TestEveryExampleIsFound puts the examples of each rule into all contexts.
func TestEveryExampleIsFound(t *testing.T) {
	everyRule(t, func(t *testing.T, r *rule, only Options) {
		tried := 0
		for _, example := range r.examples {
			for name, context := range contexts {
				text, values := inContext(name, context, example)
				out := redactText(t, only, text)
				for _, value := range values {
					assert.NotContains(t, out, value, "%s: %q", name, text)
				}
				assert.Contains(t, out, "[REDACTED:"+r.name+"]", "%s: %q", name, text)
				tried++
			}
		}
		assert.GreaterOrEqual(t, tried, 10)
	})
}

// TestEveryExampleIsFoundByTheDefaultRules has all rules, of which another may win.
func TestEveryExampleIsFoundByTheDefaultRules(t *testing.T) {
	for _, r := range catalogue {
		for _, example := range r.examples {
			for name, context := range contexts {
				text, values := inContext(name, context, example)
				out := redactText(t, Options{Sets: []string{setAll}}, text)
				for _, value := range values {
					assert.NotContains(t, out, value, "%s, %s: %q", r.name, name, text)
				}
			}
		}
	}
}

// TestNearMissesStay puts what a rule must leave alone into all contexts that do
// not change what it is.
func TestNearMissesStay(t *testing.T) {
	everyRule(t, func(t *testing.T, r *rule, only Options) {
		tried := 0
		for _, miss := range r.nearMisses {
			for name, context := range contexts {
				text, _ := inContext(name, context, miss)
				assert.Equal(t, text, redactText(t, only, text), name)
				tried++
			}
		}
		assert.GreaterOrEqual(t, tried, 10)
		assert.GreaterOrEqual(t, len(r.nearMisses), 5)
	})
}

func TestTheExampleThatStandsForARuleGoesWhole(t *testing.T) {
	everyRule(t, func(t *testing.T, r *rule, only Options) {
		for _, example := range r.examples {
			if strings.Contains(example, "⟨") {
				continue
			}
			assert.Equal(t, "[REDACTED:"+r.name+"]", redactText(t, only, example))
		}
	})
}

func TestRuleNamesAreUniqueAndInASet(t *testing.T) {
	seen := map[string]bool{sensitiveKey: true, placeholder.name: true}
	for _, r := range catalogue {
		assert.NoError(t, checkRuleName(r.name, seen))
		seen[r.name] = true
		assert.NotEmpty(t, r.sets, r.name)
		assert.NotEmpty(t, r.finds, r.name)
		for _, text := range append(r.anchors, r.keywords...) {
			assert.GreaterOrEqual(t, len(text), minAnchor, "%s: %q", r.name, text)
		}
	}
}

func TestSets(t *testing.T) {
	for set, want := range map[string]string{
		setDefault: "4111111111111111 AKIAIOSFODNN7EXAMPLE 1EG4-TE5-MK73",
		setSecrets: "AKIAIOSFODNN7EXAMPLE", setPCI: "4111111111111111", setPHI: "1EG4-TE5-MK73", setPII: "a@b.org", setAll: "4111111111111111 a@b.org AKIAIOSFODNN7EXAMPLE 1EG4-TE5-MK73",
	} {
		out := redactText(t, Options{Sets: []string{set}}, "4111111111111111 a@b.org AKIAIOSFODNN7EXAMPLE 1EG4-TE5-MK73")
		for _, value := range strings.Fields("4111111111111111 a@b.org AKIAIOSFODNN7EXAMPLE 1EG4-TE5-MK73") {
			goes := strings.Contains(want, value)
			assert.Equal(t, !goes, strings.Contains(out, value), "%s: %s", set, value)
		}
	}
	require.Equal(t, "a@b.org [REDACTED:credit_card]", redactText(t, Options{}, "a@b.org 4111111111111111"))
	require.Equal(t, "[REDACTED:email] [REDACTED:credit_card]", redactText(t, Options{Sets: []string{setPCI}, Rules: []string{"email"}}, "a@b.org 4111111111111111"))
	require.Equal(t, "[REDACTED:email] 4111111111111111", redactText(t, Options{Rules: []string{"email", "credit_card"}, DisabledRules: []string{"credit_card"}}, "a@b.org 4111111111111111"))
}

// TestReadmeHasTheRules compares the table in the processor's README with the
// rules. MINA_UPDATE_GOLDEN=1 writes it anew.
func TestReadmeHasTheRules(t *testing.T) {
	const readme, begin, end = "../../README.md", "<!-- rules -->\n", "<!-- end of rules -->"
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), begin)
	require.True(t, found)
	table, after, found := strings.Cut(rest, end)
	require.True(t, found)
	var want strings.Builder
	want.WriteString("| rule | sets | finds |\n|---|---|---|\n")
	for _, r := range catalogue {
		fmt.Fprintf(&want, "| `%s` | %s | %s |\n", r.name, strings.Join(r.sets, ", "), r.finds)
	}
	if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(readme, []byte(before+begin+want.String()+end+after), 0o600))
		return
	}
	require.Equal(t, want.String(), table)
}
