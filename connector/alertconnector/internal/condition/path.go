package condition

import (
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
)

// path is where in a record a value is.
type path struct {
	root root
	// keys lead on from attributes, or from a body that is a map.
	keys []string
}

type root uint8

const (
	severityNumber root = iota + 1
	severityText
	eventName
	scopeName
	body
	bodyString
	logAttributes
	scopeAttributes
	resourceAttributes
)

// roots are the paths that guards know, as OTTL writes them without log in front.
var roots = map[string]root{
	"severity_number":                  severityNumber,
	"severity_text":                    severityText,
	"event_name":                       eventName,
	"scope.name":                       scopeName,
	"instrumentation_scope.name":       scopeName,
	"body":                             body,
	"body.string":                      bodyString,
	"attributes":                       logAttributes,
	"scope.attributes":                 scopeAttributes,
	"instrumentation_scope.attributes": scopeAttributes,
	"resource.attributes":              resourceAttributes,
}

// pathOf reads a path that guards know.
func pathOf(tokens []token) (p path, ok bool) {
	if len(tokens) > 2 && tokens[0].text == "log" && tokens[1].text == "." {
		tokens = tokens[2:]
	}
	written := ""
	for len(tokens) > 0 && (tokens[0].kind == name || tokens[0].text == ".") {
		written += tokens[0].text
		tokens = tokens[1:]
	}
	p.root = roots[written]
	for ; len(tokens) >= 3 && tokens[0].text == "[" && tokens[1].kind == quoted && tokens[2].text == "]"; tokens = tokens[3:] {
		key, err := unquote(tokens[1].text)
		if err != nil {
			return path{}, false
		}
		p.keys = append(p.keys, key)
	}
	keyed := len(p.keys) > 0
	return p, len(tokens) == 0 && p.root != 0 && (keyed == p.root.hasKeys() || p.root == body)
}

func (r root) hasKeys() bool {
	return slices.Contains([]root{logAttributes, scopeAttributes, resourceAttributes}, r)
}

// of returns what a record has there. known is false where only OTTL can tell.
func (p *path) of(s *field.Source) (v value, known bool) {
	switch p.root {
	case severityNumber:
		return intValue(int64(s.Record.SeverityNumber())), true
	case severityText:
		return textValue(s.Record.SeverityText()), true
	case eventName:
		return textValue(s.Record.EventName()), true
	case scopeName:
		return textValue(s.Scope.Scope().Name()), true
	case body:
		return p.inBody(s.Record.Body())
	case bodyString:
		return textValue(s.Record.Body().Str()), s.Record.Body().Type() == pcommon.ValueTypeStr
	case logAttributes:
		return p.in(s.Record.Attributes())
	case scopeAttributes:
		return p.in(s.Scope.Scope().Attributes())
	case resourceAttributes:
		return p.in(s.Resource.Resource().Attributes())
	}
	return value{}, false
}

func (p *path) inBody(b pcommon.Value) (v value, known bool) {
	switch {
	case len(p.keys) == 0:
		return valueOf(b)
	case b.Type() == pcommon.ValueTypeMap:
		return p.in(b.Map())
	}
	return value{}, false
}

func (p *path) in(values pcommon.Map) (v value, known bool) {
	last := len(p.keys) - 1
	for _, key := range p.keys[:last] {
		inner, ok := values.Get(key)
		if !ok {
			return value{}, true
		}
		if inner.Type() != pcommon.ValueTypeMap {
			return value{}, false
		}
		values = inner.Map()
	}
	found, ok := values.Get(p.keys[last])
	if !ok {
		return value{}, true
	}
	return valueOf(found)
}
