// Package engine asks VictoriaLogs over its HTTP API, and knows what its answers mean. What
// others ask for are filters; what is made of the records that they find is ours.
package engine

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

const (
	// Patience is how long the store may take for an answer. It gives up a little earlier
	// itself, and says so.
	Patience      = 30 * time.Second
	storePatience = 28 * time.Second
	// maxRow is the length in bytes of the longest record: 2 MiB, of which every byte may be
	// escaped.
	maxRow = 16 << 20
	// firstRow is how much memory is taken for a record before there is a longer one.
	firstRow = 16 << 10
	// maxComplaint bounds what is read of an answer that is an error.
	maxComplaint = 4 << 10
)

// Client asks a store.
type Client struct {
	http   *http.Client
	status func() logstore.Status
}

// New returns a client that asks by a transport. The status says how the store does.
func New(transport http.RoundTripper, status func() logstore.Status) *Client {
	return &Client{http: &http.Client{Transport: transport}, status: status}
}

// Status returns how the store does.
func (c *Client) Status() logstore.Status { return c.status() }

// Query asks for records of a time.
type Query struct {
	// Filter is a filter in LogsQL. The store refuses anything more in it.
	Filter string
	// Where is a further filter, and Pipes say what is made of the records, both in LogsQL:
	// "| stats count() n". Nothing of them may come from outside.
	Where, Pipes string
	// From and To bound the time of the records: [From, To).
	From, To time.Time
	// Limit asks for about so many of the newest records; 0 stands for all.
	Limit int
}

// Each hands on the rows that a query finds, in no order. It ends at the first error.
func (c *Client) Each(ctx context.Context, q Query, visit func(Row) error) error {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	response, err := c.ask(ctx, q)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(make([]byte, 0, firstRow), maxRow)
	for lines.Scan() {
		row, ok := readRow(lines.Bytes())
		if !ok {
			return c.complaint(http.StatusOK, lines.Text())
		}
		if err := visit(row); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return c.unreachable(ctx, err)
	}
	return nil
}

// Rows returns all rows that a query finds. It is for queries that make few of them.
func (c *Client) Rows(ctx context.Context, q Query) ([]Row, error) {
	var rows []Row
	err := c.Each(ctx, q, func(row Row) error {
		rows = append(rows, row)
		return nil
	})
	return rows, err
}

func (c *Client) ask(ctx context.Context, q Query) (*http.Response, error) {
	// A body would be compressed where the endpoint is configured so, which the store does not
	// take. A filter that goes as an extra one is read as a filter alone, whatever is in it.
	arguments := url.Values{
		"query": {cmp.Or(q.Where, "*") + " " + q.Pipes}, "extra_filters": {q.Filter}, "timeout": {storePatience.String()},
		"start": {moment(q.From)}, "end": {moment(q.To)},
	}
	if q.Limit > 0 {
		arguments.Set("limit", strconv.Itoa(q.Limit))
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+logstore.Host+"/select/logsql/query?"+arguments.Encode(), http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, c.unreachable(ctx, err)
	}
	if response.StatusCode == http.StatusOK {
		return response, nil
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, maxComplaint))
	return nil, c.complaint(response.StatusCode, string(text))
}

// moment writes a time as the store reads it: to the nanosecond.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000Z") }

// Time reads a time that the store has written.
func Time(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("the store has answered with a time that is none: %w", err)
	}
	return t.UTC(), nil
}

// unreachable says why there is no answer.
func (c *Client) unreachable(ctx context.Context, err error) error {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return errSlow
	case errors.Is(err, bufio.ErrTooLong):
		return &Error{Status: http.StatusBadGateway, Message: "The store has a record that is too long to be shown.", Do: "Search for something narrower."}
	}
	status := c.status()
	e := &Error{Status: http.StatusServiceUnavailable, Message: status.Reason, Do: status.Action, Cause: err}
	switch {
	case e.Message != "":
	case status.State == logstore.StateRemote:
		e.Message, e.Do = "The store of the records does not answer.", "Look whether it runs, and is where endpoint of log_store (EXPLORE_ENDPOINT) says."
	default:
		e.Message, e.Do = "The store of the records does not answer.", "Wait until it has started; the page's status says how it does."
	}
	return e
}
