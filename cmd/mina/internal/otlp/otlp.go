// Package otlp reads log records in OTLP's JSON, as the collector writes them to files.
// The collector's own types would be more than the rest of this program.
package otlp

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Logs are records by resource and scope.
type Logs struct {
	ResourceLogs []struct {
		Resource  struct{ Attributes []KeyValue }
		ScopeLogs []struct {
			Scope      Scope
			LogRecords []LogRecord
		}
	}
}

// Scope is what has written records.
type Scope struct {
	Name, Version string
	Attributes    []KeyValue
}

// LogRecord is a record. Numbers of 64 bits are texts in JSON.
type LogRecord struct {
	TimeUnixNano, ObservedTimeUnixNano string
	SeverityNumber                     int
	SeverityText                       string
	Body                               Value
	Attributes                         []KeyValue
	TraceID, SpanID, EventName         string
}

// KeyValue is an attribute.
type KeyValue struct {
	Key   string
	Value Value
}

// Value is one of the kinds of values, or none.
type Value struct {
	StringValue *string
	BoolValue   *bool
	IntValue    *json.RawMessage
	DoubleValue *json.RawMessage
	BytesValue  *string
	ArrayValue  *struct{ Values []Value }
	KvlistValue *struct{ Values []KeyValue }
}

// Text returns a value as it is written, in JSON where it is no single one.
func (v Value) Text() string {
	plain := v.plain()
	if text, ok := plain.(string); ok {
		return text
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return fmt.Sprint(plain)
	}
	return string(text)
}

func (v Value) plain() any {
	switch {
	case v.StringValue != nil:
		return *v.StringValue
	case v.BoolValue != nil:
		return *v.BoolValue
	case v.IntValue != nil:
		return json.RawMessage(strings.Trim(string(*v.IntValue), `"`))
	case v.DoubleValue != nil:
		return *v.DoubleValue
	case v.BytesValue != nil:
		return "base64:" + *v.BytesValue
	case v.ArrayValue != nil:
		list := make([]any, 0, len(v.ArrayValue.Values))
		for _, item := range v.ArrayValue.Values {
			list = append(list, item.plain())
		}
		return list
	case v.KvlistValue != nil:
		object := map[string]any{}
		for _, item := range v.KvlistValue.Values {
			object[item.Key] = item.Value.plain()
		}
		return object
	}
	return nil
}
