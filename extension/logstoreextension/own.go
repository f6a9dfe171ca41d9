package logstoreextension

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/mina-observability/otelcol-mina/extension/logstoreextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/extension/logstoreextension/internal/ring"
	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

const (
	// atRisk is how long a batch is kept after it was answered for. An engine has it on the
	// disk after one second and two intervals, by its code, and at most 2.8 s have been
	// measured; the rest is for a slow disk.
	atRisk = 3*engine.FlushInterval + 2*time.Second
	// ringBytes is what is kept of such batches.
	ringBytes = 32 << 20
)

// errReplaced is what has come of a request to an engine that has ended since.
var errReplaced = errors.New("the store has ended before it had surely written the records")

// own is a store that is run here.
type own struct {
	status     *status
	supervisor *supervisor
	door       *door
	ring       *ring.Ring
	transport  *http.Transport

	cancel context.CancelFunc
	work   sync.WaitGroup
}

func newOwn(cfg *Config, status *status) *own {
	// Nothing is compressed on its way over loopback, and no proxy is asked.
	transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: cfg.ClientConfig.MaxIdleConns, IdleConnTimeout: cfg.ClientConfig.IdleConnTimeout}
	o := &own{status: status, door: newDoor(), ring: ring.New(atRisk, ringBytes), transport: transport}
	o.supervisor = newSupervisor(cfg, o)
	return o
}

func (o *own) start(context.Context, component.Host) error {
	ctx, cancel := context.WithCancel(context.Background())
	o.cancel = cancel
	o.work.Go(func() { o.supervisor.run(ctx) })
	return nil
}

func (o *own) shutdown() {
	if o.cancel != nil {
		o.cancel()
	}
	o.work.Wait()
	o.transport.CloseIdleConnections()
}

// RoundTrip sends a request to the engine. Its error can always pass.
func (o *own) RoundTrip(request *http.Request) (*http.Response, error) {
	if now := o.status.get(); now.State == logstore.StateFailed {
		return nil, refuse(request, unavailable(now))
	}
	writes := strings.HasPrefix(request.URL.Path, insertPath)
	inside := o.door.pass(request.Context(), writes)
	switch {
	case inside == nil:
		return nil, refuse(request, unavailable(o.status.get()))
	case writes:
		return o.insert(inside, request)
	}
	return o.send(inside, request)
}

// send sends a request to an engine. One that does not know its password has come after it.
func (o *own) send(inside *life, request *http.Request) (*http.Response, error) {
	sent := request.Clone(request.Context())
	inside.Authorize(sent)
	response, err := o.transport.RoundTrip(sent)
	if err == nil && response.StatusCode == http.StatusUnauthorized {
		_ = response.Body.Close()
		return nil, errReplaced
	}
	return response, err
}

// insert sends records, and keeps them until the engine has surely written them.
func (o *own) insert(inside *life, request *http.Request) (*http.Response, error) {
	batch, err := batchOf(request)
	if err != nil {
		return nil, err
	}
	response, err := o.send(inside, requestOf(request.Context(), batch))
	if err != nil || response.StatusCode/100 != 2 {
		return response, err
	}
	if !o.ring.Keep(inside.number, batch) {
		_ = response.Body.Close()
		return nil, errReplaced
	}
	return response, nil
}

// batchOf returns what a request sends. Its body belongs to who sends it.
func batchOf(request *http.Request) (ring.Batch, error) {
	var body bytes.Buffer
	if request.Body != nil {
		defer request.Body.Close()
		body.Grow(int(max(0, request.ContentLength)) + bytes.MinRead)
		if _, err := body.ReadFrom(request.Body); err != nil {
			return ring.Batch{}, err
		}
	}
	return ring.NewBatch(request.URL.RequestURI(), request.Header, body.Bytes()), nil
}

// requestOf returns the request of a batch.
func requestOf(ctx context.Context, b ring.Batch) *http.Request {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+logstore.Host+b.Path, bytes.NewReader(b.Body()))
	if err != nil {
		panic(err) // the path is of a request
	}
	request.Header = b.Header.Clone()
	return request
}

// unavailable is the error of requests that no engine is there for.
func unavailable(now logstore.Status) error {
	problem := engine.Problem{Reason: now.Reason, Action: now.Action}
	if problem.Reason == "" {
		problem = engine.Problem{Reason: "the store of the logs is starting", Action: "wait a moment"}
	}
	return &problem
}

// post has an engine take a batch again.
func (o *own) post(ctx context.Context, to *life, b ring.Batch) error {
	_, err := o.answer(to, requestOf(ctx, b))
	return err
}

// ask returns what an engine answers to ourselves.
func (o *own) ask(ctx context.Context, whom *life, path string, values url.Values) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+logstore.Host+path+"?"+values.Encode(), nil)
	if err != nil {
		return nil, err
	}
	return o.answer(whom, request)
}

// maxAnswer bounds what is read of such an answer, in bytes.
const maxAnswer = 8 << 20

func (o *own) answer(of *life, request *http.Request) ([]byte, error) {
	response, err := o.send(of, request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode/100 != 2 {
		return nil, fmt.Errorf("%s: %s", request.URL.Path, response.Status)
	}
	return io.ReadAll(io.LimitReader(response.Body, maxAnswer))
}
