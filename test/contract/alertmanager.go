package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/common/model"
)

// Alertmanager stands for Prometheus Alertmanager 0.25: it checks requests as its API v2
// does, and takes the good alerts of one of which it refuses others.
type Alertmanager struct {
	*httptest.Server
	path string

	mu       sync.Mutex
	fault    func(request int) Fault
	hanging  chan struct{}
	requests int
	taken    []model.Alert
	headers  []http.Header
}

// NewAlertmanager starts one on loopback, behind a prefix such as /alertmanager, or none.
func NewAlertmanager(prefix string) *Alertmanager {
	a := &Alertmanager{path: prefix + "/api/v2/alerts"}
	a.Server = httptest.NewServer(a)
	return a
}

// SetFault says how requests are treated from now on; nil takes them.
func (a *Alertmanager) SetFault(fault func(request int) Fault) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fault = fault
}

// Hang lets requests wait until what is returned is called.
func (a *Alertmanager) Hang() (letGo func()) {
	hanging := make(chan struct{})
	a.mu.Lock()
	defer a.mu.Unlock()
	a.hanging = hanging
	return sync.OnceFunc(func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.hanging = nil
		close(hanging)
	})
}

// Requests returns how many requests have come.
func (a *Alertmanager) Requests() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.requests
}

// Taken returns all alerts that were taken, as often as they came.
func (a *Alertmanager) Taken() []model.Alert {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.taken)
}

// Headers returns those of the requests that were taken.
func (a *Alertmanager) Headers() []http.Header {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.headers)
}

// Alerts returns the alerts as they are known now, by their labels.
func (a *Alertmanager) Alerts() map[string]model.Alert {
	newest := map[string]model.Alert{}
	for _, alert := range a.Taken() {
		newest[alert.Labels.String()] = alert
	}
	return newest
}

func (a *Alertmanager) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return
	}
	if !a.admit(w, r) {
		return
	}
	status, answer := a.answer(r, body)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if answer != nil {
		_ = json.NewEncoder(w).Encode(answer)
	}
}

// admit counts a request, and reports whether it is not in the way of a fault.
func (a *Alertmanager) admit(w http.ResponseWriter, r *http.Request) bool {
	a.mu.Lock()
	a.requests++
	hanging, f := a.hanging, Fault{}
	if a.fault != nil {
		f = a.fault(a.requests)
	}
	a.mu.Unlock()
	if hanging != nil {
		select {
		case <-hanging:
		case <-r.Context().Done():
			return false
		}
	}
	if f.Status == 0 {
		return true
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(f.RetryAfter))
	}
	w.WriteHeader(f.Status)
	return false
}

// fields is what the API's generated code says of a body.
type fields struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (a *Alertmanager) answer(r *http.Request, body []byte) (status int, answer any) {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.URL.Path != a.path:
		return http.StatusNotFound, fields{404, "path " + r.URL.Path + " was not found"}
	case r.Method != http.MethodPost:
		return http.StatusMethodNotAllowed, fields{405, "method"}
	case media != "application/json":
		return http.StatusUnsupportedMediaType, fields{415, "unsupported media type"}
	case len(body) == 0:
		return http.StatusUnprocessableEntity, fields{602, "alerts in body is required"}
	}
	var alerts []model.Alert
	if err := json.Unmarshal(bytes.ToValidUTF8(body, []byte("\uFFFD")), &alerts); err != nil {
		return http.StatusBadRequest, fields{400, "parsing alerts body from \"\" failed, because " + err.Error()}
	}
	for i, alert := range alerts {
		if _, err := url.ParseRequestURI(alert.GeneratorURL); err != nil && alert.GeneratorURL != "" {
			return http.StatusUnprocessableEntity, fields{601, fmt.Sprintf("%d.generatorURL in body must be of type uri: %q", i, alert.GeneratorURL)}
		}
		if alert.Labels == nil {
			return http.StatusUnprocessableEntity, fields{602, fmt.Sprintf("%d.labels in body is required", i)}
		}
	}
	if errs := a.take(alerts, r.Header); len(errs) > 0 {
		return http.StatusBadRequest, strings.Join(errs, "; ")
	}
	return http.StatusOK, nil
}

// take keeps the alerts that are valid, and returns what is wrong with the others.
func (a *Alertmanager) take(alerts []model.Alert, header http.Header) (errs []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.headers = append(a.headers, header)
	for _, alert := range alerts {
		for name, value := range alert.Labels {
			if value == "" {
				delete(alert.Labels, name)
			}
		}
		if alert.StartsAt.IsZero() {
			alert.StartsAt = time.Now()
		}
		if err := validate(alert); err != nil {
			errs = append(errs, err.Error())
			continue
		}
		a.taken = append(a.taken, alert)
	}
	return errs
}

// validate checks what 0.25 checks, which knows no names in UTF-8.
func validate(alert model.Alert) error {
	for of, set := range map[string]model.LabelSet{"label set": alert.Labels, "annotations": alert.Annotations} {
		for name := range set {
			if !model.LegacyValidation.IsValidLabelName(string(name)) {
				return fmt.Errorf("invalid %s: invalid name %q", of, name)
			}
		}
	}
	if len(alert.Labels) == 0 {
		return errors.New("at least one label pair required")
	}
	return alert.Validate()
}
