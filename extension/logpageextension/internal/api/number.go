package api

import (
	"math"
	"strconv"
)

// count reads a number that the store has counted.
func count(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

// number reads a number of a record, or one that the store has calculated of such: NaN if
// there was none.
func number(text string) (float64, bool) {
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
}

func numberOr(text string, otherwise float64) float64 {
	if n, ok := number(text); ok {
		return n
	}
	return otherwise
}
