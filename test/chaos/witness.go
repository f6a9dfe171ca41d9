package main

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"

	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// witness is a destination of records and an Alertmanager, and remembers the alerts that
// it was told of.
type witness struct {
	*httptest.Server
	mu sync.Mutex
	// records and posts are when alerts have begun, as each of the two was told.
	records, posts starts
}

// starts are the times at which alerts have begun, by their name and group.
type starts map[string]map[string]bool

func (s starts) add(name, group, at string) {
	key := name + " " + group
	if s[key] == nil {
		s[key] = map[string]bool{}
	}
	s[key][at] = true
}

func newWitness() *witness {
	w := &witness{records: starts{}, posts: starts{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/logs", w.takeRecords)
	mux.HandleFunc("POST /api/v2/alerts", w.takeAlerts)
	w.Server = httptest.NewServer(mux)
	return w
}

func (w *witness) takeRecords(answer http.ResponseWriter, r *http.Request) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		var err error
		if body, err = gzip.NewReader(r.Body); err != nil {
			answer.WriteHeader(http.StatusBadRequest)
			return
		}
	}
	text, err := io.ReadAll(io.LimitReader(body, 64<<20))
	request := plogotlp.NewExportRequest()
	if err != nil || request.UnmarshalProto(text) != nil {
		answer.WriteHeader(http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, rl := range request.Logs().ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				if record.EventName() != "mina.alert" {
					continue
				}
				a := record.Attributes().AsRaw()
				group, _ := a["alert.labels.client.address"].(string)
				if group == "" {
					group, _ = a["alert.labels.scope.name"].(string)
				}
				name, _ := a["alert.name"].(string)
				at, _ := a["alert.starts_at"].(string)
				w.records.add(name, group, at)
			}
		}
	}
	answer.Header().Set("Content-Type", "application/x-protobuf")
}

func (w *witness) takeAlerts(answer http.ResponseWriter, r *http.Request) {
	var alerts []struct {
		StartsAt string            `json:"startsAt"`
		Labels   map[string]string `json:"labels"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 64<<20)).Decode(&alerts); err != nil {
		answer.WriteHeader(http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, alert := range alerts {
		group := alert.Labels["client_address"]
		if group == "" {
			group = alert.Labels["scope_name"]
		}
		w.posts.add(alert.Labels["alertname"], group, alert.StartsAt)
	}
}

// verdict is what has become of the alerts that had to fire once each.
type verdict struct {
	once         int
	twice, never []string
	// wrong are those that had no reason to.
	wrong []string
}

func (v verdict) isGood() bool { return len(v.twice)+len(v.never)+len(v.wrong) == 0 }

// judge compares what has fired with what was to.
func (s starts) judge(expected map[string]bool) (v verdict) {
	for key := range expected {
		switch len(s[key]) {
		case 0:
			v.never = append(v.never, key)
		case 1:
			v.once++
		default:
			v.twice = append(v.twice, key)
		}
	}
	for key := range s {
		if !expected[key] {
			v.wrong = append(v.wrong, key)
		}
	}
	return v
}

// verdicts are those of both whom alerts were told.
func (w *witness) verdicts(expected map[string]bool) (records, posts verdict) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.records.judge(expected), w.posts.judge(expected)
}
