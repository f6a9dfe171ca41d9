package corpora

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestKeptTextsHoldTheirSecrets(t *testing.T) {
	for _, corpus := range Scanners {
		texts, err := corpus.Texts()
		require.NoError(t, err)
		assert.Greater(t, len(texts), 300, corpus.Name)
		for _, text := range texts {
			assert.Contains(t, text.Text, text.Secret, corpus.Name)
		}
	}
}

func TestWhatIsClaimedIsInTheCorpora(t *testing.T) {
	found := map[[2]string]bool{}
	for _, corpus := range Scanners {
		texts, err := corpus.Texts()
		require.NoError(t, err)
		for _, text := range texts {
			if text.Secret != "" && corpus.Claimed(text.Rule) != "" {
				found[[2]string{corpus.Name, text.Rule}] = true
			}
		}
	}
	for rule := range claimed {
		assert.True(t, found[rule], "%s has no secret of %s", rule[0], rule[1])
	}
}

func TestWithoutReplacesWhatIsKnown(t *testing.T) {
	loki := Corpus{Name: "loki"}
	redacted, some := loki.Without("a, tenant_token=53331da43746e62cfb0365cbbd44be8, b", "#")
	assert.Equal(t, "a, tenant_token=#, b", redacted)
	assert.True(t, some)
	_, some = loki.Without("a, token_count=53331", "#")
	assert.False(t, some)
}

func TestLinesAreTheDifferentOnesOfEachFile(t *testing.T) {
	assert.Equal(t, []Text{{Rule: "a", Text: "x"}, {Rule: "a", Text: "y"}, {Rule: "b", Text: "x"}}, lines(map[string]string{"b": "x", "a": "x\r\n\ny\nx\n"}))
	assert.Equal(t, "x\n", withoutComments("# failJSON: {}\nx\n"))
}
