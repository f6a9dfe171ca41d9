package statusextension

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/pipeline"

	"github.com/mina-observability/otelcol-mina/internal/collectorstatus"
)

// components is how they do, as far as they have said.
type components struct {
	mu   sync.Mutex
	last map[componentstatus.InstanceID]*componentstatus.Event
}

func (c *components) changed(source *componentstatus.InstanceID, event *componentstatus.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == nil {
		c.last = map[componentstatus.InstanceID]*componentstatus.Event{}
	}
	c.last[*source] = event
}

// list returns them by kind and id. The graph's own nodes are none.
func (c *components) list() []collectorstatus.Component {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]collectorstatus.Component, 0, len(c.last))
	for source, event := range c.last {
		one := collectorstatus.Component{
			Kind: strings.ToLower(source.Kind().String()), ID: source.ComponentID().String(), Status: word(event.Status()), Since: event.Timestamp(),
		}
		source.AllPipelineIDs(func(id pipeline.ID) bool {
			one.Pipelines = append(one.Pipelines, id.String())
			return true
		})
		if err := event.Err(); err != nil {
			one.Error = err.Error()
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b collectorstatus.Component) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID), slices.Compare(a.Pipelines, b.Pipelines))
	})
	return list
}

var words = map[componentstatus.Status]string{
	componentstatus.StatusStarting:         "starting",
	componentstatus.StatusOK:               "ok",
	componentstatus.StatusRecoverableError: "recoverable error",
	componentstatus.StatusPermanentError:   "permanent error",
	componentstatus.StatusFatalError:       "fatal error",
	componentstatus.StatusStopping:         "stopping",
	componentstatus.StatusStopped:          "stopped",
}

func word(s componentstatus.Status) string { return cmp.Or(words[s], "none") }
