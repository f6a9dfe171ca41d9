package release

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const root = "../.."

// fragment is a change as chloggen reads it.
type fragment struct {
	ChangeType string `yaml:"change_type"`
	Component  string `yaml:"component"`
	Note       string `yaml:"note"`
	Issues     []int  `yaml:"issues"`
	SubText    string `yaml:"subtext"`
}

// TestChangelogFragments checks them here because chloggen takes keys that do not exist,
// and names no file in its errors.
func TestChangelogFragments(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "changelog", "*"))
	require.NoError(t, err)
	for _, file := range files {
		switch name := filepath.Base(file); {
		case name == "config.yaml", name == "TEMPLATE.yaml", name == "summary.tmpl":
		case filepath.Ext(name) != ".yaml":
			t.Errorf("changelog/%s: chloggen reads *.yaml alone", name)
		default:
			t.Run(name, func(t *testing.T) {
				text, err := os.ReadFile(file)
				require.NoError(t, err)
				checkFragment(t, text)
			})
		}
	}
}

func checkFragment(t *testing.T, text []byte) {
	t.Helper()
	var change fragment
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(&change))
	assert.Contains(t, []string{"breaking", "deprecation", "new_component", "enhancement", "bug_fix"}, change.ChangeType, "change_type")
	assert.NotEmpty(t, change.Component, "component")
	assert.Regexp(t, `^\S[^\n]*\.$`, strings.TrimSpace(change.Note), "note: one line of whole sentences")
}
