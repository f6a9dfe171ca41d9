package main

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"
)

// meter stands between the page and its engine, and measures how long the engine is asked
// anything: what is left of the time of an answer is the page's.
type meter struct {
	proxy  http.Handler
	mu     sync.Mutex
	active int
	since  time.Time
	total  time.Duration
}

func newMeter(engine string) (*meter, error) {
	to, err := url.Parse(engine)
	if err != nil {
		return nil, err
	}
	return &meter{proxy: httputil.NewSingleHostReverseProxy(to)}, nil
}

func (m *meter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.change(1)
	defer m.change(-1)
	m.proxy.ServeHTTP(w, r)
}

func (m *meter) change(by int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	if m.active > 0 {
		m.total += now.Sub(m.since)
	}
	m.active += by
	m.since = now
}

// take returns how long the engine was asked since it was called last.
func (m *meter) take() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	total := m.total
	m.total = 0
	return total
}
