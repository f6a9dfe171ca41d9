package fanoutconnector

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component/componentstatus"
	"go.uber.org/zap"
)

const (
	// watchInterval is how often is looked how long records wait.
	watchInterval = 250 * time.Millisecond
	// notice is after how long the health check is told. It waits for its
	// recovery_duration, in base.yaml 4s, before it is unhealthy.
	notice = time.Second
	// patience is after how long a pipeline counts as unhealthy: within five seconds.
	patience = 4500 * time.Millisecond
)

// errNoAnswer is why a pipeline is unhealthy that has not answered at all.
var errNoAnswer = errors.New("there is no answer: the destination hangs, or the exporter tries again by itself (retry_on_failure)")

// health is how a pipeline does, by what it acknowledges.
type health struct {
	logger *zap.Logger
	tell   func(*componentstatus.Event)

	mu sync.Mutex
	// records are on their way.
	records int
	// since is when they began to wait without any being taken, or zero.
	since time.Time
	// answer is the last error since then.
	answer error
	// taken is when records were taken last, or zero.
	taken time.Time
	// told, unwell and quoted say what the health check and the log know: that it takes
	// nothing, and what it has answered.
	told, unwell, quoted bool
}

// offered says that records are on their way.
func (h *health) offered(records int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.records += records
	if h.since.IsZero() {
		h.since = time.Now()
	}
}

// refused says that the pipeline has not taken records, which stay on their way.
func (h *health) refused(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer = err
}

// answered says that records are no longer on their way. With an error they wait in
// the source, unless it has gone away.
func (h *health) answered(records int, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.records -= records
	switch err { // a wrapped one is the exporter's own answer
	case nil:
		h.recovered(time.Now())
	case context.DeadlineExceeded: //nolint:errorlint // the source has not waited for the answer
	case context.Canceled:
		if h.records == 0 && h.answer == nil {
			h.since = time.Time{}
		}
	default:
		h.answer = err
	}
}

// recovered says that the pipeline takes records.
func (h *health) recovered(now time.Time) {
	if h.unwell {
		h.logger.Info("The destination takes records again", zap.Duration("after", now.Sub(h.since).Round(time.Millisecond)))
	}
	if h.told {
		h.tell(componentstatus.NewEvent(componentstatus.StatusOK))
	}
	h.told, h.unwell, h.quoted, h.answer, h.since = false, false, false, nil, time.Time{}
	h.taken = now
	if h.records > 0 {
		h.since = now
	}
}

// lastTaken returns when records were taken last, in seconds since 1970, or 0.
func (h *health) lastTaken() float64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.taken.IsZero() {
		return 0
	}
	return float64(h.taken.UnixMilli()) / 1000
}

// check tells of records that wait for too long.
func (h *health) check(now time.Time, queued int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.since.IsZero() {
		return
	}
	waited, answer := now.Sub(h.since), h.answer
	if answer == nil {
		answer = errNoAnswer
	}
	if waited >= notice && !h.told {
		h.told = true
		h.tell(componentstatus.NewRecoverableErrorEvent(answer))
	}
	if waited >= patience && (!h.unwell || !h.quoted && h.answer != nil) {
		h.unwell, h.quoted = true, h.answer != nil
		h.logger.Warn("The destination takes nothing; records wait until it does", zap.Error(answer), zap.Time("since", h.since),
			zap.Int("records_on_their_way", h.records), zap.Int64("queued_bytes", queued))
	}
}

// measure returns whether the pipeline is healthy, and how long records have waited.
func (h *health) measure(now time.Time) (healthy bool, waiting time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.since.IsZero() {
		waiting = now.Sub(h.since)
	}
	return !h.unwell, waiting
}
