package destination

import (
	"errors"
	"net/http"

	"go.opentelemetry.io/collector/consumer/consumererror"
)

// Verdict is what an answer means for the records of a request.
type Verdict int

// The verdicts. Records wait for all but the first and the last two.
const (
	// Taken says that the destination has the records.
	Taken Verdict = iota
	// Unreachable says that nobody has answered, or one who cannot take records now.
	Unreachable
	// Throttled says that records come too fast.
	Throttled
	// SenderRefused says that an operator has to act: on a token, an address, a quota.
	SenderRefused
	// ContentRefused says that the request is refused for what is in it, as far as one
	// answer can tell: a Judge finds out.
	ContentRefused
	// TooLong says the same, since the request is longer than the destination takes.
	TooLong
)

// OfContent reports whether the same request is likely to be refused again.
func (v Verdict) OfContent() bool { return v == ContentRefused || v == TooLong }

// statusBlocked is what Loki answers by default where a tenant may write nothing
// (limits_config::block_ingestion_until). It looks like a success.
const statusBlocked = 260

// OfStatus returns what an HTTP status says.
func OfStatus(status int) Verdict {
	switch status {
	case http.StatusBadRequest, http.StatusNotAcceptable, http.StatusUnprocessableEntity:
		return ContentRefused
	case http.StatusRequestEntityTooLarge:
		return TooLong
	case http.StatusTooManyRequests:
		return Throttled
	case http.StatusRequestTimeout:
		return Unreachable
	case statusBlocked:
		return SenderRefused
	}
	switch status / 100 {
	case 2:
		return Taken
	case 3, 4:
		return SenderRefused
	}
	return Unreachable
}

// OfError returns what the error of a try says. An error that its exporter calls
// permanent refuses the records.
func OfError(err error) Verdict {
	var judged interface{ Verdict() Verdict }
	switch {
	case err == nil:
		return Taken
	case errors.As(err, &judged):
		return judged.Verdict()
	case consumererror.IsPermanent(err):
		return ContentRefused
	}
	return Unreachable
}
