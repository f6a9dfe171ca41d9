package semconv

import (
	_ "embed" // the list of names
	"strings"
)

// conventionsList has the names of the conventions' attributes with their types, and
// those that end in a key of one's own with a * for it. The test writes it anew.
//
//go:embed conventions.txt
var conventionsList string

// template is the name of attributes that ends in a key of one's own: k8s.pod.label.
type template struct {
	prefix     string
	conversion conversion
}

// conventions returns the names that the conventions have, and how a value becomes one
// of their type.
func conventions() (names map[string]conversion, templates []template) {
	names = map[string]conversion{}
	for line := range strings.Lines(conventionsList) {
		name, kind, _ := strings.Cut(strings.TrimSpace(line), " ")
		c := asIs
		switch kind {
		case "String":
			c = toText
		case "Int":
			c = toInt
		case "StringSlice":
			c = toList
		}
		if prefix, isTemplate := strings.CutSuffix(name, "*"); isTemplate {
			templates = append(templates, template{prefix, c})
			continue
		}
		names[name] = c
	}
	return names, templates
}
