package api

import (
	"context"
	"net/http"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/internal/logsql"
)

type recordAnswer struct {
	Record *record `json:"record"`
}

var errNoRecord = &Failure{
	Status: http.StatusNotFound, Message: "There is no such record.", Do: "It may be older than what log_store keeps; search for what you remember of it.",
}

// record returns the record of an id.
func (a *API) record(ctx context.Context, p *parameters) (any, error) {
	at, hash, ok := readID(p.Get("id"))
	if !ok {
		return nil, errNoRecord
	}
	q := engine.Query{Filter: logsql.All().String(), From: at, To: at.Add(1)}
	var answer recordAnswer
	err := a.store.Each(ctx, q, func(row engine.Row) error {
		if found, _ := identity(row); found != hash || answer.Record != nil {
			return nil
		}
		var err error
		answer.Record, err = newRecord(row)
		return err
	})
	if err == nil && answer.Record == nil {
		err = errNoRecord
	}
	return answer, err
}
