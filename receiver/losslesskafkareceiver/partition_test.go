package losslesskafkareceiver

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/twmb/franz-go/pkg/kgo"
)

// TestAnAnswerAfterThePartitionIsGivenUpIsPassedOver: a pipeline that does not notice that
// it is called off may still take a batch, which another member is given by then.
func TestAnAnswerAfterThePartitionIsGivenUpIsPassedOver(t *testing.T) {
	p := newPartition(place{topic, 0})
	p.add([]*kgo.Record{{Value: make([]byte, 10)}, {Offset: 1, Value: make([]byte, 20)}}, 2)
	assert.Len(t, p.take(10), 1)
	assert.EqualValues(t, 30, p.drop())
	assert.Zero(t, p.answer())
	_, uncommitted := p.uncommitted()
	assert.False(t, uncommitted)
}
