package sentryeventsexporter

import (
	"container/list"
	"slices"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// breadcrumb is what happened before an event
// (develop.sentry.dev/sdk/data-model/event-payloads/breadcrumbs).
type breadcrumb struct {
	// Timestamp is at, written when an event takes the breadcrumb: most are forgotten.
	Timestamp string `json:"timestamp"`
	Type      string `json:"type"`
	Category  string `json:"category,omitempty"`
	Level     string `json:"level"`
	Message   string `json:"message"`
	at        pcommon.Timestamp
}

// maxCrumbMessage is how much of a message is remembered, in bytes.
const maxCrumbMessage = 1024

func newBreadcrumb(logger string, record plog.LogRecord) breadcrumb {
	message := record.Body().AsString()
	if len(message) > maxCrumbMessage {
		message = strings.ToValidUTF8(message[:maxCrumbMessage], "") + "…"
	}
	return breadcrumb{
		Type: "log", Category: strings.Clone(logger), Level: level(record.SeverityNumber()), Message: strings.Clone(message), at: timeOf(record),
	}
}

// formatTime writes a time as Sentry reads it, to the microsecond.
func formatTime(at pcommon.Timestamp) string {
	return at.AsTime().UTC().Format("2006-01-02T15:04:05.000000Z")
}

// trailOf tells which breadcrumbs belong together: those of one trace, else of one
// request, else of one thread.
func trailOf(resource pcommon.Resource, record plog.LogRecord) string {
	if id := record.TraceID(); !id.IsEmpty() {
		return "trace " + id.String()
	}
	text := func(attributes pcommon.Map, key string) string {
		if value, ok := attributes.Get(key); ok {
			return value.AsString()
		}
		return ""
	}
	if id := text(record.Attributes(), minaattr.RequestID); id != "" {
		return "request " + id
	}
	return strings.Join([]string{
		"thread", text(resource.Attributes(), string(semconv.HostNameKey)), text(resource.Attributes(), string(semconv.ProcessPIDKey)),
		text(record.Attributes(), string(semconv.ThreadIDKey)),
	}, " ")
}

// trails holds the breadcrumbs of the traces, requests and threads that were seen last.
type trails struct {
	cfg BreadcrumbsConfig

	mu    sync.Mutex
	byKey map[string]*list.Element
	// used has the trail that was quiet longest at its end.
	used *list.List
}

type trail struct {
	key string
	// crumbs are oldest first.
	crumbs []breadcrumb
}

func newTrails(cfg BreadcrumbsConfig) *trails {
	return &trails{cfg: cfg, byKey: map[string]*list.Element{}, used: list.New()}
}

// add remembers a breadcrumb. One that is offered again, since its batch was, is
// remembered once.
func (t *trails) add(key string, crumb breadcrumb) {
	if t.cfg.MaxPerEvent == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	element := t.byKey[key]
	if element == nil {
		if t.used.Len() >= t.cfg.MaxTrails {
			oldest := t.used.Back()
			delete(t.byKey, oldest.Value.(*trail).key)
			t.used.Remove(oldest)
		}
		element = t.used.PushFront(&trail{key: key})
		t.byKey[key] = element
	}
	t.used.MoveToFront(element)
	tr := element.Value.(*trail)
	i := len(tr.crumbs)
	for i > 0 && tr.crumbs[i-1].at > crumb.at {
		i--
	}
	for j := i; j > 0 && tr.crumbs[j-1].at == crumb.at; j-- {
		if tr.crumbs[j-1] == crumb {
			return
		}
	}
	tr.crumbs = slices.Insert(tr.crumbs, i, crumb)
	if excess := len(tr.crumbs) - t.cfg.MaxPerEvent; excess > 0 {
		tr.crumbs = slices.Delete(tr.crumbs, 0, excess)
	}
}

// before returns the breadcrumbs of a trail that are not younger than a time, and not
// too old, oldest first.
func (t *trails) before(key string, at pcommon.Timestamp) []breadcrumb {
	t.mu.Lock()
	defer t.mu.Unlock()
	element := t.byKey[key]
	if element == nil {
		return nil
	}
	var crumbs []breadcrumb
	for _, crumb := range element.Value.(*trail).crumbs {
		if crumb.at <= at && time.Duration(at-crumb.at) <= t.cfg.MaxAge { //nolint:gosec // a difference of times
			crumb.Timestamp = formatTime(crumb.at)
			crumbs = append(crumbs, crumb)
		}
	}
	return crumbs
}
