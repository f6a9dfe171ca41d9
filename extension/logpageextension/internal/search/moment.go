package search

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/internal/logsql"
)

var (
	// moments matches a time, or a day, an hour, a minute, as far as it is written.
	moments = regexp.MustCompile(`^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?)?)?)?(Z|[+-]\d\d:\d\d)?$`)
	// ages matches how long ago something was.
	ages = regexp.MustCompile(`^\d+(?:\.\d+)?(?:ms|s|m|h|d|w|y)$`)
)

// layouts are those of a time as far as it is written.
var layouts = []string{"2006", "2006-01", "2006-01-02", "2006-01-02T15", "2006-01-02T15:04", "2006-01-02T15:04:05"}

// isMoment reports whether a text is a time or an age.
func (t criterion) isMoment() bool {
	switch {
	case t.form == exists:
		return true
	case t.form > compare:
		return false
	}
	_, ok := instant(t.text)
	return ok
}

// instant returns a time as the store takes it, in UTC if it does not say.
func instant(text string) (string, bool) {
	if ages.MatchString(text) {
		return text, true
	}
	parts := moments.FindStringSubmatch(text)
	if parts == nil {
		return "", false
	}
	fraction, zone := parts[7], parts[8]
	last := len(layouts)
	for parts[last] == "" {
		last--
	}
	clock := strings.Replace(text[:len(layouts[last-1])], " ", "T", 1)
	if _, err := time.Parse(layouts[last-1], clock); err != nil {
		return "", false
	}
	if fraction != "" {
		clock += "." + fraction
	}
	if zone == "" {
		zone = "Z"
	}
	return clock + zone, true
}

// moment returns the filter of a time: of the day or the hour if it is no more than that.
func (t criterion) moment() logsql.Filter {
	at, _ := instant(t.text)
	switch t.form {
	case exists:
		return logsql.All()
	case compare:
		return logsql.Compare(recordTime, t.operator, at)
	}
	return logsql.Exact(recordTime, at)
}

// units are those that the names of fields end in.
var units = []struct {
	ending string
	unit   time.Duration
}{
	{"_ms", time.Millisecond},
	{"_us", time.Microsecond},
	{"_ns", time.Nanosecond},
	{"_seconds", time.Second},
	{"_secs", time.Second},
	{"_s", time.Second},
	{".duration", time.Second}, // the conventions' own
}

// inUnit returns a duration as the field has it: processing_time_ms:>5s means 5000.
func inUnit(name, text string) string {
	duration, err := time.ParseDuration(text)
	if err != nil || text == "0" {
		return text
	}
	for _, u := range units {
		if strings.HasSuffix(name, u.ending) {
			return strconv.FormatFloat(float64(duration)/float64(u.unit), 'f', -1, 64)
		}
	}
	return text
}
