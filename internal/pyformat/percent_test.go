package pyformat

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFormat compares with what CPython itself answered; see testdata/percent.py.
func TestFormat(t *testing.T) {
	text, err := os.ReadFile("testdata/percent.json")
	require.NoError(t, err)
	var cases []struct {
		Msg, Args string
		Want      *string
	}
	require.NoError(t, json.Unmarshal(text, &cases))
	require.NotEmpty(t, cases)
	for _, tt := range cases {
		t.Run(tt.Msg+" "+tt.Args, func(t *testing.T) {
			got, ok := Format(tt.Msg, tt.Args)
			if tt.Want == nil {
				require.False(t, ok, "Python refuses, and we made %q of it", got)
				return
			}
			require.True(t, ok)
			assert.Equal(t, *tt.Want, got)
		})
	}
}

func TestFormatEvaluatesNothing(t *testing.T) {
	for _, args := range []string{
		"(__import__('os').system('id'),)", "(<Meeting 7>,)", "(datetime.date(2025, 1, 1),)", "('a' * 9,)", "(1 + 1,)",
		"('open", "(1", "{'a': }", "[1]", "'a'", "(((((", "{1: 2}",
	} {
		_, ok := Format("%s", args)
		assert.False(t, ok, args)
	}
}

func FuzzFormat(f *testing.F) {
	f.Add("%s and %(x)d %*.3f", "('a', {'x': 1})")
	f.Add("%(user)s", "{'user': \"it's\"}")
	f.Fuzz(func(t *testing.T, msg, args string) {
		if text, ok := Format(msg, args); ok && len(text) > len(msg)*maxFormatWidth*2+len(msg)*len(args)*11 {
			t.Fatalf("%d bytes from %d", len(text), len(msg))
		}
	})
}
