package collector

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"syscall"
)

// unreachable says in a line why nothing answers.
func unreachable(err error) error {
	var asked *url.Error
	if !errors.As(err, &asked) {
		return err
	}
	where := asked.URL
	if address, parseErr := url.Parse(asked.URL); parseErr == nil {
		where = address.Host
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("nothing listens on %s: the collector does not run, or has another address", where)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s does not answer in time", where)
	}
	return fmt.Errorf("%s: %w", where, asked.Err)
}
