package corpora

import (
	_ "embed" // what is secret
	"strings"
)

// rightTable has the secrets that logs do hold, in ⟨⟩ with what stands in front of
// them, behind the name of their corpus.
//
//go:embed right.txt
var rightTable string

// Without returns a text of the corpus with what stands for a secret in the place of
// those that are known, and whether there are any.
func (c Corpus) Without(text, placeholder string) (redacted string, some bool) {
	redacted = text
	for line := range strings.Lines(rightTable) {
		front, secret, found := strings.Cut(strings.TrimPrefix(strings.TrimSuffix(line, "\n"), c.Name+" "), "⟨")
		secret = strings.TrimSuffix(secret, "⟩")
		if found && strings.HasPrefix(line, c.Name+" ") {
			redacted = strings.ReplaceAll(redacted, front+secret, front+placeholder)
		}
	}
	return redacted, redacted != text
}
