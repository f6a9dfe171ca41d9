package kubernetes

import (
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/test/docs"
)

// Block is a fenced block of a document about the chart.
type Block struct {
	docs.Block
	// Values are those that the document has shown before, in the file values.yaml.
	Values string
}

// Blocks returns the blocks in a language of the documents about the chart, and those of
// the README that have helm in them.
func Blocks(language string) (blocks []Block, err error) {
	all, err := docs.Blocks()
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	for _, b := range all {
		if !slices.Contains([]string{"docs/kubernetes.md", "charts/otelcol-mina/README.md", "README.md"}, b.Document) {
			continue
		}
		if b.Language == "yaml" {
			values[b.Document] = b.Text
		}
		ours := b.Document != "README.md" || strings.Contains(b.Text, "helm ")
		if b.Language == language && ours {
			blocks = append(blocks, Block{b, values[b.Document]})
		}
	}
	return blocks, nil
}
