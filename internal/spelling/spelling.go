// Package spelling finds what a mistyped name was meant to be.
package spelling

import "strings"

// Nearest returns the known name that a name is most like, and whether it is like any. Whether
// letters are capitals counts for nothing.
func Nearest(name string, known []string) (string, bool) {
	nearest, distance := "", len(name)
	for _, candidate := range known {
		if d := editDistance(strings.ToLower(name), strings.ToLower(candidate)); d < distance {
			nearest, distance = candidate, d
		}
	}
	return nearest, nearest != "" && distance <= 1+len(name)/3
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
