// Package turns compares contenders on a machine that does other things too: they take
// turns, so that what else it does meets all of them, and their medians are compared.
package turns

import (
	"cmp"
	"slices"
)

// Take lets each contender have so many turns, one round after the other, and returns the
// results of each contender, by round.
func Take[C, R any](rounds int, contenders []C, turn func(C) (R, error)) ([][]R, error) {
	results := make([][]R, len(contenders))
	for range rounds {
		for i, c := range contenders {
			r, err := turn(c)
			if err != nil {
				return nil, err
			}
			results[i] = append(results[i], r)
		}
	}
	return results, nil
}

// Median returns the value in the middle, of an even number the greater of the two.
func Median[T cmp.Ordered](values []T) T { return slices.Sorted(slices.Values(values))[len(values)/2] }

// MedianOf returns the median of something of all results.
func MedianOf[R any, T cmp.Ordered](results []R, of func(R) T) T {
	values := make([]T, len(results))
	for i, r := range results {
		values[i] = of(r)
	}
	return Median(values)
}
