package alertmanagerexporter

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

const (
	// maxFingerprint is how long a fingerprint may be, in bytes.
	maxFingerprint = 128
	// maxSearch is how long a search may be, in bytes. Half of one finds something else.
	maxSearch = 2048
)

// alert is one in its newest state. It is not changed.
type alert struct {
	Fingerprint string    `json:"-"`
	Resolved    bool      `json:"resolved,omitempty"`
	Starts      time.Time `json:"starts"`
	// Ends is only that of a resolved one.
	Ends time.Time `json:"ends,omitzero"`
	// Received is when the transition came.
	Received    time.Time      `json:"received"`
	Labels      model.LabelSet `json:"labels"`
	Annotations model.LabelSet `json:"annotations,omitempty"`
	Search      string         `json:"search,omitempty"`
	// cut says that something of it was too long.
	cut bool
}

func (a *alert) name() string { return string(a.Labels[model.AlertNameLabel]) }

// size is about how many bytes the alert takes in a request.
func (a *alert) size() int {
	const frame = 256
	n := frame + len(a.Search)
	for _, set := range []model.LabelSet{a.Labels, a.Annotations} {
		for name, value := range set {
			n += len(name) + len(value) + 6
		}
	}
	return n
}

// newerThan reports whether this state follows another one of the same alert.
func (a *alert) newerThan(other *alert) bool {
	if a.Starts.Equal(other.Starts) {
		return a.Resolved && !other.Resolved
	}
	return a.Starts.After(other.Starts)
}

// read returns the alert of a transition's record.
func read(record plog.LogRecord, received time.Time) (*alert, error) {
	a := &alert{Received: received}
	var labels, annotations []pair
	var name, state, starts, ends string
	for key, value := range record.Attributes().All() {
		if label, ok := strings.CutPrefix(key, minaattr.AlertLabels); ok {
			labels = append(labels, pair{label, value.AsString()})
			continue
		}
		if annotation, ok := strings.CutPrefix(key, minaattr.AlertAnnotations); ok {
			annotations = append(annotations, pair{annotation, value.AsString()})
			continue
		}
		switch key {
		case minaattr.AlertName:
			name = textOf(value)
		case minaattr.AlertState:
			state = textOf(value)
		case minaattr.AlertFingerprint:
			a.Fingerprint = textOf(value)
		case minaattr.AlertStartsAt:
			starts = textOf(value)
		case minaattr.AlertEndsAt:
			ends = textOf(value)
		case minaattr.AlertSearch:
			a.Search = strings.ToValidUTF8(textOf(value), "\uFFFD")
		}
	}
	if err := a.set(state, starts, ends); err != nil {
		return nil, err
	}
	if name == "" {
		return nil, errors.New(minaattr.AlertName + " is missing")
	}
	if len(a.Search) > maxSearch {
		a.Search, a.cut = "", true
	}
	var cutLabels, cutAnnotations bool
	a.Labels, cutLabels = labelSet(name, labels)
	a.Annotations, cutAnnotations = annotationSet(annotations)
	a.cut = a.cut || cutLabels || cutAnnotations
	return a, nil
}

// textOf returns a value that is a text, or nothing.
func textOf(value pcommon.Value) string {
	if value.Type() != pcommon.ValueTypeStr {
		return ""
	}
	return value.Str()
}

// set says which state the alert is in, and since when.
func (a *alert) set(state, starts, ends string) (err error) {
	switch {
	case a.Fingerprint == "" || len(a.Fingerprint) > maxFingerprint:
		return fmt.Errorf("%s must be a text of 1 to %d bytes", minaattr.AlertFingerprint, maxFingerprint)
	case state != minaattr.AlertFiring && state != minaattr.AlertResolved:
		return fmt.Errorf("%s must be %s or %s", minaattr.AlertState, minaattr.AlertFiring, minaattr.AlertResolved)
	}
	if a.Starts, err = timeOf(minaattr.AlertStartsAt, starts); err != nil || state == minaattr.AlertFiring {
		return err
	}
	a.Resolved = true
	a.Ends, err = timeOf(minaattr.AlertEndsAt, ends)
	return err
}

// timeOf reads a time. Alertmanager takes the year 1 for none, and JSON has no year 10000.
func timeOf(key, text string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339Nano, text)
	if at = at.UTC(); err != nil || at.Unix() <= 0 || at.Year() > 9999 {
		return time.Time{}, fmt.Errorf("%s must be a time such as 2026-11-26T12:00:00Z", key)
	}
	return at, nil
}
