// Package configkeys reads the configuration of a component. It says of a key that the
// component does not have where it is and which one was meant, of a value of another type
// what it should be, and refuses a duration that cannot be meant, such as one without a
// unit, which would count nanoseconds.
package configkeys

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/spelling"
)

// Unmarshal reads a configuration. It is for the method Unmarshal of a component's.
func Unmarshal(conf *confmap.Conf, config any) error {
	values, of := conf.ToStringMap(), reflect.TypeOf(config)
	if wrong := (search{judge: judgeDuration}).find(values, of, ""); wrong != "" {
		return errors.New(wrong)
	}
	err := conf.Unmarshal(config)
	if err == nil {
		return nil
	}
	if wrong := (search{judge: judgeType, keys: true}).find(values, of, ""); wrong != "" {
		return fmt.Errorf("%s (%w)", wrong, err)
	}
	return err
}

// search is for values that a judge objects to and, where it is for keys, for those that
// are unknown.
type search struct {
	judge func(value any, field reflect.Type) (objection string)
	keys  bool
}

// find describes the first such value of a type of configuration, or returns "".
func (s search) find(values map[string]any, config reflect.Type, path string) string {
	fields := fieldsOf(config)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		field, ok := fields[key]
		if !ok && s.keys {
			return describe(path, key, slices.Sorted(maps.Keys(fields)))
		}
		if !ok {
			continue
		}
		if found := s.findInside(values[key], field, path+key); found != "" {
			return found
		}
	}
	return ""
}

func (s search) findInside(value any, field reflect.Type, path string) string {
	_, optional := inOptional(field)
	field = content(field)
	if objection := s.judge(value, field); objection != "" {
		return path + " " + objection
	}
	switch value := value.(type) {
	case map[string]any:
		if field.Kind() == reflect.Struct {
			if optional { // which has this key itself
				value = maps.Clone(value)
				delete(value, "enabled")
			}
			return s.find(value, field, path+"::")
		}
		if values, ok := valuesOf(field); ok {
			for _, key := range slices.Sorted(maps.Keys(value)) {
				if found := s.findInside(value[key], values, path+"::"+key); found != "" {
					return found
				}
			}
		}
	case []any:
		if field.Kind() != reflect.Slice {
			return ""
		}
		for i, element := range value {
			if found := s.findInside(element, field.Elem(), fmt.Sprintf("%s::%d", path, i)); found != "" {
				return found
			}
		}
	}
	return ""
}

// valuesOf returns the type of a map's values, or of what is written as a map, as headers are.
func valuesOf(field reflect.Type) (values reflect.Type, ok bool) {
	switch {
	case field == reflect.TypeFor[configopaque.MapList]():
		return reflect.TypeFor[configopaque.String](), true
	case field.Kind() == reflect.Map:
		return field.Elem(), true
	}
	return nil, false
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
	if inside, ok := inOptional(field); ok {
		return content(inside)
	}
	return field
}

// inOptional returns what a configoptional.Optional may hold.
func inOptional(field reflect.Type) (inside reflect.Type, ok bool) {
	get, ok := reflect.PointerTo(field).MethodByName("Get")
	if !ok || !strings.HasPrefix(field.Name(), "Optional[") || get.Type.NumOut() != 1 {
		return nil, false
	}
	return get.Type.Out(0), true
}
