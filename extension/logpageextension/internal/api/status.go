package api

import (
	"context"
	"time"

	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

type statusAnswer struct {
	Store   logstore.Status `json:"store"`
	Version string          `json:"version"`
	Now     time.Time       `json:"now"`
	LogsQL  bool            `json:"logsql"`
	VMUI    bool            `json:"vmui"`
}

// status says how the store does, and what of the API there is.
func (a *API) status(context.Context, *parameters) (any, error) {
	return statusAnswer{Store: a.store.Status(), Version: a.Version, Now: a.Now().UTC(), LogsQL: a.AllowLogsQL, VMUI: a.VMUI}, nil
}
