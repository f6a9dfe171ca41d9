package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
)

const (
	// refresh is how often the newest records are looked for.
	refresh = 200 * time.Millisecond
	// lookBack is how old a record may be when it arrives, such as one that has waited for the
	// store. A live view begins with what there is of that time.
	lookBack = 30 * time.Second
	// lookAhead is how far ahead of ours the clock of a record may be.
	lookAhead = 10 * time.Second
	// slice is the length of time in which records are counted.
	slice = 250 * time.Millisecond
	// maxAtOnce bounds the records that are sent at once: a page shows no more.
	maxAtOnce = 1000
	// heartbeat is how often something is sent at least, so that both sides see that the
	// other is there.
	heartbeat = 15 * time.Second
	// sendPatience is how long a reader may take what is sent to it.
	sendPatience = 20 * time.Second
)

var errManyLive = &Failure{Status: http.StatusServiceUnavailable, Message: "Too many live views are open.", Do: "Close one, or raise max_live of log_page."}

// live sends the newest records as they come, as server-sent events.
func (a *API) live(w http.ResponseWriter, r *http.Request) {
	p := a.read(r)
	filter, err := p.filter()
	if err != nil {
		a.fail(w, r, err)
		return
	}
	select {
	case a.lives <- struct{}{}:
		defer func() { <-a.lives }()
	default:
		errManyLive.Write(w)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	events := &events{w: w, control: http.NewResponseController(w)}
	if events.send([]byte(": the newest records\n\n")) != nil || r.Method == http.MethodHead {
		return
	}
	a.follow(r.Context(), events, newTail(filter))
}

// follow sends what comes until its reader has gone.
func (a *API) follow(ctx context.Context, events *events, tail *tail) {
	ticker := time.NewTicker(refresh)
	defer ticker.Stop()
	said := ""
	for first := true; ; first = false {
		found, more, err := tail.next(ctx, a.store, a.Now())
		if ctx.Err() != nil {
			return
		}
		if first {
			more = 0 // was there before
		}
		var text []byte
		for _, r := range found {
			text = appendEvent(text, "record", r)
		}
		if more > 0 {
			text = appendEvent(text, "missed", missed{more})
		}
		if text, said = a.appendState(text, said, err); events.send(text) != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// missed says how many records there were more than can be followed.
type missed struct {
	Records int `json:"records"`
}

// appendState says once that the store does not answer, and why, and that it does again. It
// returns what is said of it then.
func (a *API) appendState(text []byte, said string, err error) ([]byte, string) {
	if err == nil {
		if said != "" {
			text = appendEvent(text, "well", struct{}{})
		}
		return text, ""
	}
	problem := a.failure(err)
	if problem.Message != said {
		text = appendEvent(text, "problem", problem)
	}
	return text, problem.Message
}

func appendEvent(text []byte, name string, data any) []byte {
	written, _ := json.Marshal(data) // all of ours can be
	return fmt.Appendf(text, "event: %s\ndata: %s\n\n", name, written)
}

// events is a stream of server-sent events.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
	last    time.Time
}

// send sends a text, or a sign of life when it is time for one.
func (e *events) send(text []byte) error {
	if len(text) == 0 {
		if time.Since(e.last) < heartbeat {
			return nil
		}
		text = []byte(":\n\n")
	}
	e.last = time.Now()
	return send(e.w, e.control, text)
}

// send sends a part of an answer that goes on.
func send(w http.ResponseWriter, control *http.ResponseController, text []byte) error {
	if err := control.SetWriteDeadline(time.Now().Add(sendPatience)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	return control.Flush()
}

// tail finds the records that have come since it looked last. The store's own tail passes
// records by that come later than others of their stream, as those of several processes do;
// so the records of the last seconds are counted, and read where there are more of them.
type tail struct {
	query  engine.Query
	slices map[int64]*counted
}

// counted is what is known of the records of a slice of time.
type counted struct {
	records int64
	// hashes has how many records there have been with one.
	hashes map[uint64]int
}

func newTail(filter string) *tail {
	return &tail{query: engine.Query{Filter: filter}, slices: map[int64]*counted{}}
}

// next returns the records that have come, in order of time, and how many it has left out.
func (t *tail) next(ctx context.Context, store *engine.Client, now time.Time) (found []*record, more int, err error) {
	t.query.From, t.query.To = now.Add(-lookBack).Truncate(slice), now.Add(lookAhead)
	t.forget()
	grown, err := t.grown(ctx, store)
	if err != nil || len(grown) == 0 {
		return nil, 0, err
	}
	q := t.query
	q.From, q.To = time.Unix(0, grown[0]), time.Unix(0, grown[len(grown)-1]).Add(slice)
	seen := map[int64]*counted{}
	err = store.Each(ctx, q, func(row engine.Row) error {
		r, err := newRecord(row)
		if err != nil {
			return err
		}
		if t.isNew(r, seen) {
			found = append(found, r)
		}
		if len(found) > 2*maxAtOnce {
			found, more = newestOnly(found, more)
		}
		return nil
	})
	if err != nil {
		return nil, 0, err // what is seen of it is seen again
	}
	for at, s := range seen {
		t.slices[at] = s
	}
	found, more = newestOnly(found, more)
	return found, more, nil
}

// newestOnly puts records in order, and leaves out the oldest of too many.
func newestOnly(found []*record, more int) ([]*record, int) {
	slices.SortStableFunc(found, func(a, b *record) int { return a.at.Compare(b.at) })
	over := max(0, len(found)-maxAtOnce)
	return found[over:], more + over
}

// forget drops what is known of times that are not looked at any more.
func (t *tail) forget() {
	for at := range t.slices {
		if at < t.query.From.UnixNano() {
			delete(t.slices, at)
		}
	}
}

// grown returns the slices that have more records than are known, in order.
func (t *tail) grown(ctx context.Context, store *engine.Client) (grown []int64, err error) {
	q := t.query
	q.Pipes = fmt.Sprintf("| stats by (_time:%dms) count() records", slice.Milliseconds())
	err = store.Each(ctx, q, func(row engine.Row) error {
		at, err := engine.Time(row["_time"])
		if known := t.slices[at.UnixNano()]; err == nil && (known == nil || known.records < count(row["records"])) {
			grown = append(grown, at.UnixNano())
		}
		return err
	})
	slices.Sort(grown)
	return grown, err
}

// isNew reports whether a record was not there when its slice was read last, and counts it.
func (t *tail) isNew(r *record, seen map[int64]*counted) bool {
	at := r.at.Truncate(slice).UnixNano()
	now := seen[at]
	if now == nil {
		now = &counted{hashes: map[uint64]int{}}
		seen[at] = now
	}
	now.records++
	now.hashes[r.hash]++
	if r.unique && now.hashes[r.hash] > 1 {
		return false
	}
	known := t.slices[at]
	return known == nil || now.hashes[r.hash] > known.hashes[r.hash]
}
