package corpora

import (
	_ "embed" // what is claimed
	"strings"
)

//go:embed claimed.txt
var claimedTable string

// claimed is our rule by corpus and rule of the corpus.
var claimed = readClaimed()

func readClaimed() map[[2]string]string {
	rules := map[[2]string]string{}
	for line := range strings.Lines(claimedTable) {
		if fields := strings.Fields(line); len(fields) == 3 {
			rules[[2]string{fields[0], fields[1]}] = fields[2]
		}
	}
	return rules
}

// Claimed returns our rule that claims to find what a corpus calls so, or nothing.
func (c Corpus) Claimed(rule string) string { return claimed[[2]string{c.Name, rule}] }
