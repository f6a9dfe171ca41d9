package pyformat

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Literal{
		`'it\'s'`:   {Kind: String, Repr: `'it\'s'`, Text: "it's"},
		`-7`:        {Kind: Int, Repr: "-7"},
		`1e-05`:     {Kind: Float, Repr: "1e-05"},
		`None`:      {Kind: None, Repr: "None"},
		`b'\x00'`:   {Kind: Bytes, Repr: `b'\x00'`},
		`set()`:     {Kind: Set, Repr: "set()"},
		`{}`:        {Kind: Dict, Repr: "{}"},
		`{1}`:       {Kind: Set, Repr: "{1}", Items: []Literal{{Kind: Int, Repr: "1"}}},
		`(True,)`:   {Kind: Tuple, Repr: "(True,)", Items: []Literal{{Kind: Bool, Repr: "True"}}},
		` [1, 2.5]`: {Kind: List, Repr: "[1, 2.5]", Items: []Literal{{Kind: Int, Repr: "1"}, {Kind: Float, Repr: "2.5"}}},
		`{'method': 'GET', 'size': {'in': 5}}`: {Kind: Dict, Repr: `{'method': 'GET', 'size': {'in': 5}}`, Items: []Literal{
			{Kind: String, Repr: "'method'", Text: "method"},
			{Kind: String, Repr: "'GET'", Text: "GET"},
			{Kind: String, Repr: "'size'", Text: "size"},
			{Kind: Dict, Repr: "{'in': 5}", Items: []Literal{
				{Kind: String, Repr: "'in'", Text: "in"}, {Kind: Int, Repr: "5"},
			}},
		}},
	} {
		got, ok := Parse(text)
		require.True(t, ok, text)
		assert.Equal(t, want, got, text)
	}
}

func TestParseRefusesWhatIsNoLiteral(t *testing.T) {
	for _, text := range []string{
		"", "GET", "1 2", "'a", "[1", "{'a': }", "{'a': 1, 2}", "{1, 'a': 2}", "{:}", "f'a'", "<Meeting 7>", "[1] + [2]", "datetime.date(2025, 1, 1)",
	} {
		_, ok := Parse(text)
		assert.False(t, ok, text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{'method': 'GET', 'n': [1, (2.5, None)], 'b': b'\x00'}`)
	f.Fuzz(func(t *testing.T, text string) {
		l, ok := Parse(text)
		if !ok {
			return
		}
		again, ok := Parse(l.Repr)
		require.True(t, ok)
		require.Equal(t, l, again)
	})
}
