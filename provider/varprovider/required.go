package varprovider

import (
	"maps"
	"regexp"
	"slices"
)

// required is ${var:NAME:?…}, also inside of another expansion: the inner one comes first,
// and is an error whatever the outer one is.
var required = regexp.MustCompile(`\$\{` + scheme + `:([A-Za-z_][A-Za-z0-9_]*):\?`)

// Required returns the names of the variables without which a configuration is an error,
// in their usual order: those that it expands with :?.
func Required(config any) []string {
	names := map[string]bool{}
	collect(config, names)
	return slices.Sorted(maps.Keys(names))
}

func collect(value any, names map[string]bool) {
	switch value := value.(type) {
	case string:
		for _, match := range required.FindAllStringSubmatch(value, -1) {
			names[match[1]] = true
		}
	case []any:
		for _, element := range value {
			collect(element, names)
		}
	case map[string]any:
		for _, element := range value {
			collect(element, names)
		}
	}
}
