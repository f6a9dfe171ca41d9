// Package configkeys reads the configuration of a component. It says of a key that the
// component does not have where it is and which one was meant, and refuses a duration
// without a unit, which would count nanoseconds.
package configkeys

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/spelling"
)

// Unmarshal reads a configuration. It is for the method Unmarshal of a component's.
func Unmarshal(conf *confmap.Conf, config any) error {
	values, of := conf.ToStringMap(), reflect.TypeOf(config)
	if unitless := (search{}).find(values, of, ""); unitless != "" {
		return errors.New(unitless)
	}
	err := conf.Unmarshal(config)
	if err == nil {
		return nil
	}
	if unknown := (search{keys: true}).find(values, of, ""); unknown != "" {
		return fmt.Errorf("%s (%w)", unknown, err)
	}
	return err
}

// search is for durations without a unit, or for keys that are unknown.
type search struct{ keys bool }

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
	field = content(field)
	switch value := value.(type) {
	case int:
		if field == reflect.TypeFor[time.Duration]() && value != 0 && !s.keys {
			return fmt.Sprintf("%s must have a unit: %d alone counts nanoseconds, so write 500ms or 5s", path, value)
		}
	case map[string]any:
		if field.Kind() == reflect.Struct {
			return s.find(value, field, path+"::")
		}
		if field.Kind() == reflect.Map {
			for _, key := range slices.Sorted(maps.Keys(value)) {
				if found := s.findInside(value[key], field.Elem(), path+"::"+key); found != "" {
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
