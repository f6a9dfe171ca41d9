package inflight

import (
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.uber.org/zap"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// answer is what the next consumer says to a batch.
type answer int

const (
	taken answer = iota
	refusedForNow
	refusedForGood
	answerCount
)

func answerOf(err error) answer {
	switch {
	case err == nil:
		return taken
	case RefusedForGood(err):
		return refusedForGood
	}
	return refusedForNow
}

// RefusedForGood reports whether records are refused for what they are. A stock
// exporter also calls it permanent when its credentials are wrong; that is for an
// operator to change.
func RefusedForGood(err error) bool {
	if s, ok := status.FromError(err); ok && (s.Code() == codes.Unauthenticated || s.Code() == codes.PermissionDenied) {
		return false
	}
	return consumererror.IsPermanent(err)
}

// refusals tells the host and the log when batches begin to be refused, and when
// all of them have been taken.
type refusals struct {
	logger *zap.Logger
	host   component.Host

	mu sync.Mutex
	// batches counts those in flight by their last answer.
	batches [answerCount]int
}

// change notes a batch's answer in the place of the one before.
func (r *refusals) change(before, now answer, err error) {
	if before == now {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	refused := r.refused()
	if before != taken {
		r.batches[before]--
	}
	if now != taken {
		r.batches[now]++
	}
	switch {
	case now == refusedForGood && r.batches[now] == 1:
		r.logger.Error("The pipeline refuses records for good; the source waits and they are offered again. "+
			"A fanout connector in front of the exporters keeps such records in a dead-letter file, and goes on", zap.Error(err))
	case now == refusedForNow && refused == 0:
		r.logger.Warn("The pipeline refuses records for now; the source waits and they are offered again", zap.Error(err))
	case refused > 0 && r.refused() == 0:
		r.logger.Info("The pipeline takes records again")
	}
	switch {
	case refused == 0:
		componentstatus.ReportStatus(r.host, componentstatus.NewRecoverableErrorEvent(err))
	case r.refused() == 0:
		componentstatus.ReportStatus(r.host, componentstatus.NewEvent(componentstatus.StatusOK))
	}
}

func (r *refusals) refused() int { return r.batches[refusedForNow] + r.batches[refusedForGood] }
