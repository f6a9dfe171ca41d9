package api

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
)

const defaultBuckets, maxBuckets = 60, 1000

type volumeAnswer struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	StepMS  int64     `json:"step_ms"`
	Total   int64     `json:"total"`
	Buckets []*bucket `json:"buckets"`
}

// bucket counts the records of a step by level.
type bucket struct {
	Time   time.Time        `json:"time"`
	Counts map[string]int64 `json:"counts"`
}

// volume counts the records over time.
func (a *API) volume(ctx context.Context, p *parameters) (any, error) {
	q, err := p.query()
	if err != nil {
		return nil, err
	}
	most, err := p.number("buckets", defaultBuckets, maxBuckets)
	if err != nil {
		return nil, err
	}
	step := stepOf(q.To.Sub(q.From), most)
	q.Pipes = fmt.Sprintf("| stats by (_time:%dms, severity_number) count() records | sort by (_time)", step.Milliseconds())
	answer := volumeAnswer{From: q.From, To: q.To, StepMS: step.Milliseconds(), Buckets: []*bucket{}}
	err = a.store.Each(ctx, q, answer.add)
	return answer, err
}

// add counts what a row says of a step and a severity. The rows are sorted by time.
func (v *volumeAnswer) add(row engine.Row) error {
	at, err := engine.Time(row["_time"])
	if err != nil {
		return err
	}
	if last := len(v.Buckets) - 1; last < 0 || !v.Buckets[last].Time.Equal(at) {
		v.Buckets = append(v.Buckets, &bucket{Time: at, Counts: map[string]int64{}})
	}
	number, _ := strconv.Atoi(row["severity_number"])
	records := count(row["records"])
	v.Buckets[len(v.Buckets)-1].Counts[levelOf(number)] += records
	v.Total += records
	return nil
}

// steps are those that people can read off an axis.
var steps = []time.Duration{
	time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond,
	200 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// stepOf returns the shortest step of which no more than so many make a range.
func stepOf(length time.Duration, most int) time.Duration {
	for _, step := range steps {
		if length <= time.Duration(most)*step {
			return step
		}
	}
	day := steps[len(steps)-1]
	return day * (length/(day*time.Duration(most)) + 1)
}
