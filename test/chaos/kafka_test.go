package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// TestNothingIsLostBetweenAnAgentAndTwoGateways is the short form of make chaos-kafka.
func TestNothingIsLostBetweenAnAgentAndTwoGateways(t *testing.T) {
	t.Parallel()
	_, err := program.Binary()
	require.NoError(t, err)
	e := &kafkaExperiment{fault: kafkaFaults[len(kafkaFaults)-1], limits: limits{kills: 5}, overrides: []string{"receivers::lossless_kafka::session_timeout: 2s"}}
	r, err := e.run(t.Context())
	require.NoError(t, err)
	t.Logf("written %d, delivered %d, duplicated %d in %d kills", r.written, r.delivered, r.duplicated, r.kills)
	assert.Positive(t, r.written)
	assert.Zero(t, r.lost)
	assert.Zero(t, r.unknown)
}
