package destination

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/config/configretry"
)

// DefaultRetry is how our exporters pause between two tries: there is no last try.
func DefaultRetry() configretry.BackOffConfig {
	retry := configretry.NewDefaultBackOffConfig()
	retry.InitialInterval = time.Second
	retry.MaxElapsedTime = 0
	return retry
}

// ValidateRetry reports a first pause with which a destination that is down would be asked
// without any.
func ValidateRetry(retry *configretry.BackOffConfig) error {
	const shortest = time.Millisecond
	if retry.Enabled && retry.InitialInterval < shortest {
		return fmt.Errorf("retry_on_failure::initial_interval must be at least %s (got %s)", shortest, retry.InitialInterval)
	}
	return nil
}

// RetryAfter returns the pause that a destination asks for, at most so long, and
// whether it asks (RFC 9110, section 10.2.3: seconds or a date).
func RetryAfter(header http.Header, now time.Time, most time.Duration) (time.Duration, bool) {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds >= 0 {
		return Seconds(seconds, most), true
	}
	if date, err := http.ParseTime(value); err == nil {
		return min(max(date.Sub(now), 0), most), true
	}
	return 0, false
}

// Seconds returns a number of seconds as a duration from 0 to most.
func Seconds(seconds float64, most time.Duration) time.Duration {
	return time.Duration(min(max(seconds, 0), most.Seconds()) * float64(time.Second))
}
