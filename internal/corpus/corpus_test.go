package corpus

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKeptLinesAreThoseGenerated compares testdata with what is generated.
// MINA_UPDATE_GOLDEN=1 writes it anew.
func TestKeptLinesAreThoseGenerated(t *testing.T) {
	if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
		positives, benign, err := pack()
		require.NoError(t, err)
		require.NoError(t, os.WriteFile("testdata/positives.jsonl.zst", positives, 0o600))
		require.NoError(t, os.WriteFile("testdata/benign.jsonl.zst", benign, 0o600))
		return
	}
	positives, benign, err := Kept()
	require.NoError(t, err)
	require.Equal(t, Positives(keptSeed), positives)
	require.Equal(t, Benign(keptSeed, keptBenign), benign)
}

func TestEveryLineHoldsItsSecret(t *testing.T) {
	positives, benign, err := Kept()
	require.NoError(t, err)
	assert.GreaterOrEqual(t, len(positives), 3000)
	assert.GreaterOrEqual(t, len(benign), 200_000)
	rules := map[string]int{}
	for _, p := range positives {
		rules[p.Rule]++
		piece := p.Secret[:strings.IndexAny(p.Secret+"\\\n\r&<>", "\\\n\r&<>")]
		assert.Contains(t, p.Line, piece)
		assert.GreaterOrEqual(t, len(p.Secret), 4)
	}
	for rule, n := range rules {
		assert.GreaterOrEqual(t, n, perVendor, rule)
	}
}
