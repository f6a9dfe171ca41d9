package main

import (
	"regexp"
	"strings"

	"github.com/mina-observability/otelcol-mina/bench/corpora"
)

// written reports whether somebody may have written a text as it is: no secret is
// glued to something else, and none is hardly more than one character.
func written(text corpora.Text) bool {
	glued := regexp.MustCompile(`\w` + regexp.QuoteMeta(text.Secret) + `|` + regexp.QuoteMeta(text.Secret) + `\w`)
	return text.Secret == "" || !glued.MatchString(text.Text) && !repeated(text.Secret)
}

func repeated(secret string) bool {
	for _, c := range secret {
		if 2*strings.Count(secret, string(c)) > len(secret) {
			return true
		}
	}
	return false
}
