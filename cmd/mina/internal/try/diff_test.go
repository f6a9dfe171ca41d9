package try

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestChangesAreTold(t *testing.T) {
	for name, test := range map[string]struct {
		before, after []field
		want          []change
	}{
		"nothing":   {[]field{{"body", "a"}}, []field{{"body", "a"}}, []change{{same, "body", "body", "a", "a"}}},
		"redacted":  {[]field{{"body", "a"}}, []field{{"body", "b"}}, []change{{changed, "body", "body", "a", "b"}}},
		"renamed":   {[]field{{"line", "91"}}, []field{{"code.line.number", "91"}}, []change{{renamed, "line", "code.line.number", "91", "91"}}},
		"came anew": {nil, []field{{"service.name", "mina"}}, []change{{Kind: added, To: "service.name", After: "mina"}}},
		"has gone":  {[]field{{"card", "4111"}}, nil, []change{{Kind: removed, From: "card", Before: "4111"}}},
		"of several with a value, the one with the name": {
			[]field{{"first", "7"}, {"user.id", "7"}},
			[]field{{"enduser.id", "7"}, {"other", "7"}},
			[]change{{renamed, "first", "other", "7", "7"}, {renamed, "user.id", "enduser.id", "7", "7"}},
		},
		"a name that stays is not another's": {
			[]field{{"a", "1"}, {"b", "2"}},
			[]field{{"b", "1"}},
			[]change{{Kind: removed, From: "a", Before: "1"}, {changed, "b", "b", "2", "1"}},
		},
	} {
		assert.Equal(t, test.want, changes(test.before, test.after), name)
	}
}
