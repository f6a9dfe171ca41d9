package semconv

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// meanings says what a conversion does, where it is more than a change of names.
var meanings = map[conversion]string{
	toStatus:   "100 to 599; `404 NOT FOUND` is 404",
	toMethod:   "one that is not known becomes `_OTHER` and `http.request.method_original`",
	toURL:      "with `url.query` and `url.fragment`, and `url.full` where it is a whole URL",
	toClient:   "the first of a list, which is kept as `http.request.header.x-forwarded-for`; a port becomes `client.port`",
	toLocation: "`location` gives `code.line.number` too",
	toLines:    "a list of lines is one text",
	toList:     "a list",
	toHost:     "of the **resource**",
	toPID:      "of the **resource**; the records of other processes move to resources of their own",
	toService:  "of the **resource**",
}

// TestReadmeHasTheMoves compares the table in the processor's README with the moves.
// MINA_UPDATE_GOLDEN=1 writes it anew.
func TestReadmeHasTheMoves(t *testing.T) {
	const readme, begin, end = "../../processor/minaprocessor/README.md", "<!-- moves -->\n", "<!-- end of moves -->"
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), begin)
	require.True(t, found)
	_, after, found := strings.Cut(rest, end)
	require.True(t, found)
	want := before + begin + movesTable() + end + after
	if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(readme, []byte(want), 0o600))
		text = []byte(want)
	}
	require.Equal(t, want, string(text))
}

func movesTable() string {
	table := moves(false)
	names, notes := map[string][]string{}, map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(table)) {
		mv := table[name]
		if mv.target == "" || mv.target == name && !mv.conversion.ofResource() {
			continue
		}
		names[mv.target] = append(names[mv.target], "`"+name+"`")
		note := func(text string) {
			if text != "" && !slices.Contains(notes[mv.target], text) {
				notes[mv.target] = append(notes[mv.target], text)
			}
		}
		note(meanings[mv.conversion])
		if mv.qualifier != "" {
			note(fmt.Sprintf("behind `%s` and a dot", mv.qualifier))
		}
		if mv.when != nil {
			note(fmt.Sprintf("`%s` only %s", name, mv.when.says))
		}
	}
	var out strings.Builder
	out.WriteString("| becomes | what was | |\n|---|---|---|\n")
	for _, target := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(&out, "| `%s` | %s | %s |\n", target, strings.Join(names[target], " "), strings.Join(notes[target], "; "))
	}
	return strings.ReplaceAll(out.String(), "|  |", "| |")
}

func TestMarksAreMembersOfTheirObjects(t *testing.T) {
	for object, member := range marks {
		require.Contains(t, moves(false), object+"."+member)
	}
}
