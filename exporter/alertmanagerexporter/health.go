package alertmanagerexporter

import (
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
)

// health puts together how all Alertmanagers do: the exporter does well when all do.
type health struct {
	component.Host
	mu      sync.Mutex
	failing map[int]*componentstatus.Event
}

func newHealth(host component.Host) *health {
	return &health{Host: host, failing: map[int]*componentstatus.Event{}}
}

// seat is the host of one Alertmanager's status.
type seat struct {
	*health
	number int
}

// Report takes how one does, for componentstatus.
func (s seat) Report(event *componentstatus.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.failing, s.number)
	if event.Status() != componentstatus.StatusOK {
		s.failing[s.number] = event
	}
	for _, other := range s.failing {
		event = other
	}
	componentstatus.ReportStatus(s.Host, event)
}
