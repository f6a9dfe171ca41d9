// Package rawconfig reads configurations as maps and lists, where the components' own types
// are not at hand: those of others, and all in the program mina.
package rawconfig

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Config is a configuration, or a section of one.
type Config map[string]any

// Of returns a value of a configuration as a section, which is empty if it is none.
func Of(value any) Config {
	switch section := value.(type) {
	case Config:
		return section
	case map[string]any:
		return section
	}
	return nil
}

// Section returns the section at a path, which is empty if there is none.
func (c Config) Section(path ...string) Config {
	for _, key := range path {
		c = Of(c[key])
	}
	return c
}

// List returns the list of sections at a key.
func (c Config) List(key string) (sections []Config) {
	list, _ := c[key].([]any)
	for _, item := range list {
		sections = append(sections, Of(item))
	}
	return sections
}

// Text returns the text at a key, or "".
func (c Config) Text(key string) string {
	text, _ := c[key].(string)
	return text
}

// Texts returns the list of texts at a key, which is never nil: JSON would have null.
func (c Config) Texts(key string) []string {
	list, _ := c[key].([]any)
	texts := make([]string, 0, len(list))
	for _, item := range list {
		texts = append(texts, fmt.Sprint(item))
	}
	return texts
}

// Keys returns the keys in their order.
func (c Config) Keys() []string { return slices.Sorted(maps.Keys(c)) }

// Kind returns the type of a component, or the signal of a pipeline, by its id.
func Kind(id string) string {
	kind, _, _ := strings.Cut(id, "/")
	return strings.TrimSpace(kind)
}
