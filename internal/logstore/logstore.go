// Package logstore is what the extension log_store offers to others: the address and the
// password of the records' store, and how it does.
package logstore

import (
	"time"

	"go.opentelemetry.io/collector/extension/extensionauth"
)

// Host is the host of the URLs that a Store resolves:
// http://log_store/select/logsql/query.
const Host = "log_store"

// Store is where the records are kept. Its RoundTripper sends requests for Host to the
// store, with its password; those below /insert/ to where it is written.
type Store interface {
	extensionauth.HTTPClient
	// Status returns how the store does. It may be called at any time.
	Status() Status
}

// State is what a store is doing.
type State string

// The states of a store.
const (
	// StateStarting says that the store does not answer yet.
	StateStarting State = "starting"
	// StateRunning says that the store answers.
	StateRunning State = "running"
	// StateStopped says that the store has ended, and will be started again.
	StateStopped State = "stopped"
	// StateFailed says that nobody starts the store again before somebody has acted.
	StateFailed State = "failed"
	// StateRemote says that the store is not ours to run.
	StateRemote State = "remote"
)

// Status is how a store does. It is a part of what the page's /api/status answers.
type Status struct {
	State State     `json:"state"`
	Since time.Time `json:"since"`
	// Reason says why the store is not running, and Action what to do. Both are texts for
	// people, and hold no secrets.
	Reason string `json:"reason,omitempty"`
	Action string `json:"action,omitempty"`
	// Restarts is how often the store was started again after it had ended by itself.
	Restarts int64 `json:"restarts"`
	// Bytes is what the records take on the disk, LimitBytes what they may take, and
	// FreeBytes what is left of the disk.
	Bytes      int64 `json:"bytes"`
	LimitBytes int64 `json:"limit_bytes"`
	FreeBytes  int64 `json:"free_bytes"`
	// RetentionDays is for how many days records are kept.
	RetentionDays int `json:"retention_days"`
	// ReadOnly says that the disk is full, and new records wait.
	ReadOnly bool `json:"read_only"`
	// TooOld counts records that were answered for and not kept, since they are older than
	// the retention.
	TooOld int64 `json:"too_old"`
	// Resent counts batches that were sent again to a new process, and Unkept those that
	// could not be kept for that, since there was no room for them.
	Resent int64 `json:"resent"`
	Unkept int64 `json:"unkept"`
}
