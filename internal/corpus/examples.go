package corpus

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Example is a text that shows what is found in it, or that nothing is.
type Example struct {
	// Text is without the marks of what must go.
	Text string
	// Secrets are what must go, in order; none in a text that must stay.
	Secrets []string
}

// unmark reads a text in which what must go stands in ⟨⟩; without them all of it must.
func unmark(text string) Example {
	if !strings.Contains(text, "⟨") {
		return Example{Text: text, Secrets: []string{text}}
	}
	var e Example
	for {
		before, rest, found := strings.Cut(text, "⟨")
		e.Text += before
		if !found {
			return e
		}
		secret, behind, _ := strings.Cut(rest, "⟩")
		e.Text += secret
		e.Secrets = append(e.Secrets, secret)
		text = behind
	}
}

// ReadExamples reads a file of examples, one a line: "+ text" has secrets, in ⟨⟩ or
// the whole of it, "- text" must stay, "#" begins a comment. A text that is a literal
// of Go is unquoted. "¦" is left out: it keeps those who search repositories for secrets
// from taking an example for one.
func ReadExamples(path string) (examples []Example, err error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for i, line := range strings.Split(string(file), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		text, found := strings.CutPrefix(line[1:], " ")
		if !found || line[0] != '+' && line[0] != '-' {
			return nil, fmt.Errorf(`%s:%d: a line must begin with "+ ", "- " or "#"`, path, i+1)
		}
		text = strings.ReplaceAll(text, "¦", "")
		if literal, err := strconv.Unquote(text); err == nil && text[0] != '\'' {
			text = literal
		}
		if line[0] == '-' {
			examples = append(examples, Example{Text: text})
			continue
		}
		examples = append(examples, unmark(text))
	}
	return examples, nil
}
