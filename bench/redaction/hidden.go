package main

import "strings"

// shortest is the length of the shortest half that is looked for: less is found by chance.
const shortest = 4

// hidden reports whether neither a secret nor half of it is in what was delivered. What
// stands around the secret too is no part of it.
func hidden(delivered, text, secret string) bool {
	around := strings.ReplaceAll(text, secret, "\x00")
	half := max((len(secret)+1)/2, min(shortest, len(secret)))
	for i := 0; i+half <= len(secret); i++ {
		part := secret[i : i+half]
		if strings.Contains(delivered, part) && !strings.Contains(around, part) {
			return false
		}
	}
	return true
}
