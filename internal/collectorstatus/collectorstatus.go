// Package collectorstatus is what the extension mina_status says of a collector, and the
// program mina reads.
package collectorstatus

import "time"

// Status is how a collector does. It holds no setting that could be a secret.
type Status struct {
	Version string `json:"version"`
	PID     int    `json:"pid"`
	// Started is when it was, or when it last read its configuration again: its counters
	// begin then.
	Started time.Time `json:"started"`
	// Goroutines is how many there are.
	Goroutines int `json:"goroutines"`
	// Components are those of which something is known, by kind and id.
	Components []Component `json:"components"`
	// Pipelines are by their ids.
	Pipelines map[string]Pipeline `json:"pipelines"`
	// Files are the patterns of the files that are read.
	Files []string `json:"files"`
	// StateDirectories are where checkpoints and queues are, and DeadLetterDirectories
	// where what was refused is.
	StateDirectories      []string `json:"state_directories"`
	DeadLetterDirectories []string `json:"dead_letter_directories"`
	// Health and Metrics are the addresses, as host:port, that the health check and the own
	// metrics listen on, or "".
	Health  string `json:"health"`
	Metrics string `json:"metrics"`
}

// Component is how a component does.
type Component struct {
	// Kind is receiver, processor, exporter, connector or extension.
	Kind string `json:"kind"`
	ID   string `json:"id"`
	// Pipelines are those that it is in.
	Pipelines []string `json:"pipelines,omitempty"`
	// Status is ok, starting, recoverable error, permanent error, fatal error, stopping,
	// stopped or none.
	Status string    `json:"status"`
	Since  time.Time `json:"since"`
	Error  string    `json:"error,omitempty"`
}

// Pipeline is what a pipeline consists of.
type Pipeline struct {
	Receivers  []string `json:"receivers"`
	Processors []string `json:"processors"`
	Exporters  []string `json:"exporters"`
}
