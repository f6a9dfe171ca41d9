package otelcol

import "strings"

// configsIn returns the configurations that flags of the collector's name, in the order in
// which it takes them: the settings of --set behind all files.
func configsIn(flags string) (configs []string) {
	var settings []string
	words := wordsOf(flags)
	for i := 0; i < len(words); i++ {
		name, value, given := strings.Cut(words[i], "=")
		if name != "--config" && name != "--set" {
			continue
		}
		if !given {
			if i++; i == len(words) {
				break
			}
			value = words[i]
		}
		if name == "--config" {
			configs = append(configs, value)
		} else if key, value, given := strings.Cut(value, "="); given {
			settings = append(settings, "yaml:"+strings.ReplaceAll(key, ".", "::")+": "+value)
		}
	}
	return append(configs, settings...)
}

// wordsOf splits a value as systemd does for a $NAME in a command: at white space, unless it is
// in quotes or behind a backslash, which are taken out.
func wordsOf(text string) (words []string) {
	var word strings.Builder
	quote, begun := rune(0), false
	escaped := false
	for _, c := range text {
		switch {
		case escaped:
			word.WriteRune(c)
			escaped = false
		case c == '\\':
			escaped, begun = true, true
		case c == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(c)
		case c == '"' || c == '\'':
			quote, begun = c, true
		case strings.ContainsRune(" \t\r\n", c):
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(c)
			begun = true
		}
	}
	if begun {
		words = append(words, word.String())
	}
	return words
}
