package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// Sentry stands for a Sentry server with one project. It parses envelopes strictly
// (develop.sentry.dev/sdk/data-model/envelopes).
type Sentry struct {
	*httptest.Server
	key, project string

	mu         sync.Mutex
	fault      func(request int) Fault
	requests   int
	events     map[string]map[string]any
	again      int
	violations []string
}

// NewSentry starts a server on loopback.
func NewSentry(key, project string) *Sentry {
	s := &Sentry{key: key, project: project, events: map[string]map[string]any{}}
	s.Server = httptest.NewServer(s)
	return s
}

// DSN returns the project's client key.
func (s *Sentry) DSN() string {
	return "http://" + s.key + "@" + s.Listener.Addr().String() + "/" + s.project
}

// SetFault says how requests are treated from now on; nil takes them.
func (s *Sentry) SetFault(fault func(request int) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = fault
}

// Events returns the events by id, and how many came again.
func (s *Sentry) Events() (events []map[string]any, again int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		events = append(events, e)
	}
	return events, s.again
}

// Violations returns what has broken the contract.
func (s *Sentry) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.violations...)
}

// Requests returns how many requests have come.
func (s *Sentry) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

func (s *Sentry) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sent, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	if s.fault != nil {
		if f := s.fault(s.requests); f.Status != 0 {
			if f.Status == http.StatusTooManyRequests || f.Status == http.StatusOK {
				w.Header().Set("X-Sentry-Rate-Limits", strconv.Itoa(f.RetryAfter)+":error;default:organization:quota, 3600:transaction:key")
			}
			if f.Status != http.StatusOK {
				w.WriteHeader(f.Status)
				return
			}
		}
	}
	status, err := s.take(r, sent)
	if err != nil {
		if len(s.violations) < maxViolations {
			s.violations = append(s.violations, err.Error())
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"detail":%q}`, err.Error())
		return
	}
	_, _ = io.WriteString(w, `{}`)
}

func (s *Sentry) take(r *http.Request, sent []byte) (int, error) {
	auth := regexp.MustCompile(`^Sentry sentry_version=7, sentry_key=(\w+), sentry_client=[\w.-]+/[\w.-]+$`).FindStringSubmatch(r.Header.Get("X-Sentry-Auth"))
	switch {
	case r.URL.Path != "/api/"+s.project+"/envelope/" || r.Method != http.MethodPost:
		return http.StatusNotFound, fmt.Errorf("%s %s", r.Method, r.URL.Path)
	case auth == nil || auth[1] != s.key:
		return http.StatusForbidden, errors.New("the header X-Sentry-Auth is wrong")
	case r.Header.Get("Content-Type") != "application/x-sentry-envelope" || r.Header.Get("Content-Encoding") != "gzip":
		return http.StatusUnsupportedMediaType, errors.New("content type or encoding")
	case len(sent) > 200_000:
		return http.StatusRequestEntityTooLarge, fmt.Errorf("%d bytes compressed", len(sent))
	}
	text, err := gunzip(sent)
	if err != nil {
		return http.StatusBadRequest, err
	}
	e, err := parseEnvelope(text)
	if err != nil {
		return http.StatusBadRequest, err
	}
	id := e["event_id"].(string)
	if _, ok := s.events[id]; ok {
		s.again++
	}
	s.events[id] = e
	return http.StatusOK, nil
}

var eventIDs = regexp.MustCompile(`^[0-9a-f]{32}$`)

// parseEnvelope reads an envelope with one event, and checks what Sentry checks.
func parseEnvelope(text []byte) (map[string]any, error) {
	first, rest, ok := bytes.Cut(text, []byte("\n"))
	if !ok {
		return nil, errors.New("no envelope header")
	}
	var header struct {
		EventID string `json:"event_id"`
		DSN     string `json:"dsn"`
		SentAt  string `json:"sent_at"`
	}
	if err := json.Unmarshal(first, &header); err != nil {
		return nil, err
	}
	if _, err := time.Parse(time.RFC3339, header.SentAt); err != nil {
		return nil, err
	}
	second, rest, ok := bytes.Cut(rest, []byte("\n"))
	var item struct {
		Type   string `json:"type"`
		Length *int   `json:"length"`
	}
	if err := json.Unmarshal(second, &item); err != nil || !ok {
		return nil, fmt.Errorf("the item's header is %q: %w", second, err)
	}
	switch {
	case item.Type != "event":
		return nil, fmt.Errorf("an item of type %q", item.Type)
	case item.Length == nil || *item.Length > len(rest):
		return nil, errors.New("the item's length")
	case *item.Length > 1_000_000:
		return nil, fmt.Errorf("an event of %d bytes", *item.Length)
	}
	payload, rest := rest[:*item.Length], rest[*item.Length:]
	if string(rest) != "" && string(rest) != "\n" {
		return nil, fmt.Errorf("%d bytes behind the item", len(rest))
	}
	var e map[string]any
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, err
	}
	id, _ := e["event_id"].(string)
	level, _ := e["level"].(string)
	at, _ := e["timestamp"].(string)
	_, err := time.Parse(time.RFC3339Nano, at)
	switch {
	case !eventIDs.MatchString(id) || id != header.EventID:
		return nil, fmt.Errorf("event_id %q", id)
	case err != nil:
		return nil, err
	case e["platform"] != "python":
		return nil, errors.New("platform")
	case level != "error" && level != "fatal":
		return nil, fmt.Errorf("level %q", level)
	}
	if tags, ok := e["tags"].(map[string]any); ok {
		for name, value := range tags {
			if text, ok := value.(string); !ok || len([]rune(text)) > 200 {
				return nil, fmt.Errorf("tag %s", name)
			}
		}
	}
	if crumbs, ok := e["breadcrumbs"].(map[string]any); ok {
		values := crumbs["values"].([]any)
		last := ""
		for _, value := range values {
			at, _ := value.(map[string]any)["timestamp"].(string)
			if at < last {
				return nil, errors.New("breadcrumbs are not oldest first")
			}
			last = at
		}
		if len(values) > 100 {
			return nil, errors.New("too many breadcrumbs")
		}
	}
	return e, nil
}
