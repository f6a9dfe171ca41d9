package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/search"
)

// defaultRange is how far back one looks who does not say.
const defaultRange = time.Hour

// parameters are what a question asks for. Those that cannot be read are an error when they
// are needed.
type parameters struct {
	url.Values
	path        func(name string) string
	now         time.Time
	allowLogsQL bool
}

func (a *API) read(r *http.Request) *parameters {
	return &parameters{Values: r.URL.Query(), path: r.PathValue, now: a.Now().UTC(), allowLogsQL: a.AllowLogsQL}
}

// query returns the question for the records that are meant: those of a time that a search
// finds.
func (p *parameters) query() (engine.Query, error) {
	filter, err := p.filter()
	if err != nil {
		return engine.Query{}, err
	}
	q := engine.Query{Filter: filter}
	if q.From, err = p.moment("from", p.now.Add(-defaultRange)); err != nil {
		return q, err
	}
	if q.To, err = p.moment("to", p.now); err != nil {
		return q, err
	}
	if !q.From.Before(q.To) {
		return q, bad("from has to be before to.", "Choose another time range.")
	}
	return q, nil
}

// filter returns what the search means in the store's language.
func (p *parameters) filter() (string, error) {
	if text := p.Get("logsql"); text != "" {
		if !p.allowLogsQL {
			return "", &Failure{Status: http.StatusForbidden, Message: "Searches in LogsQL are not allowed here.", Do: "Search with q, or set allow_logsql at log_page."}
		}
		return text, checkLogsQL(text)
	}
	found, err := search.Parse(p.Get("q"))
	if err != nil {
		return "", err
	}
	return found.String(), nil
}

// number returns a parameter that is a number of 1 to most.
func (p *parameters) number(name string, otherwise, most int) (int, error) {
	text := p.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, bad(fmt.Sprintf("%s has to be a number of 1 to %d.", name, most), "Correct the address.")
	}
	return n, nil
}

// moment returns a parameter that is a time, as RFC 3339 writes it or counted from now.
func (p *parameters) moment(name string, otherwise time.Time) (time.Time, error) {
	text := p.Get(name)
	if text == "" {
		return otherwise, nil
	}
	if back, isRelative := strings.CutPrefix(text, "now"); isRelative {
		if ago, ok := cutAgo(back); ok {
			return p.now.Add(-ago), nil
		}
	}
	// A "+" of a zone is a blank in an address where nobody has escaped it.
	t, err := time.Parse(time.RFC3339Nano, strings.Replace(text, " ", "+", 1))
	if err != nil || t.UTC().Year() < firstYear || t.UTC().Year() > lastYear {
		return time.Time{}, bad(fmt.Sprintf("%s has to be a time.", name), "Write it as 2026-11-26T16:00:00Z, or as now-15m, now-6h or now-7d.")
	}
	return t.UTC(), nil
}

// A store keeps a hundred years at most. A range of these can be counted in nanoseconds.
const firstYear, lastYear, longestAgo = 1900, 2189, 100 * 366 * 24 * time.Hour

var units = map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}

// cutAgo reads how long ago a time is that is counted from now: "", "-15m".
func cutAgo(text string) (time.Duration, bool) {
	if text == "" {
		return 0, true
	}
	last := len(text) - 1
	n, err := strconv.Atoi(text[1 : last+1][:max(last-1, 0)])
	unit, ok := units[text[last]]
	if !ok || text[0] != '-' || err != nil || n < 0 || n > 1e6 || time.Duration(n) > longestAgo/unit {
		return 0, false
	}
	return time.Duration(n) * unit, true
}
