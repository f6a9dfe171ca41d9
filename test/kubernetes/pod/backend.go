package pod

import (
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// record is what a record says, and of what.
type record struct {
	Body                 string
	Attributes, Resource map[string]any
}

// backend takes OTLP over HTTP from other hosts, or refuses it.
type backend struct {
	Port   int
	down   atomic.Bool
	server *http.Server
	mu     sync.Mutex
	taken  []record
}

func newBackend() (*backend, error) {
	listener, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		return nil, err
	}
	b := &backend{Port: listener.Addr().(*net.TCPAddr).Port}
	b.server = &http.Server{Handler: b, ReadHeaderTimeout: time.Minute}
	go func() { _ = b.server.Serve(listener) }()
	return b, nil
}

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b.down.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	records, err := read(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	b.mu.Lock()
	b.taken = append(b.taken, records...)
	b.mu.Unlock()
	w.Header().Set("Content-Type", "application/x-protobuf")
}

func read(r *http.Request) (records []record, err error) {
	text, err := gzip.NewReader(r.Body)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(text)
	if err != nil {
		return nil, err
	}
	request := plogotlp.NewExportRequest()
	if err := request.UnmarshalProto(body); err != nil {
		return nil, err
	}
	for _, resource := range request.Logs().ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, log := range scope.LogRecords().All() {
				records = append(records, record{Body: log.Body().AsString(), Attributes: log.Attributes().AsRaw(), Resource: resource.Resource().Attributes().AsRaw()})
			}
		}
	}
	return records, nil
}

// Taken returns what has been taken so far.
func (b *backend) Taken() []record {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]record(nil), b.taken...)
}

// Close ends the backend.
func (b *backend) Close() { _ = b.server.Close() }
