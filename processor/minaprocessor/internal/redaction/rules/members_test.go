package rules

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWhatALabelHasInItIsJudgedByItsLook(t *testing.T) {
	const token = "9fK2mQ7xLpW4vB8sZt6R"
	n := NewNames(nil)
	n.AddDefault(nil)
	label := n.Judge("token")
	for name, hides := range map[string]bool{"data": true, "raw": true, "access": true, "id": false, "type": false, "expires_at": false, "user_id": false} {
		assert.Equal(t, hides, n.Member(label, name).Hides(token), name)
		assert.False(t, n.Member(label, name).Hides("bearer"), name)
	}
	assert.Nil(t, n.Member(Verdict{}, "data").Rule)
	assert.Nil(t, n.Member(n.Judge("password"), "data").Rule, "it has gone whole")
}
