package contract_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// inbox takes what is posted to a URL.
type inbox struct {
	*httptest.Server
	bodies chan string

	mu   sync.Mutex
	sent string
}

func newInbox(t *testing.T) *inbox {
	t.Helper()
	i := &inbox{bodies: make(chan string, 10)}
	i.Server = httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		i.mu.Lock()
		i.sent = request.Header.Get("Authorization")
		i.mu.Unlock()
		response.WriteHeader(http.StatusAccepted)
		_, _ = response.Write([]byte("ok"))
		i.bodies <- string(body)
	}))
	t.Cleanup(i.Close)
	return i
}

func (i *inbox) authorization() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.sent
}

// expect decodes the next body.
func (i *inbox) expect(t *testing.T, into any) {
	t.Helper()
	select {
	case body := <-i.bodies:
		require.NoError(t, json.Unmarshal([]byte(body), into), body)
	case <-time.After(deadline):
		require.Fail(t, "nothing was posted")
	}
}

// mailbox is an SMTP server that takes every letter.
type mailbox struct {
	address string

	mu    sync.Mutex
	taken []string
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	m := &mailbox{address: listener.Addr().String()}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go m.serve(conn)
		}
	}()
	return m
}

func (m *mailbox) serve(conn net.Conn) {
	defer conn.Close()
	_, _ = fmt.Fprint(conn, "220 double\r\n")
	var letter strings.Builder
	inLetter := false
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		line := lines.Text()
		answer := "250 ok"
		switch {
		case inLetter && line != ".":
			letter.WriteString(line + "\n")
			continue
		case inLetter:
			inLetter = false
			m.mu.Lock()
			m.taken = append(m.taken, letter.String())
			m.mu.Unlock()
			letter.Reset()
		case line == "DATA":
			inLetter, answer = true, "354 go on"
		case line == "QUIT":
			answer = "221 bye"
		}
		_, _ = fmt.Fprint(conn, answer+"\r\n")
	}
}

func (m *mailbox) letters() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.taken)
}
