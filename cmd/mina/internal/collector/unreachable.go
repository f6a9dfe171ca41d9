package collector

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"syscall"
)

// unreachable says in a line why nothing answers there, or not to the end.
func unreachable(where string, err error) error {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("nothing listens on %s: the collector does not run, or has another address", where)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s does not answer in time", where)
	}
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err
	}
	return fmt.Errorf("%s: %w", where, err)
}
