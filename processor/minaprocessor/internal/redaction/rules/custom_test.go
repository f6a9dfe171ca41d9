package rules

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestKeywordsAreTakenFromThePattern(t *testing.T) {
	for pattern, want := range map[string][]string{
		`emp-\d+`: {"emp-"}, `(?:foo|barn)\d`: {"foo", "barn"}, `\d+`: nil, `a|bcd`: nil, `(abc)?\d`: nil, `(abc)+de`: {"abc"}, `(?i)Token-[a-f]{4}`: {"TOKEN-"}, `x{3}yes`: {"yes"}, `ab\d`: nil,
	} {
		assert.Equal(t, want, literalsOf(pattern), pattern)
	}
}
