package fanoutconnector

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pipeline"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
	"github.com/mina-observability/otelcol-mina/internal/destination"
)

// Delivery is when records are answered for.
type Delivery string

// The ways of delivery.
const (
	// Acknowledged says that records are answered for when every destination has them.
	Acknowledged Delivery = "acknowledged"
	// Queued says that records are answered for when they are in every destination's
	// queue on disk.
	Queued Delivery = "queued"
)

// Config of the connector. It concerns logs; metrics and traces are handed on as they come.
type Config struct {
	// Delivery is acknowledged (default) or queued.
	Delivery Delivery `mapstructure:"delivery"`
	// Storage is the id of the storage extension that keeps the queues on disk. Without
	// one, a destination that takes nothing makes the source wait, and the others with it.
	Storage *component.ID `mapstructure:"storage"`
	// QueueBytes is how long the queue of one destination may get. Default: 1 GiB.
	QueueBytes int64 `mapstructure:"queue_bytes"`
	// SpillAfter is how long a destination may keep the others waiting, with acknowledged
	// delivery and several destinations, before its records go to its queue. Default: 5s.
	SpillAfter time.Duration `mapstructure:"spill_after"`
	// Observers are pipelines that deliver nothing, such as one that makes metrics of the
	// records. They get what has been answered for, in memory and one batch at a time, and
	// their answer does not count. Default: none.
	Observers []pipeline.ID `mapstructure:"observers"`
	// Unwaited are pipelines that never hold up the others, such as that of a page: what
	// they do not take at once goes to their queue on disk, and what that has no room for
	// is dropped, and counted. One beside which no other pipeline gets every record is
	// waited for as any is. Default: none.
	Unwaited []pipeline.ID `mapstructure:"unwaited"`
	// Events are pipelines that are for the records of one event, by their names, such as
	// {logs/alertmanager: mina.alert}. Batches without one pass them by, and count as
	// taken. Default: none.
	Events map[string]string `mapstructure:"events"`
	// DeadLetter is where records go that a destination refuses for what they are.
	DeadLetter destination.DeadLetterConfig `mapstructure:"dead_letter"`
	_          struct{}
}

func createDefaultConfig() component.Config {
	return &Config{
		Delivery:   Acknowledged,
		QueueBytes: 1 << 30,
		SpillAfter: 5 * time.Second,
		DeadLetter: destination.DefaultDeadLetters(),
	}
}

// Unmarshal says of a key that does not exist which one was meant.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return configkeys.Unmarshal(conf, c) }

// Validate reports what cannot be used.
func (c *Config) Validate() error {
	var errs []error
	switch c.Delivery {
	case Acknowledged:
	case Queued:
		if c.Storage == nil {
			errs = append(errs, errors.New("storage must name a storage extension, such as state_storage, when delivery (MINA_DELIVERY) is queued"))
		}
	default:
		errs = append(errs, fmt.Errorf("delivery (MINA_DELIVERY) must be acknowledged or queued (got %q)", c.Delivery))
	}
	if c.QueueBytes <= 0 {
		errs = append(errs, fmt.Errorf("queue_bytes (MINA_QUEUE_BYTES) must be positive (got %d)", c.QueueBytes))
	}
	if c.SpillAfter < 10*time.Millisecond {
		errs = append(errs, fmt.Errorf("spill_after must be at least 10ms (got %s)", c.SpillAfter))
	}
	return errors.Join(errs...)
}

// letsGo returns which of the pipelines behind the connector are not waited for: the
// unwaited ones, if another gets every record and is answered for.
func (c *Config) letsGo(behind []pipeline.ID) []pipeline.ID {
	for _, id := range behind {
		if !slices.Contains(c.Unwaited, id) && !slices.Contains(c.Observers, id) && c.Events[id.String()] == "" {
			return c.Unwaited
		}
	}
	return nil
}

// checkPipelines reports a pipeline that is named and is none behind the connector.
func (c *Config) checkPipelines(behind []pipeline.ID) error {
	names := make([]string, len(behind))
	for i, id := range behind {
		names[i] = id.String()
	}
	slices.Sort(names)
	check := func(key, name string) error {
		if slices.Contains(names, name) {
			return nil
		}
		return fmt.Errorf("%s: no pipeline %s begins with this connector (there are %s)", key, name, strings.Join(names, ", "))
	}
	var errs []error
	for _, id := range c.Observers {
		errs = append(errs, check("observers", id.String()))
	}
	for _, id := range c.Unwaited {
		errs = append(errs, check("unwaited", id.String()))
		if slices.Contains(c.Observers, id) {
			errs = append(errs, fmt.Errorf("unwaited: the pipeline %s is in observers, too; it can be in one of them", id))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Events)) {
		errs = append(errs, check("events", name))
	}
	return errors.Join(errs...)
}
