package turns

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestContendersTakeTurns(t *testing.T) {
	var order []string
	results, err := Take(2, []string{"ours", "theirs"}, func(name string) (int, error) {
		order = append(order, name)
		return len(order), nil
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"ours", "theirs", "ours", "theirs"}, order)
	assert.Equal(t, [][]int{{1, 3}, {2, 4}}, results)
}

func TestTheFirstErrorEndsTheTurns(t *testing.T) {
	failure := errors.New("ended")
	_, err := Take(2, []string{"ours"}, func(string) (int, error) { return 0, failure })
	assert.ErrorIs(t, err, failure)
}

func TestMedian(t *testing.T) {
	values := []int{3, 1, 2}
	assert.Equal(t, 2, Median(values))
	assert.Equal(t, []int{3, 1, 2}, values)
	assert.Equal(t, 3, Median([]int{1, 3}))
	assert.Equal(t, 1.5, MedianOf(values, func(v int) float64 { return float64(v) - 0.5 }))
}
