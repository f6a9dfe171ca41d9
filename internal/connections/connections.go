// Package connections bounds how many connections a server has.
package connections

import (
	"net"
	"net/http"
	"sync"
)

// Bounded is a listener that bounds how many connections there are at once. It
// hands them out as they are, since a server looks at what they are for HTTP/2.
type Bounded struct {
	net.Listener
	open   chan struct{}
	closed chan struct{}
	once   sync.Once
}

// Limit returns a listener of at most so many connections. The server has to
// report their states.
func Limit(listener net.Listener, most int) *Bounded {
	return &Bounded{Listener: listener, open: make(chan struct{}, most), closed: make(chan struct{})}
}

// Accept waits for a connection, and before that for room for one.
func (c *Bounded) Accept() (net.Conn, error) {
	select {
	case c.open <- struct{}{}:
	case <-c.closed:
		return nil, net.ErrClosed
	}
	conn, err := c.Listener.Accept()
	if err != nil {
		<-c.open
	}
	return conn, err
}

// Close ends Accept.
func (c *Bounded) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Listener.Close()
}

// State is the server's ConnState.
func (c *Bounded) State(_ net.Conn, state http.ConnState) {
	if state == http.StateClosed || state == http.StateHijacked {
		<-c.open
	}
}

// LetGo returns a handler that has each answer end its connection while more than half of
// them are open: clients that keep theirs without need would soon keep others out.
func (c *Bounded) LetGo(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.crowded() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

func (c *Bounded) crowded() bool { return len(c.open) > cap(c.open)/2 }
