package redaction

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// role is what a member of a pair is.
type role uint8

const (
	noRole role = iota
	nameRole
	valueRole
)

func roleOf(key string) role {
	switch strings.ToLower(key) {
	case "name", "key", "k", "header", "field", "variable", "param", "parameter":
		return nameRole
	case "value", "val", "v", "old", "new", "old_value", "new_value", "oldvalue", "newvalue", "previous", "current":
		return valueRole
	}
	return noRole
}

// nameIn says what is under the name that a map has beside its value, as in
// {"name": "API_KEY", "value": "…"}, or else what the name of the map itself says.
func (s *Session) nameIn(m pcommon.Map, under verdict) verdict {
	for key, value := range m.All() {
		if value.Type() == pcommon.ValueTypeStr && roleOf(key) == nameRole {
			if name := s.r.judge(value.Str()); name.rule != nil {
				return name
			}
		}
	}
	return under
}
