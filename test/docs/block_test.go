package docs

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// block is a fenced block of a document.
type block struct {
	document string // from the top of the checkout
	line     int    // of its first line
	language string
	text     string
}

func (b block) String() string { return fmt.Sprintf("%s:%d", b.document, b.line) }

// documents returns the paths of all documents that are, or are about to be, committed.
func documents() ([]string, error) {
	cmd := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md")
	cmd.Dir = program.Root()
	out, err := cmd.Output()
	return strings.Fields(string(out)), err
}

// read reads the blocks of all documents, once for all tests.
var read = sync.OnceValues(func() (found []block, err error) {
	paths, err := documents()
	if err != nil {
		return nil, err
	}
	for _, document := range paths {
		text, err := os.ReadFile(filepath.Join(program.Root(), document))
		if err != nil {
			return nil, err
		}
		of, err := fenced(document, string(text))
		if err != nil {
			return nil, err
		}
		found = append(found, of...)
	}
	return found, nil
})

// blocks returns the blocks of all documents.
func blocks(t *testing.T) []block {
	t.Helper()
	found, err := read()
	require.NoError(t, err)
	require.NotEmpty(t, found)
	return found
}

// inLanguage returns the blocks of all documents in a language.
func inLanguage(t *testing.T, language string) (found []block) {
	t.Helper()
	for _, b := range blocks(t) {
		if b.language == language {
			found = append(found, b)
		}
	}
	return found
}

const fence = "```"

// fenced returns the fenced blocks of a text (CommonMark 0.31, section 4.5), without the
// indentation of their fences.
func fenced(document, text string) (found []block, err error) {
	var open *block
	var indent string
	for i, line := range strings.SplitAfter(text, "\n") {
		bare := strings.TrimLeft(line, " ")
		switch info, isFence := strings.CutPrefix(bare, fence); {
		case isFence && open == nil:
			indent = line[:len(line)-len(bare)]
			open = &block{document: document, line: i + 2, language: strings.TrimSpace(info)}
		case isFence:
			found, open = append(found, *open), nil
		case open != nil:
			open.text += strings.TrimPrefix(line, indent)
		}
	}
	if open != nil {
		return nil, fmt.Errorf("%s: the block is not closed", open)
	}
	return found, nil
}

// TestEveryBlockIsOfALanguageThatIsChecked lets nothing pass that no test here reads.
func TestEveryBlockIsOfALanguageThatIsChecked(t *testing.T) {
	checked := map[string]string{
		"sh":     "TestCommandsWork",
		"yaml":   "TestConfigurationsAreValid",
		"json":   "TestObjectsAreJSON",
		"python": "TestPythonCompiles",
		"ini":    "TestUnitsAreUnits",
		"text":   "it is what is seen, and nothing to type",
	}
	for _, b := range blocks(t) {
		require.Contains(t, checked, b.language, "%s: name the language of the block: %v", b, checked)
	}
}
