package redaction

import "strings"

// role is what a member of a pair is.
type role uint8

const (
	noRole role = iota
	nameRole
	valueRole
)

func roleOf(key string) role {
	switch strings.ToLower(key) {
	case "name", "key", "header", "field", "variable":
		return nameRole
	case "value", "val":
		return valueRole
	}
	return noRole
}
