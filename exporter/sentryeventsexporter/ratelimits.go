package sentryeventsexporter

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mina-observability/otelcol-mina/internal/destination"
)

const (
	// defaultLimit is how long to wait after a 429 that does not say, and maxLimit
	// bounds what Sentry may ask for.
	defaultLimit = 60 * time.Second
	maxLimit     = 24 * time.Hour
	// errorCategory is the one of events.
	errorCategory = "error"
)

// rateLimits remembers until when Sentry wants no events
// (develop.sentry.dev/sdk/expected-features/rate-limiting).
type rateLimits struct {
	mu    sync.Mutex
	until time.Time
}

// wait returns how long events have to wait.
func (l *rateLimits) wait(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(l.until.Sub(now), 0)
}

// learn reads an answer: a list of limits, which a success may have too, else
// Retry-After, else a minute.
func (l *rateLimits) learn(status int, header http.Header, now time.Time) {
	pause := time.Duration(0)
	if list := header.Values("X-Sentry-Rate-Limits"); len(list) > 0 {
		pause = limitOf(strings.Join(list, ","))
	} else if status == http.StatusTooManyRequests {
		var asked bool
		if pause, asked = destination.RetryAfter(header, now, maxLimit); !asked {
			pause = defaultLimit
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := now.Add(pause); pause > 0 && until.After(l.until) {
		l.until = until
	}
}

// limitOf returns the longest limit of a list that holds for events. A limit is
// seconds:categories:scope:reason; without categories it holds for everything.
func limitOf(list string) (longest time.Duration) {
	for limit := range strings.SplitSeq(list, ",") {
		fields := strings.Split(strings.TrimSpace(limit), ":")
		seconds, err := strconv.ParseFloat(fields[0], 64)
		if err != nil {
			seconds = defaultLimit.Seconds()
			if fields[0] == "" {
				continue
			}
		}
		if len(fields) > 1 && fields[1] != "" {
			categories := strings.Split(fields[1], ";")
			if !slices.Contains(categories, errorCategory) && !slices.Contains(categories, "default") {
				continue
			}
		}
		longest = max(longest, destination.Seconds(seconds, maxLimit))
	}
	return longest
}
