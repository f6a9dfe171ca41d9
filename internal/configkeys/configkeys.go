// Package configkeys reads the configuration of a component, and says of a key that it
// does not have where it is and which one was meant.
package configkeys

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/spelling"
)

// Unmarshal reads a configuration. It is for the method Unmarshal of a component's.
func Unmarshal(conf *confmap.Conf, config any) error {
	err := conf.Unmarshal(config)
	if err == nil {
		return nil
	}
	if unknown := find(conf.ToStringMap(), reflect.TypeOf(config), ""); unknown != "" {
		return fmt.Errorf("%s (%w)", unknown, err)
	}
	return err
}

// find describes the first key that a type of configuration has not, or returns "".
func find(values map[string]any, config reflect.Type, path string) string {
	fields := fieldsOf(config)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		field, ok := fields[key]
		if !ok {
			return describe(path, key, slices.Sorted(maps.Keys(fields)))
		}
		if unknown := findInside(values[key], field, path+key+"::"); unknown != "" {
			return unknown
		}
	}
	return ""
}

func findInside(value any, field reflect.Type, path string) string {
	field = content(field)
	switch value := value.(type) {
	case map[string]any:
		if field.Kind() == reflect.Struct {
			return find(value, field, path)
		}
		if field.Kind() == reflect.Map {
			for _, key := range slices.Sorted(maps.Keys(value)) {
				if unknown := findInside(value[key], field.Elem(), path+key+"::"); unknown != "" {
					return unknown
				}
			}
		}
	case []any:
		if field.Kind() != reflect.Slice {
			return ""
		}
		for i, element := range value {
			if unknown := findInside(element, field.Elem(), fmt.Sprintf("%s%d::", path, i)); unknown != "" {
				return unknown
			}
		}
	}
	return ""
}

func describe(path, key string, known []string) string {
	if nearest, ok := spelling.Nearest(key, known); ok {
		return fmt.Sprintf("there is no key %s%s; did you mean %s%s?", path, key, path, nearest)
	}
	return fmt.Sprintf("there is no key %s%s; there are %s", path, key, strings.Join(known, ", "))
}

// fieldsOf returns the types of a configuration's fields by their keys.
func fieldsOf(config reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	config = content(config)
	if config.Kind() != reflect.Struct {
		return fields
	}
	for i := range config.NumField() {
		field := config.Field(i)
		key, options, _ := strings.Cut(field.Tag.Get("mapstructure"), ",")
		switch {
		case strings.Contains(options, "squash"):
			maps.Copy(fields, fieldsOf(field.Type))
		case key != "" && key != "-":
			fields[key] = field.Type
		}
	}
	return fields
}

// content returns what a pointer points to, or what a configoptional.Optional holds.
func content(field reflect.Type) reflect.Type {
	for field.Kind() == reflect.Pointer {
		field = field.Elem()
	}
	if get, ok := reflect.PointerTo(field).MethodByName("Get"); ok && strings.HasPrefix(field.Name(), "Optional[") && get.Type.NumOut() == 1 {
		return content(get.Type.Out(0))
	}
	return field
}
