package kubernetes

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// Block is a fenced block of a document about the chart.
type Block struct {
	Document string
	Line     int
	Text     string
	// Values are those that the document has shown before, in the file values.yaml.
	Values string
}

func (b Block) String() string { return fmt.Sprintf("%s:%d", b.Document, b.Line) }

// fence is a block that begins at the beginning of a line.
var fence = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// Blocks returns the blocks in a language of the documents about the chart, and those of
// the README that have helm in them.
func Blocks(language string) (blocks []Block, err error) {
	for _, document := range []string{"docs/kubernetes.md", "charts/otelcol-mina/README.md", "README.md"} {
		text, err := os.ReadFile(filepath.Join(program.Root(), document))
		if err != nil {
			return nil, err
		}
		values := ""
		for _, at := range fence.FindAllSubmatchIndex(text, -1) {
			of, block := string(text[at[2]:at[3]]), string(text[at[4]:at[5]])
			if of == "yaml" {
				values = block
			}
			ours := document != "README.md" || strings.Contains(block, "helm ")
			if of == language && ours {
				blocks = append(blocks, Block{document, strings.Count(string(text[:at[0]]), "\n") + 1, block, values})
			}
		}
	}
	return blocks, nil
}
