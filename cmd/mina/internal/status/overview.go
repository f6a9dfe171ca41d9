package status

import (
	"maps"
	"slices"
	"time"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/collector"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/letters"
	"github.com/mina-observability/otelcol-mina/internal/collectorstatus"
	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// Overview is how a collector does. Counters are since it started.
type Overview struct {
	Version string    `json:"version"`
	PID     int       `json:"pid"`
	Started time.Time `json:"started"`
	Healthy bool      `json:"healthy"`
	// Unhealthy has why it is not.
	Unhealthy string `json:"unhealthy,omitempty"`
	// Missing has what could not be found out, and why.
	Missing []string `json:"missing"`

	Files        Files          `json:"files"`
	Backlog      Backlog        `json:"backlog"`
	Destinations []Destination  `json:"destinations"`
	DeadLetters  []letters.File `json:"dead_letters"`
	Disk         []Disk         `json:"disk"`
	Store        *Store         `json:"store,omitempty"`
	MemoryBytes  float64        `json:"memory_bytes"`
	CPUSeconds   float64        `json:"cpu_seconds"`

	// during is for how long it has counted.
	during time.Duration
	// measured says that there were metrics. Otherwise the numbers are not known.
	measured bool
}

// Files is what is read.
type Files struct {
	Patterns   []string `json:"patterns"`
	Open       float64  `json:"open"`
	Unreadable float64  `json:"unreadable"`
	Held       float64  `json:"held"`
	Waiting    float64  `json:"waiting"`
	// Lines are by format, and ParseFailures by reason.
	Lines         map[string]float64 `json:"lines"`
	ParseFailures map[string]float64 `json:"parse_failures"`
	Bytes         float64            `json:"bytes"`
	LostBytes     float64            `json:"lost_bytes"`
}

// Backlog is what is not delivered.
type Backlog struct {
	Bytes         float64 `json:"bytes"`
	OldestSeconds float64 `json:"oldest_seconds"`
	InFlight      float64 `json:"in_flight_bytes"`
	InFlightLimit float64 `json:"in_flight_limit_bytes"`
}

// Destination is a pipeline that ends in exporters.
type Destination struct {
	Pipeline  string   `json:"pipeline"`
	Exporters []string `json:"exporters"`
	Healthy   bool     `json:"healthy"`
	// WaitingSeconds is for how long it has taken nothing, and Reason why: unreachable,
	// sender_refused, throttled, or "". Answer is the last it said, or what went wrong.
	WaitingSeconds float64    `json:"waiting_seconds"`
	Reason         string     `json:"reason,omitempty"`
	Answer         string     `json:"answer,omitempty"`
	Since          *time.Time `json:"since,omitempty"`
	Sent           float64    `json:"sent_records"`
	// Delivered is when it last took records, if it has since the start.
	Delivered     *time.Time `json:"last_delivery,omitempty"`
	QueueBytes    float64    `json:"queue_bytes"`
	QueueCapacity float64    `json:"queue_capacity_bytes"`
	DeadLetters   float64    `json:"dead_letter_records"`
	Dropped       float64    `json:"dropped_records"`

	// ago is how long that is.
	ago time.Duration
}

// Disk is the room where a folder of the collector's is.
type Disk struct {
	Directory string  `json:"directory"`
	FreeBytes float64 `json:"free_bytes"`
}

// Store is the store of the page.
type Store struct {
	Running bool `json:"running"`
	// Elsewhere says that it is not the collector's, which knows nothing more of it.
	Elsewhere bool    `json:"elsewhere"`
	Bytes     float64 `json:"bytes"`
	FreeBytes float64 `json:"free_bytes"`
	Restarts  float64 `json:"restarts"`
}

// sources are what a collector was asked for.
type sources struct {
	status     collectorstatus.Status
	health     collector.Component
	healthErr  error
	metrics    collector.Samples
	metricsErr error
	letters    []letters.File
	lettersErr error
	now        time.Time
}

func overview(s sources) Overview {
	o := Overview{
		Version: s.status.Version, PID: s.status.PID, Started: s.status.Started, Missing: []string{}, DeadLetters: s.letters,
		MemoryBytes: s.metrics.Sum("otelcol_process_memory_rss"), CPUSeconds: s.metrics.Sum("otelcol_process_cpu_seconds"),
		during: s.now.Sub(s.status.Started), measured: len(s.metrics) > 0,
	}
	o.judge(s)
	o.Files = files(s)
	o.Backlog = Backlog{
		Bytes: s.metrics.Sum("otelcol_receiver_mina_backlog_bytes"), OldestSeconds: oldest(s.metrics),
		InFlight: s.metrics.Sum("otelcol_receiver_mina_in_flight_bytes"), InFlightLimit: s.metrics.Sum("otelcol_receiver_mina_in_flight_limit_bytes"),
	}
	for _, pipeline := range slices.Sorted(maps.Keys(s.status.Pipelines)) {
		if ends := exporters(s.status, pipeline); rawconfig.Kind(pipeline) == "logs" && len(ends) > 0 {
			o.Destinations = append(o.Destinations, destination(s, pipeline, ends))
		}
	}
	for _, directory := range s.status.StateDirectories {
		if s.metrics.Has("otelcol_storage_free_bytes") {
			o.Disk = append(o.Disk, Disk{directory, s.metrics.Sum("otelcol_storage_free_bytes")})
		}
	}
	if s.metrics.Has("otelcol_log_store_running") {
		o.Store = &Store{
			Running: s.metrics.Sum("otelcol_log_store_running") > 0, Elsewhere: !s.metrics.Has("otelcol_log_store_bytes"), Bytes: s.metrics.Sum("otelcol_log_store_bytes"),
			FreeBytes: s.metrics.Sum("otelcol_log_store_free_bytes"), Restarts: s.metrics.Sum("otelcol_log_store_restarts"),
		}
	}
	return o
}

// judge takes what the health check says, or, where there is none, what the components do.
func (o *Overview) judge(s sources) {
	switch {
	case s.healthErr != nil:
		o.Missing = append(o.Missing, "health: "+s.healthErr.Error())
		o.Unhealthy = "the health check does not answer"
	case s.status.Health != "":
		o.Healthy, o.Unhealthy = s.health.Healthy, s.health.Error
	default:
		o.Missing = append(o.Missing, "health: no health_check is configured")
		o.Healthy = true
		for _, component := range s.status.Components {
			if component.Error != "" {
				o.Healthy, o.Unhealthy = false, component.Error
			}
		}
	}
	if o.Healthy {
		o.Unhealthy = ""
	}
	switch {
	case s.metricsErr != nil:
		o.Missing = append(o.Missing, "metrics: "+s.metricsErr.Error())
	case s.status.Metrics == "":
		o.Missing = append(o.Missing, "metrics: no reader for Prometheus is configured (service::telemetry::metrics)")
	}
	if s.lettersErr != nil {
		o.Missing = append(o.Missing, "dead letters: "+s.lettersErr.Error())
	}
}

func files(s sources) Files {
	const metric = "otelcol_receiver_mina_files"
	return Files{
		Patterns: s.status.Files,
		Open:     s.metrics.Sum(metric, "state", "open"), Unreadable: s.metrics.Sum(metric, "state", "unreadable"),
		Held: s.metrics.Sum(metric, "state", "held"), Waiting: s.metrics.Sum(metric, "state", "waiting"),
		Lines: positive(s.metrics.Values("otelcol_receiver_mina_lines", "format")), ParseFailures: positive(s.metrics.Values("otelcol_receiver_mina_parse_failures", "reason")),
		Bytes: s.metrics.Sum("otelcol_receiver_mina_read_bytes"), LostBytes: s.metrics.Sum("otelcol_receiver_mina_lost_bytes"),
	}
}

func positive(values map[string]float64) map[string]float64 {
	maps.DeleteFunc(values, func(_ string, value float64) bool { return value == 0 })
	return values
}

func oldest(metrics collector.Samples) float64 {
	var most float64
	for _, age := range metrics.Values("otelcol_receiver_mina_oldest_unacknowledged_seconds", "receiver") {
		most = max(most, age)
	}
	return most
}

// exporters returns what a pipeline ends in and no other begins with.
func exporters(status collectorstatus.Status, pipeline string) []string {
	return slices.DeleteFunc(slices.Clone(status.Pipelines[pipeline].Exporters), func(id string) bool {
		for _, other := range status.Pipelines {
			if slices.Contains(other.Receivers, id) {
				return true
			}
		}
		return false
	})
}

func destination(s sources, pipeline string, exporters []string) Destination {
	d := Destination{
		Pipeline: pipeline, Exporters: exporters, Healthy: true,
		WaitingSeconds: s.metrics.Sum("otelcol_fanout_waiting_seconds", "pipeline", pipeline),
		QueueBytes:     s.metrics.Sum("otelcol_fanout_queue_bytes", "pipeline", pipeline), QueueCapacity: s.metrics.Sum("otelcol_fanout_queue_capacity_bytes", "pipeline", pipeline),
		DeadLetters: s.metrics.Sum("otelcol_fanout_dead_letter_records", "pipeline", pipeline), Dropped: s.metrics.Sum("otelcol_fanout_dropped_records", "pipeline", pipeline),
	}
	if last := s.metrics.Sum("otelcol_pipeline_last_delivery_timestamp_seconds", "pipeline", pipeline); last > 0 {
		at := time.UnixMilli(int64(last * 1000)).UTC()
		d.Delivered, d.ago = &at, s.now.Sub(at)
	}
	if s.metrics.Has("otelcol_pipeline_healthy", "pipeline", pipeline) {
		d.Healthy = s.metrics.Sum("otelcol_pipeline_healthy", "pipeline", pipeline) > 0
	}
	for _, exporter := range d.Exporters {
		d.Sent += s.metrics.Sum("otelcol_exporter_sent_log_records", "exporter", exporter)
		d.DeadLetters += s.metrics.Sum("otelcol_exporter_dead_letter_records", "exporter", exporter)
		for _, reason := range []string{"unreachable", "sender_refused", "throttled"} {
			if waiting := s.metrics.Sum("otelcol_exporter_waiting_seconds", "exporter", exporter, "reason", reason); waiting > 0 {
				d.Reason, d.WaitingSeconds = reason, max(d.WaitingSeconds, waiting)
			}
		}
	}
	d.hear(s.status)
	return d
}

// hear takes what the pipeline's components have reported last: the exporter's own words,
// or else the fan-out's.
func (d *Destination) hear(status collectorstatus.Status) {
	for _, kind := range []string{"exporter", "connector"} {
		for _, component := range status.Components {
			if component.Kind == kind && component.Error != "" && slices.Contains(component.Pipelines, d.Pipeline) && d.Answer == "" {
				since := component.Since
				d.Answer, d.Since = component.Error, &since
			}
		}
	}
	if d.Answer != "" && d.Reason == "" && d.WaitingSeconds == 0 {
		d.Healthy = false
	}
}
