package kubernetes

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// table is what stands between the two marks of the chart's README.
var table = regexp.MustCompile(`(?s)(<!-- values -->\n).*(<!-- end of values -->)`)

// TestReadmeHasEveryValue holds the README's table to values.yaml, whose comments say what
// each value is. MINA_UPDATE_GOLDEN=1 writes it anew.
func TestReadmeHasEveryValue(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(Chart(), "values.yaml"))
	require.NoError(t, err)
	var document yaml.Node
	require.NoError(t, yaml.Unmarshal(text, &document))
	var rows strings.Builder
	rows.WriteString("| value | default | |\n|---|---|---|\n")
	describe(t, &rows, "", document.Content[0])

	path := filepath.Join(Chart(), "README.md")
	readme, err := os.ReadFile(path)
	require.NoError(t, err)
	want := table.ReplaceAllString(string(readme), "${1}"+strings.ReplaceAll(rows.String(), "$", "$$")+"${2}")
	if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o600))
		return
	}
	assert.Equal(t, want, string(readme))
}

// describe writes a row for each value below a mapping, and none for a mapping that has
// values of its own.
func describe(t *testing.T, rows *strings.Builder, prefix string, mapping *yaml.Node) {
	for i := 0; i < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		name, meaning := prefix+key.Value, comments(key.HeadComment)
		if value.Kind == yaml.MappingNode && len(value.Content) > 0 && value.Style&yaml.FlowStyle == 0 && name != "resources" {
			describe(t, rows, name+".", value)
			continue
		}
		fmt.Fprintf(rows, "| `%s` | %s | %s |\n", name, written(t, value), meaning)
	}
}

func comments(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(strings.TrimPrefix(line, "#"))
	}
	return strings.ReplaceAll(strings.Join(lines, " "), "|", `\|`)
}

// written is a default as it is written on one line.
func written(t *testing.T, value *yaml.Node) string {
	if value.Value == "" && value.Kind == yaml.ScalarNode || value.Tag == "!!null" {
		return ""
	}
	one := *value
	one.HeadComment, one.LineComment, one.FootComment = "", "", ""
	setFlow(&one)
	text, err := yaml.Marshal(&one)
	require.NoError(t, err)
	return "`" + strings.TrimSpace(string(text)) + "`"
}

func setFlow(node *yaml.Node) {
	node.Style |= yaml.FlowStyle
	for _, child := range node.Content {
		setFlow(child)
	}
}
