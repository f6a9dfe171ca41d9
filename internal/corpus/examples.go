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
	// Around is what must stay before, between and behind them.
	Around []string
}

// unmark reads a text in which what must go stands in ⟨⟩, and what may go with it
// beside that in ‹›; without marks all of it must.
func unmark(text string) Example {
	if !strings.Contains(text, "⟨") {
		return Example{Text: text, Secrets: []string{text}, Around: []string{"", ""}}
	}
	var e Example
	around, goes := "", false
	for text != "" {
		at := strings.IndexAny(text, "⟨‹")
		if at < 0 {
			at = len(text)
		}
		if at > 0 && goes {
			e.Around, around, goes = append(e.Around, around), "", false
		}
		around += text[:at]
		e.Text += text[:at]
		rest, isSecret := strings.CutPrefix(text[at:], "⟨")
		mark := "⟩"
		if !isSecret {
			rest, mark = strings.TrimPrefix(rest, "‹"), "›"
		}
		part, behind, _ := strings.Cut(rest, mark)
		e.Text += part
		if isSecret {
			e.Secrets = append(e.Secrets, part)
		}
		goes = goes || at < len(text)
		text = behind
	}
	e.Around = append(e.Around, around)
	if goes {
		e.Around = append(e.Around, "")
	}
	return e
}

// ReadExamples reads a file of examples, one a line: "+ text" has secrets, in ⟨⟩ or
// the whole of it, beside which what is in ‹› may go too, "- text" must stay, "#" begins
// a comment. A text that is a literal of Go is unquoted. "¦" is left out: it keeps those
// who search repositories for secrets from taking an example for one.
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
