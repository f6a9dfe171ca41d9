package engine

import (
	"net/http"
	"strings"
)

// Error is why the store has no answer.
type Error struct {
	// Status is the HTTP status that tells a browser so.
	Status int
	// Message says what is wrong, and Do what to do about it.
	Message, Do string
	// Cause is for the collector's log.
	Cause error
}

func (e *Error) Error() string { return e.Message }

func (e *Error) Unwrap() error { return e.Cause }

var errSlow = &Error{Status: http.StatusGatewayTimeout, Message: "The store has taken too long to answer.", Do: "Narrow the time range, or search for a whole word."}

// complaint says what an answer that is none of records means.
func (c *Client) complaint(status int, text string) *Error {
	text = strings.TrimSpace(text)
	switch {
	case strings.Contains(text, "couldn't be executed in"), strings.Contains(text, "context deadline exceeded"):
		return errSlow
	case strings.Contains(text, "couldn't start executing"), status == http.StatusTooManyRequests:
		return &Error{Status: http.StatusServiceUnavailable, Message: "The store has too many questions to answer.", Do: "Try again in some seconds."}
	case strings.Contains(text, "of memory"), strings.Contains(text, "since it requires"):
		return &Error{Status: http.StatusUnprocessableEntity, Message: "The store has not enough memory for an answer over so many records.", Do: "Narrow the time range or the search, or give log_store more memory_mib."}
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return &Error{Status: http.StatusBadGateway, Message: "The store refuses the user and password that log_store has for it.", Do: "Set them at log_store, where the endpoint is."}
	case status == http.StatusBadRequest:
		return &Error{Status: http.StatusBadRequest, Message: "The store does not understand the search: " + text, Do: "Put what is not a plain word in quotes."}
	}
	return &Error{Status: http.StatusBadGateway, Message: "The store has answered with an error: " + text, Do: "Look at the store's log, victoria-logs.log in the directory of log_store."}
}
