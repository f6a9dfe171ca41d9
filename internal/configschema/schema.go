// Package configschema makes a JSON Schema of a component's configuration, for editors: of the
// Go types that read it, the defaults that it has, and the comments that document it, so that
// nothing is said twice. mdatagen has the opposite, types made of a schema, and no schemas of
// the stock types that ours are made of.
package configschema

import (
	"encoding"
	"encoding/json"
	"maps"
	"reflect"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
)

// Schema is a JSON Schema, with the few words of it that a configuration needs.
type Schema struct {
	Dialect     string             `json:"$schema,omitempty"`
	Title       string             `json:"title,omitempty"`
	Description string             `json:"description,omitempty"`
	Ref         string             `json:"$ref,omitempty"`
	Type        any                `json:"type,omitempty"`
	Pattern     string             `json:"pattern,omitempty"`
	Const       any                `json:"const,omitempty"`
	Default     any                `json:"default,omitempty"`
	AnyOf       []*Schema          `json:"anyOf,omitempty"`
	Properties  map[string]*Schema `json:"properties,omitempty"`
	Patterns    map[string]*Schema `json:"patternProperties,omitempty"`
	Additional  any                `json:"additionalProperties,omitempty"`
	Items       *Schema            `json:"items,omitempty"`
	Defs        map[string]*Schema `json:"$defs,omitempty"`
}

// reference is a value that comes from elsewhere, such as ${env:NAME}. It may stand for any.
const reference = "reference"

const dialect = "https://json-schema.org/draft/2020-12/schema"

// Document returns the schema of a collector's whole configuration, in which the components of
// some sections and types have schemas in files; all others may be anything.
func Document(title string, files map[string]map[component.Type]string) *Schema {
	sections := map[string]*Schema{}
	for section, types := range files {
		components := map[string]*Schema{}
		for kind, file := range types {
			components["^"+kind.String()+"(/.*)?$"] = &Schema{Ref: file}
		}
		sections[section] = &Schema{Type: []string{"object", "null"}, Patterns: components}
	}
	return &Schema{Dialect: dialect, Title: title, Type: "object", Properties: sections}
}

// Of returns the schema of a component's configuration, which has its defaults.
func Of(title string, defaults component.Config) (*Schema, error) {
	value := reflect.Indirect(reflect.ValueOf(defaults))
	comments, err := readComments(value.Type())
	if err != nil {
		return nil, err
	}
	s := describer{comments}.object(value)
	s.Dialect, s.Title = dialect, title
	s.Type = []string{"object", "null"}
	s.Defs = map[string]*Schema{reference: {Type: "string", Pattern: `\$\{`}}
	return s, nil
}

// JSON returns the text of a schema as it is kept in a file.
func (s *Schema) JSON() ([]byte, error) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(s)
	return []byte(text.String()), err
}

type describer struct{ comments comments }

// object describes a struct by its fields.
func (d describer) object(value reflect.Value) *Schema {
	return &Schema{Type: "object", Properties: d.properties(value), Additional: false}
}

func (d describer) properties(value reflect.Value) map[string]*Schema {
	properties := map[string]*Schema{}
	for i := range value.NumField() {
		field := value.Type().Field(i)
		key, options, _ := strings.Cut(field.Tag.Get("mapstructure"), ",")
		switch {
		case strings.Contains(options, "squash"):
			maps.Copy(properties, d.properties(reflect.Indirect(value.Field(i))))
		case key != "" && key != "-":
			described := d.value(value.Field(i))
			described.Description = d.comments.of(value.Type(), field.Name)
			properties[key] = described
		}
	}
	return properties
}

var (
	textType     = reflect.TypeFor[encoding.TextUnmarshaler]()
	confType     = reflect.TypeFor[confmap.Unmarshaler]()
	durationType = reflect.TypeFor[time.Duration]()
)

// value describes what a field may be set to.
func (d describer) value(value reflect.Value) *Schema {
	if value.Kind() == reflect.Pointer {
		if value.IsNil() {
			value = reflect.New(value.Type().Elem())
		}
		return d.value(value.Elem())
	}
	if inside, ok := optional(value); ok {
		section := d.object(inside)
		section.Type = []string{"object", "null"}
		section.Properties["enabled"] = &Schema{Type: "boolean", Description: "False leaves the section out."}
		return orReference(section)
	}
	readsText := reflect.PointerTo(value.Type()).Implements(textType)
	switch {
	case value.Type() == durationType:
		// Without a unit it would be nanoseconds, but for none.
		s := orReference(&Schema{Type: "string", Pattern: `^-?([0-9.]+(ns|us|µs|ms|s|m|h))+$`}, &Schema{Const: 0})
		if duration := value.Interface().(time.Duration); duration != 0 {
			s.Default = duration.String()
		}
		return s
	case value.Kind() == reflect.Struct && readsText:
		return &Schema{Type: []string{"string", "null"}} // such as the id of a component
	case value.Kind() == reflect.Struct:
		return orReference(d.object(value))
	case value.Kind() == reflect.Slice && reflect.PointerTo(value.Type()).Implements(confType):
		return orReference(&Schema{Type: []string{"object", "array", "null"}}) // a list of names and values, or a map
	case value.Kind() == reflect.Slice:
		return withDefault(orReference(&Schema{Type: []string{"array", "null"}, Items: d.value(reflect.New(value.Type().Elem()).Elem())}), value)
	case value.Kind() == reflect.Map:
		return orReference(&Schema{Type: []string{"object", "null"}, Additional: d.value(reflect.New(value.Type().Elem()).Elem())})
	case value.Kind() == reflect.String:
		return withDefault(&Schema{Type: []string{"string", "null"}}, value)
	case value.Kind() == reflect.Bool:
		return withDefault(orReference(&Schema{Type: "boolean"}), value)
	case value.CanFloat():
		return withDefault(orReference(&Schema{Type: "number"}), value)
	case (value.CanInt() || value.CanUint()) && readsText: // 256KiB
		return withDefault(orReference(&Schema{Type: []string{"integer", "string"}}), value)
	case value.CanInt() || value.CanUint():
		return withDefault(orReference(&Schema{Type: "integer"}), value)
	}
	return &Schema{}
}

// optional returns what a configoptional.Optional holds, or would hold if it were named.
func optional(value reflect.Value) (inside reflect.Value, ok bool) {
	if !strings.HasPrefix(value.Type().Name(), "Optional[") {
		return value, false
	}
	copied := reflect.New(value.Type())
	copied.Elem().Set(value)
	insert := copied.MethodByName("GetOrInsertDefault")
	if !insert.IsValid() {
		return value, false
	}
	return insert.Call(nil)[0].Elem(), true
}

func orReference(kinds ...*Schema) *Schema {
	return &Schema{AnyOf: append(kinds, &Schema{Ref: "#/$defs/" + reference})}
}

// withDefault adds a default, unless it is the zero of its type, which may only mean none.
func withDefault(s *Schema, value reflect.Value) *Schema {
	if !value.IsZero() {
		s.Default = value.Interface()
	}
	return s
}
