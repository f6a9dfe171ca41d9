package docs

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// Block is a fenced block of a document.
type Block struct {
	// Document is its path from the top of the checkout, and Line the number of the block's
	// first line.
	Document       string
	Line           int
	Language, Text string
}

func (b Block) String() string { return fmt.Sprintf("%s:%d", b.Document, b.Line) }

// documents returns the paths of all documents that are, or are about to be, committed.
func documents() ([]string, error) {
	cmd := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md")
	cmd.Dir = program.Root()
	out, err := cmd.Output()
	return strings.Fields(string(out)), err
}

// Blocks returns the blocks of all documents, which are read once.
var Blocks = sync.OnceValues(func() (found []Block, err error) {
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

const fence = "```"

// fenced returns the fenced blocks of a text (CommonMark 0.31, section 4.5), without the
// indentation of their fences.
func fenced(document, text string) (found []Block, err error) {
	var open *Block
	var indent string
	for i, line := range strings.SplitAfter(text, "\n") {
		bare := strings.TrimLeft(line, " ")
		switch info, isFence := strings.CutPrefix(bare, fence); {
		case isFence && open == nil:
			indent = line[:len(line)-len(bare)]
			open = &Block{Document: document, Line: i + 2, Language: strings.TrimSpace(info)}
		case isFence:
			found, open = append(found, *open), nil
		case open != nil:
			open.Text += strings.TrimPrefix(line, indent)
		}
	}
	if open != nil {
		return nil, fmt.Errorf("%s: the block is not closed", open)
	}
	return found, nil
}
