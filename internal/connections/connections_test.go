package connections

import (
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConnectionsAreBounded(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	c := Limit(listener, 2)
	server := &http.Server{ConnState: c.State, Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Minute}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(c)
	}()
	var conns []net.Conn
	for range 3 {
		conn, err := net.Dial("tcp", listener.Addr().String())
		require.NoError(t, err)
		_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		require.NoError(t, err)
		conns = append(conns, conn)
	}
	for _, conn := range conns[:2] {
		requireAnswer(t, conn)
	}
	assert.True(t, c.crowded())
	require.NoError(t, conns[0].Close())
	requireAnswer(t, conns[2])
	require.NoError(t, conns[1].Close())
	require.NoError(t, conns[2].Close())
	require.Eventually(t, func() bool { return !c.crowded() }, 10*time.Second, time.Millisecond)
	require.NoError(t, server.Close())
	<-served
}

func requireAnswer(t *testing.T, conn net.Conn) {
	t.Helper()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	_, err := io.ReadFull(conn, make([]byte, len("HTTP/1.1 404")))
	require.NoError(t, err)
}

func TestCloseEndsAcceptThatWaitsForRoom(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	c := Limit(listener, 1)
	c.open <- struct{}{}
	accepted := make(chan error)
	go func() {
		_, err := c.Accept()
		accepted <- err
	}()
	require.NoError(t, c.Close())
	require.ErrorIs(t, <-accepted, net.ErrClosed)
}
