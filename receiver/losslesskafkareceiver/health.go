package losslesskafkareceiver

import (
	"errors"
	"io"
	"sync"

	"github.com/twmb/franz-go/pkg/kerr"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.uber.org/zap"
)

// health tells the log and the health check whether Kafka can be read.
type health struct {
	logger *zap.Logger
	// seldom is for what may have to be said of every try.
	seldom *zap.Logger
	host   component.Host

	mu  sync.Mutex
	ill bool
	// worked says that there was a session with the group.
	worked bool
}

// fails says why nothing is read, once a minute.
func (h *health) fails(err error, fields ...zap.Field) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ill = true
	h.seldom.Warn(meaningOf(err, h.worked), append(fields, zap.Error(err))...)
	componentstatus.ReportStatus(h.host, componentstatus.NewRecoverableErrorEvent(err))
}

// works says that something is read again.
func (h *health) works() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ill {
		h.logger.Info("Reading from Kafka again")
		componentstatus.ReportStatus(h.host, componentstatus.NewEvent(componentstatus.StatusOK))
	}
	h.ill, h.worked = false, true
}

// meanings are what operators can do about an error of Kafka.
var meanings = map[error]string{
	kerr.UnknownTopicOrPartition:  "The topic is not there; make it, or correct topics",
	kerr.TopicAuthorizationFailed: "This user may not read the topic; give it the permissions Read and Describe",
	kerr.GroupAuthorizationFailed: "This user may not use the consumer group; give it the permission Read on group_id",
	kerr.SaslAuthenticationFailed: "Kafka refuses the name or the password of auth::sasl",
	kerr.UnsupportedSaslMechanism: "Kafka does not know the mechanism of auth::sasl",
	kerr.FencedInstanceID:         "Another member of the consumer group has the same group_instance_id; give each a name of its own",
	kerr.InvalidSessionTimeout:    "session_timeout is not within what the brokers allow (group.min.session.timeout.ms)",
}

// meaningOf says what an error asks of an operator. The end of a connection is a broker's
// that goes down, or, where there was no session yet, of one that wants something else.
func meaningOf(err error, worked bool) string {
	if errors.Is(err, io.EOF) && !worked {
		return "Kafka ends the connection at once; are tls and auth::sasl what it wants?"
	}
	for known, meaning := range meanings {
		if errors.Is(err, known) {
			return meaning
		}
	}
	return "Kafka cannot be read; trying again"
}
