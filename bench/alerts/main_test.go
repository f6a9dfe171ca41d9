package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWhatMatchesNoRuleAllocatesNothing(t *testing.T) {
	spent, err := cost(true, ordinary)
	require.NoError(t, err)
	assert.Less(t, spent.allocations, 0.02, "allocations a record")
}

func TestAHundredThousandGroupsTakeNoMoreThan64MB(t *testing.T) {
	bytes, err := memoryOf(5, "")
	require.NoError(t, err)
	assert.Less(t, bytes, uint64(64e6))
}
