package api

import "strings"

// checkLogsQL refuses what is more than a filter. The store would refuse pipes behind it;
// those of queries inside of it may cost as much as they like.
func checkLogsQL(text string) error {
	if len(text) > maxLogsQL {
		return bad("The search in LogsQL is too long.", "Shorten it.")
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"', '\'', '`':
			i += quoted(text[i:])
		case '|':
			return bad("A search in LogsQL may be a filter only, without pipes.", "Leave out what is behind the |, or open the store's own page with vmui: true.")
		}
	}
	return nil
}

const maxLogsQL = 8 << 10

// quoted returns how far away the quote is that ends a text.
func quoted(text string) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && text[0] != '`':
			i++
		case text[i] == text[0]:
			return i
		}
	}
	return strings.IndexByte(text, '|') // a text without an end is refused by what is in it
}
