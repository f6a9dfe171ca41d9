package try

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/otelcol"
)

// attempt is a record as it was decoded and as it came out of the pipeline.
type attempt struct {
	decoded *record
	// processed is what has become of it: nothing where it was dropped.
	processed *record
}

// outcome is what has come of an input.
type outcome struct {
	attempts []attempt
	// more are records that came out of the pipeline without having gone in.
	more   []*record
	counts counts
}

// longestBatch is how long a line of records in JSON may be.
const longestBatch = 256 << 20

// run runs the plan over an input.
func (p *plan) run(ctx context.Context, c *otelcol.Collector, in *input) (*outcome, error) {
	decodedFrom, decodedTo, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	processedFrom, processedTo, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer decodedFrom.Close()
	defer processedFrom.Close()
	overlays, err := p.overlays("/dev/fd/3", "/dev/fd/4")
	if err != nil {
		return nil, err
	}
	cmd := c.Command(ctx, nil, overlays...)
	cmd.ExtraFiles = []*os.File{decodedTo, processedTo}
	var metrics, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &metrics, &said
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	err = cmd.Start()
	_, _ = decodedTo.Close(), processedTo.Close()
	if err != nil {
		return nil, err
	}
	fed := make(chan struct{})
	go func() {
		in.copyTo(stdin)
		_ = stdin.Close()
		close(fed)
	}()
	var reading sync.WaitGroup
	keep := map[string]bool{originalAttribute: p.settings["include_original"] == true, uidAttribute: p.settings["include_record_uid"] == true, p.report: p.report != ownReport}
	var decoded, processed reader
	reading.Go(func() { decoded.read(decodedFrom, p.report, keep) })
	reading.Go(func() { processed.read(processedFrom, p.report, keep) })
	reading.Wait()
	// A collector that has failed leaves an input that may never end.
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("the collector has not done it: %s (%w)", otelcol.Complaint(said.String()), err)
	}
	<-fed
	if err := errors.Join(in.err, decoded.err, processed.err); err != nil {
		return nil, err
	}
	o := pair(decoded.records, processed.records)
	o.counts = countsOf(metrics.Bytes())
	return o, nil
}

// reader reads records up to the end of a pipe, whatever is in it: who writes would wait.
type reader struct {
	records []*record
	err     error
}

func (r *reader) read(from io.Reader, report string, keep map[string]bool) {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, longestBatch)
	for lines.Scan() {
		records, err := parseRecords(lines.Bytes(), report, keep)
		r.records, r.err = append(r.records, records...), errors.Join(r.err, err)
	}
	r.err = errors.Join(r.err, lines.Err())
	_, _ = io.Copy(io.Discard, from)
}

// pair puts records together by the time at which they were read, which no two have, and
// which no processor has a reason to change; in the order in which they were read.
func pair(decoded, processed []*record) *outcome {
	slices.SortStableFunc(decoded, func(a, b *record) int { return int(a.offset - b.offset) })
	results := map[string][]*record{}
	for _, r := range processed {
		results[r.observed] = append(results[r.observed], r)
	}
	o := &outcome{}
	for _, r := range decoded {
		one := attempt{decoded: r}
		if of := results[r.observed]; len(of) > 0 {
			one.processed, results[r.observed] = of[0], of[1:]
		}
		o.attempts = append(o.attempts, one)
	}
	for _, r := range processed {
		if slices.Contains(results[r.observed], r) {
			o.more = append(o.more, r)
		}
	}
	return o
}
