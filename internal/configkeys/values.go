package configkeys

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"
)

const (
	// shortest is the shortest duration that an option of a collector can mean.
	shortest = time.Millisecond
	// longestQuoted is how much of a value is quoted that should have been another.
	longestQuoted = 24
)

// judgeDuration objects to a duration that cannot be meant.
func judgeDuration(value any, field reflect.Type) string {
	if field != reflect.TypeFor[time.Duration]() {
		return ""
	}
	switch value := value.(type) {
	case int:
		if value != 0 {
			return fmt.Sprintf("must have a unit: %d alone counts nanoseconds, so write 500ms or 5s", value)
		}
	case string:
		duration, err := time.ParseDuration(value)
		if err != nil {
			return fmt.Sprintf("must be a duration such as 500ms, 30s or 24h (got %.*q)", longestQuoted, value)
		}
		if duration > 0 && duration < shortest {
			return fmt.Sprintf("must be at least %s (got %s)", shortest, value)
		}
	}
	return ""
}

// judgeType objects to a value of another type than its field's. It quotes none that may be
// a secret: what should be a number or a truth value.
func judgeType(value any, field reflect.Type) string {
	_, isMap := value.(map[string]any)
	_, isList := value.([]any)
	text, isText := value.(string)
	switch kind := field.Kind(); {
	case value == nil, reflect.PointerTo(field).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return ""
	case field == reflect.TypeFor[time.Duration]() && !isText:
		return "must be a duration such as 500ms, 30s or 24h"
	case field == reflect.TypeFor[time.Duration]():
		return ""
	case reflect.Int <= kind && kind <= reflect.Float64 && isText:
		return fmt.Sprintf("must be a number (got %.*q)", longestQuoted, text)
	case reflect.Int <= kind && kind <= reflect.Float64 && (isMap || isList):
		return "must be a number"
	case kind == reflect.Bool && isText:
		return fmt.Sprintf("must be true or false (got %.*q)", longestQuoted, text)
	case kind == reflect.String && !isText:
		return "must be a text: put it in quotes"
	case field == reflect.TypeFor[configopaque.MapList]() && !isMap && !isList:
		return `must be a map: {name: "value"}`
	case kind == reflect.Struct && !isMap:
		return "must be a section, with keys of " + strings.Join(slices.Sorted(maps.Keys(fieldsOf(field))), ", ")
	}
	return ""
}
