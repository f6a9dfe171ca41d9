package varprovider

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.yaml.in/yaml/v3"
)

func TestRequiredVariablesAreThoseWithoutWhichItDoesNotStart(t *testing.T) {
	for text, want := range map[string][]string{
		"":                              nil,
		"a: ${var:A:?a token}":          {"A"},
		"# ${var:A:?}\nb: ${var:B:?}":   {"B"},
		"a: {b: [c, 'd ${var:A:?d}']}":  {"A"},
		"${var:A:?a}":                   {"A"},
		"a: 'x ${var:B:?} ${var:A:?} '": {"A", "B"},
		"a: ${var:A:?}\nb: ${var:A:?}":  {"A"},
		"a: ${var:A:-${var:B:?b}}":      {"B"},
		"a: ${var:A:-b}${env:B}":        nil,
		"a: ${var:A:+b}${var:B:#7}":     nil,
		"a: {b: 1, c: , d: true}":       nil,
	} {
		var config any
		assert.NoError(t, yaml.Unmarshal([]byte(text), &config), text)
		assert.Equal(t, want, Required(config), text)
	}
}
