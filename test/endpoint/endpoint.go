// Package endpoint is an OTLP/HTTP endpoint for logs that counts what it takes,
// and misbehaves when it is told to.
package endpoint

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Fault is how a request is treated. The zero value takes it.
type Fault struct {
	// Delay is the pause before the answer.
	Delay time.Duration
	// Status, if not 0, is the answer to a request that is not taken.
	Status int
	// RetryAfter, if not 0, is sent as the header Retry-After, in seconds.
	RetryAfter int
	// Location, if set, is where the answer, a redirect, says the request has to go.
	Location string
	// Page, if set, is an HTML page that is answered instead of OTLP, as a proxy or a
	// login in between does. The request is not taken.
	Page string
	// CutBefore ends the connection without having taken the request, CutAfter
	// after having taken it: the sender cannot tell them apart.
	CutBefore, CutAfter bool
}

// Endpoint takes OTLP/HTTP requests at the path /v1/logs.
type Endpoint struct {
	// URL is the base URL.
	URL string

	visit     func(body []byte)
	address   string
	server    *httptest.Server
	fault     atomic.Pointer[func(request int64) Fault]
	requests  atomic.Int64
	taken     atomic.Int64
	malformed atomic.Int64
	first     atomic.Int64
	buffers   sync.Pool
}

// New starts an endpoint on loopback. visit, if not nil, is called with the text
// of every record that is taken, also by several goroutines at once.
func New(visit func(body []byte)) (*Endpoint, error) {
	e := &Endpoint{visit: visit, buffers: sync.Pool{New: func() any { return new([]byte) }}}
	return e, e.listen("127.0.0.1:0")
}

func (e *Endpoint) listen(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("endpoint: %w", err)
	}
	e.address = listener.Addr().String()
	e.URL = "http://" + e.address
	e.server = &httptest.Server{Listener: listener, Config: &http.Server{Handler: e, ReadHeaderTimeout: time.Minute}}
	e.server.Start()
	return nil
}

// Close ends the endpoint and the connections to it.
func (e *Endpoint) Close() {
	if e.server != nil {
		e.server.CloseClientConnections()
		e.server.Close()
		e.server = nil
	}
}

// Reopen starts a closed endpoint again, at the same address.
func (e *Endpoint) Reopen() error { return e.listen(e.address) }

// SetFault says how requests are treated from now on; nil takes them all. The
// function gets the request's number.
func (e *Endpoint) SetFault(fault func(request int64) Fault) {
	if fault == nil {
		e.fault.Store(nil)
		return
	}
	e.fault.Store(&fault)
}

// Taken returns how many records have been taken.
func (e *Endpoint) Taken() int64 { return e.taken.Load() }

// Requests returns how many requests have come, taken or not.
func (e *Endpoint) Requests() int64 { return e.requests.Load() }

// Malformed returns how many requests could not be read.
func (e *Endpoint) Malformed() int64 { return e.malformed.Load() }

// FirstTaken returns when the first record was taken.
func (e *Endpoint) FirstTaken() time.Time { return time.Unix(0, e.first.Load()) }

func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var fault Fault
	if f := e.fault.Load(); f != nil {
		fault = (*f)(e.requests.Load())
	}
	e.requests.Add(1)
	buffer := e.buffers.Get().(*[]byte)
	defer e.buffers.Put(buffer)
	body, err := readBody(r, (*buffer)[:0])
	*buffer = body
	select {
	case <-time.After(fault.Delay):
	case <-r.Context().Done():
		return
	}
	switch {
	case fault.CutBefore:
		panic(http.ErrAbortHandler)
	case fault.Status != 0:
		fault.refuse(w)
		return
	case err != nil && r.Context().Err() != nil:
		return // the sender has gone
	case err != nil || r.URL.Path != "/v1/logs" || !wellFormed(body):
		e.malformed.Add(1)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	e.first.CompareAndSwap(0, time.Now().UnixNano())
	e.taken.Add(records(body, e.visit))
	if fault.CutAfter {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// refuse answers a request that is not taken.
func (f Fault) refuse(w http.ResponseWriter) {
	if f.RetryAfter != 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	if f.Location != "" {
		w.Header().Set("Location", f.Location)
	}
	if f.Page != "" {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	}
	w.WriteHeader(f.Status)
	_, _ = io.WriteString(w, f.Page)
}

// maxRequest bounds a request's size in bytes, before and after decompression.
const maxRequest = 64 << 20

var errTooLong = errors.New("the request is too long")

func readBody(r *http.Request, buffer []byte) ([]byte, error) {
	body := io.LimitReader(r.Body, maxRequest)
	if r.Header.Get("Content-Encoding") == "gzip" {
		text, err := gzip.NewReader(body)
		if err != nil {
			return buffer, err
		}
		body = io.LimitReader(text, maxRequest)
	}
	for {
		if len(buffer) == cap(buffer) {
			buffer = append(buffer, 0)[:len(buffer)]
		}
		n, err := body.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		switch {
		case len(buffer) >= maxRequest:
			return buffer, errTooLong
		case errors.Is(err, io.EOF):
			return buffer, nil
		case err != nil:
			return buffer, err
		}
	}
}
