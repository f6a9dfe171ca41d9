package destination

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/consumer/consumererror"
)

func TestStatusSaysWhatBecomesOfRecords(t *testing.T) {
	for verdict, statuses := range map[Verdict][]int{
		Taken:          {200, 202, 204},
		Unreachable:    {100, 408, 500, 501, 502, 503, 504, 507},
		Throttled:      {429},
		SenderRefused:  {260, 301, 302, 303, 304, 307, 308, 401, 402, 403, 404, 405, 407, 409, 410, 411, 415, 431, 451},
		ContentRefused: {400, 406, 422},
		TooLong:        {413},
	} {
		for _, status := range statuses {
			assert.Equal(t, verdict, OfStatus(status), status)
		}
	}
}

type judged struct{ error }

func (judged) Verdict() Verdict { return Throttled }

func TestErrorSaysWhatBecomesOfRecords(t *testing.T) {
	err := errors.New("no")
	assert.Equal(t, Taken, OfError(nil))
	assert.Equal(t, Unreachable, OfError(err))
	assert.Equal(t, Throttled, OfError(fmt.Errorf("sending: %w", judged{err})))
	assert.Equal(t, ContentRefused, OfError(consumererror.NewPermanent(err)))
}
