package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
)

// maxBody is how long a notification may be. One of Alertmanager has about 1 KiB an alert.
const maxBody = 1 << 20

// notification is what block-ip needs of Alertmanager's webhook.
type notification struct {
	Version string  `json:"version"`
	Alerts  []alert `json:"alerts"`
}

type alert struct {
	Status string            `json:"status"`
	Labels map[string]string `json:"labels"`
	// Fingerprint is Alertmanager's name for the alert, in which nothing of a client is.
	Fingerprint string `json:"fingerprint"`
}

// webhook has the addresses of an alert blocked. It answers with 5xx, after which
// Alertmanager tries again, when that has failed, and with 4xx, after which it does not,
// when the request is none of Alertmanager's.
type webhook struct {
	alert   string
	access  access
	allow   allowList
	blocker blocker
	logger  *slog.Logger
}

func (w *webhook) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	if err := w.access.check(request); err != nil {
		w.refuse(response, http.StatusUnauthorized, err)
		return
	}
	n, err := decode(http.MaxBytesReader(response, request.Body, maxBody))
	if err != nil {
		status := http.StatusBadRequest
		if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
			status = http.StatusRequestEntityTooLarge
		}
		w.refuse(response, status, err)
		return
	}
	failed := 0
	for _, address := range w.addresses(n.Alerts) {
		if err := w.blocker.block(request.Context(), address); err != nil {
			w.logger.Error("cannot block; Alertmanager will try again", "address", address, "error", err)
			failed++
		}
	}
	if failed > 0 {
		http.Error(response, fmt.Sprintf("%d addresses could not be blocked: see the log of block-ip", failed), http.StatusInternalServerError)
	}
}

func (w *webhook) refuse(response http.ResponseWriter, status int, reason error) {
	w.logger.Warn("refused a request", "status", status, "reason", reason)
	http.Error(response, reason.Error(), status)
}

// decode reads a notification. What is wrong with it is said without quoting it.
func decode(body io.Reader) (*notification, error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("cannot read the notification, of at most %d bytes: %w", maxBody, err)
	}
	var n notification
	if err := json.Unmarshal(text, &n); err != nil {
		return nil, errors.New("the body is no notification of Alertmanager")
	}
	if n.Version != "4" {
		return nil, errors.New("the notification is not of version 4, which Alertmanager has sent since 0.5")
	}
	return &n, nil
}

// addresses returns what is to be blocked, each address once. An alert that is resolved
// changes nothing: mostly it is so because the address is blocked.
func (w *webhook) addresses(alerts []alert) []netip.Addr {
	var addresses []netip.Addr
	seen := map[netip.Addr]bool{}
	for _, a := range alerts {
		if a.Status != "firing" || a.Labels["alertname"] != w.alert {
			continue
		}
		address, err := parseAddress(a.Labels["client_address"])
		switch {
		case err != nil:
			w.logger.Warn("not blocked: the label client_address has no IP address", "fingerprint", a.Fingerprint)
		case seen[address]:
		case w.allow.contains(address):
			w.logger.Warn("not blocked: the address is in the allow list", "address", address)
		default:
			addresses = append(addresses, address)
		}
		seen[address] = true
	}
	return addresses
}
