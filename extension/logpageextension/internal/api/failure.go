package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/search"
)

// Failure is why a question has no answer.
type Failure struct {
	Status int `json:"-"`
	// Message says what is wrong, and Do what to do about it.
	Message string `json:"message"`
	Do      string `json:"do"`
	// At is where in the search box it is, in bytes.
	At *int `json:"at,omitempty"`
}

func (f *Failure) Error() string { return f.Message }

var errNoSuch = &Failure{Status: http.StatusNotFound, Message: "There is no such address.", Do: "Look at the list of them in the documentation of log_page."}

func bad(message, do string) error {
	return &Failure{Status: http.StatusBadRequest, Message: message, Do: do}
}

// Write answers with the failure.
func (f *Failure) Write(w http.ResponseWriter) {
	writeJSON(w, f.Status, struct {
		Error *Failure `json:"error"`
	}{f})
}

func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // nobody waits for the answer
	}
	a.failure(err).Write(w)
}

// failure returns what is said of an error.
func (a *API) failure(err error) *Failure {
	var failure *Failure
	var unsearchable *search.Error
	var unanswered *engine.Error
	switch {
	case errors.As(err, &failure):
		return failure
	case errors.As(err, &unsearchable):
		return &Failure{Status: http.StatusBadRequest, Message: unsearchable.Message, Do: unsearchable.Do, At: &unsearchable.At}
	case errors.As(err, &unanswered):
		if unanswered.Cause != nil {
			a.Logger.Debug("The store does not answer", zap.Error(unanswered.Cause))
		}
		return &Failure{Status: unanswered.Status, Message: unanswered.Message, Do: unanswered.Do}
	}
	a.Logger.Error("The page could not be answered", zap.Error(err))
	return &Failure{Status: http.StatusBadGateway, Message: "The store has answered with what is no answer.", Do: "Look at the collector's log."}
}

// isTooMuch reports whether an error is that the store has not enough memory for an answer.
func isTooMuch(err error) bool {
	var unanswered *engine.Error
	return errors.As(err, &unanswered) && unanswered.Status == http.StatusUnprocessableEntity
}

func writeJSON(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // a browser that has gone needs no answer
}
