package logstoreextension

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"go.uber.org/zap"
)

// After a trim, records take keepTenths of what they may.
const keepTenths = 9

// trim deletes the oldest records of an engine when all of them take too much. The engine's
// own limit keeps two whole days, whatever they take.
type trim struct {
	*supervisor
	inside *life
	// since is when a deletion was last seen on its way.
	since time.Time
}

// settles is how long after a deletion the sizes are those of before: parts are on the disk
// until their readers are done and what is in memory is written.
const settles = 5 * time.Second

// hour is how many records there are of one, or of another time.
type hour struct {
	Begin   time.Time `json:"_time"`
	Records int64     `json:"records,string"`
}

// to deletes what is above a limit, in bytes.
func (t *trim) to(ctx context.Context, bytes, limit int64) error {
	if bytes <= limit {
		return nil
	}
	busy, err := t.deletes(ctx)
	if busy {
		t.since = time.Now()
	}
	if err != nil || time.Since(t.since) < settles {
		return err
	}
	before, records, err := t.surplus(ctx, 1-float64(limit)*keepTenths/10/float64(bytes))
	if err != nil || records == 0 {
		return err
	}
	filter := "_time:<" + before.Format(time.RFC3339Nano)
	if _, err := t.ask(ctx, t.inside, "/delete/run_task", url.Values{"filter": {filter}}); err != nil {
		return err
	}
	t.since = time.Now()
	t.status.trimmed.Add(records)
	t.status.logger.Info("The oldest logs are deleted: all of them take more than retention::bytes",
		zap.Int64("bytes", bytes), zap.Int64("limit", limit), zap.Int64("records", records), zap.Time("before", before))
	return nil
}

// deletes reports whether a deletion is on its way.
func (t *trim) deletes(ctx context.Context) (bool, error) {
	answer, err := t.ask(ctx, t.inside, "/delete/active_tasks", nil)
	if err != nil {
		return false, err
	}
	var tasks []json.RawMessage
	err = json.Unmarshal(answer, &tasks)
	return len(tasks) > 0, err
}

// surplus returns the time before which there is a share of all records, and how many. It
// is that of a whole minute.
func (t *trim) surplus(ctx context.Context, share float64) (time.Time, int64, error) {
	hours, err := t.count(ctx, "*", time.Hour)
	if err != nil {
		return time.Time{}, 0, err
	}
	var all int64
	for _, h := range hours {
		all += h.Records
	}
	surplus := int64(share*float64(all)) + 1
	last, passed := split(hours, surplus)
	// Of the hour in which it ends, only as much goes as has to.
	of := fmt.Sprintf("_time:[%s, %s)", last.Begin.Format(time.RFC3339), last.Begin.Add(time.Hour).Format(time.RFC3339))
	minutes, err := t.count(ctx, of, time.Minute)
	minute, inside := split(minutes, surplus-passed)
	return minute.Begin.Add(time.Minute), passed + inside + minute.Records, err
}

// split returns the one of several times, in order, in which a number of records is
// reached, and how many are before it.
func split(times []hour, records int64) (in hour, before int64) {
	for _, in = range times {
		if before+in.Records >= records {
			break
		}
		before += in.Records
	}
	return in, before
}

// count returns how many records there are that a filter has, by their time.
func (t *trim) count(ctx context.Context, filter string, step time.Duration) ([]hour, error) {
	query := fmt.Sprintf("%s | stats by (_time:%dm) count() as records | sort by (_time)", filter, step/time.Minute)
	answer, err := t.ask(ctx, t.inside, "/select/logsql/query", url.Values{"query": {query}})
	if err != nil {
		return nil, err
	}
	var times []hour
	for lines := json.NewDecoder(bytes.NewReader(answer)); ; {
		var next hour
		switch err := lines.Decode(&next); {
		case errors.Is(err, io.EOF):
			return times, nil
		case err != nil:
			return nil, err
		}
		times = append(times, next)
	}
}
