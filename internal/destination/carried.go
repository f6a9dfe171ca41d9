package destination

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"sync"
)

// carried is what of headers was really written for a request. An authenticator signs a
// copy of it, and a proxy, a cookie or a user in the address add headers later still.
type carried struct {
	mu     sync.Mutex
	header http.Header
}

type carriedKey struct{}

// withCarried returns a context for a request whose headers are remembered in it.
func withCarried(ctx context.Context, trace *httptrace.ClientTrace) context.Context {
	c := &carried{header: http.Header{}}
	trace.WroteHeaderField = c.wrote
	return context.WithValue(httptrace.WithClientTrace(ctx, trace), carriedKey{}, c)
}

// wrote is called by the connection, also after a request has been given up.
func (c *carried) wrote(name string, values []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, value := range values {
		c.header.Add(name, value)
	}
}

// headersOf returns the headers that a request was made with, and those that were written.
func headersOf(request *http.Request) []http.Header {
	c, ok := request.Context().Value(carriedKey{}).(*carried)
	if !ok {
		return []http.Header{request.Header}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return []http.Header{request.Header, c.header.Clone()}
}
