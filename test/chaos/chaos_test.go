package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/mina-observability/otelcol-mina/test/program"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"))
}

const (
	// readBatch and queueBatch are the lengths in bytes of a batch that the receiver
	// reads, in log text, and of one that the exporter sends.
	readBatch, queueBatch = 384 << 10, 700000
	// wireSize is about the length in bytes of one of our records in OTLP.
	wireSize = 400
	// memoryLimit is the default of MINA_MEMORY_MIB, in bytes.
	memoryLimit = 200 << 20
)

// ofEachKill are the records that may come twice by a kill: a batch that was read and
// one of the queue, at each destination.
func ofEachKill(r result) int { return r.kills * (readBatch/shape.Size + queueBatch/wireSize) }

// TestNothingIsLostWhenEverythingGoesWrong is the short form of make chaos.
func TestNothingIsLostWhenEverythingGoesWrong(t *testing.T) {
	_, err := program.Binary()
	require.NoError(t, err)
	require.NoError(t, program.HasVictoriaLogs())
	for _, c := range []struct {
		fault string
		// twice is how many records may be delivered again.
		twice func(result) int
	}{
		{"all together", ofEachKill},
		{"HTTP intake", ofEachKill},
		{"full disk", ofEachKill},
		// What is delivered while the disk is full cannot be noted.
		{"full disk + restarts", func(r result) int { return r.restarts * (readBatch/shape.Size + queueBatch/wireSize) }},
		// Where the checkpoints are lost, the files are read again.
		{"damaged state", func(r result) int { return r.restarts * r.written }},
		{"long records", ofEachKill},
		{"few descriptors", ofEachKill},
		{"store killed", func(r result) int { return r.written }}, // on the page: what a store has answered for in its last seconds
		{"one of two down", func(r result) int { return 2 * ofEachKill(r) }},
	} {
		for _, setup := range []string{"acknowledged", "queued"} {
			t.Run(c.fault+"/"+setup, func(t *testing.T) {
				t.Parallel()
				e := &experiment{setup: setup, fault: faultNamed(t, c.fault), limits: limits{duration: 5 * time.Second, kills: 5}}
				r, err := e.run(t.Context())
				require.NoError(t, err)
				if r.note != "" {
					t.Skip(r.note)
				}
				t.Logf("written %d, delivered %d, duplicated %d in %d kills, %d restarts, peak %d MiB",
					r.written, r.delivered, r.duplicated, r.kills, r.restarts, r.peak>>20)
				assert.Positive(t, r.written)
				assert.Zero(t, r.lost)
				assert.Zero(t, r.unknown)
				assert.LessOrEqual(t, r.duplicated, c.twice(r))
				assert.Less(t, r.peak, int64(memoryLimit))
			})
		}
	}
}

func faultNamed(t *testing.T, name string) fault {
	t.Helper()
	for _, f := range faults {
		if f.name == name {
			return f
		}
	}
	t.Fatalf("there is no fault %q", name)
	return fault{}
}
