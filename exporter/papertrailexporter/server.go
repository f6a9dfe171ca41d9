package papertrailexporter

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// maxIdle is how many open connections are kept.
const maxIdle = 16

var (
	// errGone says that the server ended the connection on its own.
	errGone = errors.New("the server ended the connection while records were sent")
	// errChatty says that the server wrote something, which syslog servers do not.
	errChatty = errors.New("the server answers, as a syslog server does not: is the port right?")
)

// server is the other side, and the connections to it.
type server struct {
	cfg *Config
	tls *tls.Config
	// confirms says whether batches are confirmed; proven, that the server has shown
	// that it ends connections.
	confirms bool
	proven   atomic.Bool

	mu   sync.Mutex
	idle []net.Conn
}

func newServer(cfg *Config) *server {
	return &server{cfg: cfg, confirms: cfg.Confirm && cfg.Transport != transportUDP}
}

func (s *server) start(ctx context.Context) error {
	if s.cfg.Transport != transportTLS {
		return nil
	}
	config, err := s.cfg.TLS.LoadTLSConfig(ctx)
	if err != nil {
		return fmt.Errorf("tls: %w", err)
	}
	if config == nil { // insecure
		return errors.New("tls.insecure has no meaning here: set transport to tcp instead")
	}
	s.tls = config
	return nil
}

func (s *server) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.idle {
		_ = conn.Close()
	}
	s.idle = nil
}

// send writes messages, and returns nil when the server has them, as far as can be
// known.
func (s *server) send(ctx context.Context, batch *frames) error {
	if err := s.prove(ctx); err != nil {
		return err
	}
	conn, err := s.connection(ctx)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if err := s.write(conn, batch); err != nil {
		_ = conn.Close()
		return ended(ctx, fmt.Errorf("cannot send to %s: %w", s.cfg.Endpoint, err))
	}
	if !s.confirms {
		s.keep(conn)
		return nil
	}
	err = s.confirm(conn)
	_ = conn.Close()
	if err != nil {
		return ended(ctx, fmt.Errorf("cannot be sure that %s has read everything; sending it again: %w", s.cfg.Endpoint, err))
	}
	return nil
}

// ended returns why a context has ended, if it has: then the connection was closed here.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// prove asks a server that has not confirmed anything yet to end an empty connection.
// One that does not would get the first batch for ever, or, if it hung and was trusted,
// would lose what it gets.
func (s *server) prove(ctx context.Context) error {
	if !s.confirms || s.proven.Load() {
		return nil
	}
	conn, err := s.connection(ctx)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	defer conn.Close()
	if err := s.confirm(conn); err != nil {
		return ended(ctx, fmt.Errorf("%s does not end a connection on which nothing was sent, so that delivery could not be confirmed; "+
			"records wait: it hangs, or it never does so, and then needs confirm: false: %w", s.cfg.Endpoint, err))
	}
	s.proven.Store(true)
	return nil
}

func (s *server) write(conn net.Conn, batch *frames) error {
	if err := conn.SetWriteDeadline(time.Now().Add(s.cfg.Timeout)); err != nil {
		return err
	}
	if len(batch.ends) == 0 {
		_, err := conn.Write(batch.text)
		return err
	}
	begin := 0
	for _, end := range batch.ends {
		if _, err := conn.Write(batch.text[begin:end]); err != nil {
			return err
		}
		begin = end
	}
	return nil
}

// confirm ends our side of the connection and waits for the end of the other. A
// server that has not read everything, since it was ended itself, resets the
// connection instead (RFC 9293, section 3.6.1).
func (s *server) confirm(conn net.Conn) error {
	if gone(conn) {
		return errGone // before it could know that we are done
	}
	stream := conn
	if secure, ok := conn.(*tls.Conn); ok {
		if err := secure.CloseWrite(); err != nil {
			return err
		}
		stream = secure.NetConn()
	}
	if half, ok := stream.(interface{ CloseWrite() error }); ok {
		if err := half.CloseWrite(); err != nil {
			return err
		}
	}
	if err := conn.SetReadDeadline(time.Now().Add(s.cfg.Timeout)); err != nil {
		return err
	}
	_, err := conn.Read(make([]byte, 1))
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF): // the latter without TLS's own farewell
		return nil
	case err == nil:
		return errChatty
	}
	return err
}

// connection returns one that is open.
func (s *server) connection(ctx context.Context) (net.Conn, error) {
	for {
		conn := s.takeIdle()
		if conn == nil {
			break
		}
		if !gone(conn) {
			return conn, nil
		}
		_ = conn.Close()
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	network := "tcp"
	if s.cfg.Transport == transportUDP {
		network = "udp"
	}
	var conn net.Conn
	var err error
	if s.tls != nil {
		conn, err = (&tls.Dialer{Config: s.tls}).DialContext(ctx, network, s.cfg.Endpoint)
	} else {
		conn, err = (&net.Dialer{}).DialContext(ctx, network, s.cfg.Endpoint)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot connect to %s: %w", s.cfg.Endpoint, err)
	}
	return conn, nil
}

func (s *server) takeIdle() net.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.idle) == 0 {
		return nil
	}
	conn := s.idle[len(s.idle)-1]
	s.idle = s.idle[:len(s.idle)-1]
	return conn
}

func (s *server) keep(conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.idle) >= maxIdle {
		_ = conn.Close()
		return
	}
	s.idle = append(s.idle, conn)
}

// gone reports whether the other side has ended a connection: reading, for which
// there is no time, times out as long as it has not.
func gone(conn net.Conn) bool {
	if conn.SetReadDeadline(time.Now().Add(time.Millisecond)) != nil {
		return true
	}
	_, err := conn.Read(make([]byte, 1))
	var timeout net.Error
	return !errors.As(err, &timeout) || !timeout.Timeout()
}
