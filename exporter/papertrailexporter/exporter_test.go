package papertrailexporter

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/leodido/go-syslog/v4"
	"github.com/leodido/go-syslog/v4/octetcounting"
	"github.com/leodido/go-syslog/v4/rfc5424"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/mina-observability/otelcol-mina/exporter/papertrailexporter/internal/metadata"
)

// syslogServer takes connections and gives each to a function.
type syslogServer struct {
	net.Listener
	serving sync.WaitGroup
	mu      sync.Mutex
	texts   []string
	conns   int
}

func newSyslogServer(t *testing.T, serve func(s *syslogServer, conn net.Conn, n int)) *syslogServer {
	listener, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	s := &syslogServer{Listener: listener}
	s.serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns++
			n := s.conns
			s.mu.Unlock()
			s.serving.Go(func() {
				defer func() { _ = conn.Close() }()
				serve(s, conn, n)
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		s.serving.Wait()
	})
	return s
}

// readAll takes a line a message, to the end.
func readAll(s *syslogServer, conn net.Conn, _ int) {
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		s.add(lines.Text())
	}
}

func (s *syslogServer) add(message string) {
	parsed, err := rfc5424.NewParser().Parse([]byte(message))
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.texts = append(s.texts, "unreadable: "+message)
		return
	}
	s.texts = append(s.texts, *parsed.(*rfc5424.SyslogMessage).Message)
}

func (s *syslogServer) messages() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.texts...)
}

func newTestExporter(t *testing.T, endpoint string, change func(*Config)) (*papertrailExporter, *observer.ObservedLogs) {
	cfg := createDefaultConfig().(*Config)
	cfg.Endpoint, cfg.Transport, cfg.Timeout = endpoint, transportTCP, 2*time.Second
	if change != nil {
		change(cfg)
	}
	require.NoError(t, confmap.Validate(cfg))
	core, logged := observer.New(zapcore.InfoLevel)
	set := exportertest.NewNopSettings(metadata.Type)
	set.Logger = zap.New(core)
	e, err := newExporter(cfg, set)
	require.NoError(t, err)
	require.NoError(t, e.start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { assert.NoError(t, e.shutdown(context.Background())) })
	return e, logged
}

func batch(bodies ...string) plog.Logs {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, body := range bodies {
		newRecord(body, nil).CopyTo(records.AppendEmpty())
	}
	return logs
}

func numbered(n int) (bodies []string) {
	for i := range n {
		bodies = append(bodies, fmt.Sprintf("record %d", i))
	}
	return bodies
}

func TestBatchIsConfirmedWhenTheServerHasReadItAll(t *testing.T) {
	s := newSyslogServer(t, readAll)
	e, _ := newTestExporter(t, s.Addr().String(), nil)
	require.NoError(t, e.push(t.Context(), batch(numbered(5000)...)))
	assert.Equal(t, numbered(5000), s.messages(), "at once: the server had read it")
	require.NoError(t, e.push(t.Context(), batch("one more")))
	assert.Len(t, s.messages(), 5001)
}

func TestServerThatEndsWithoutReadingGetsTheBatchAgain(t *testing.T) {
	for name, serve := range map[string]func(s *syslogServer, conn net.Conn, n int){
		"at once":       func(*syslogServer, net.Conn, int) {},
		"after a while": func(_ *syslogServer, conn net.Conn, _ int) { _, _ = conn.Read(make([]byte, 1000)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSyslogServer(t, func(s *syslogServer, conn net.Conn, n int) {
				if n == 2 { // the first has shown that connections are ended
					serve(s, conn, n)
					return
				}
				readAll(s, conn, n)
			})
			e, _ := newTestExporter(t, s.Addr().String(), nil)
			err := e.push(t.Context(), batch(numbered(50000)...))
			require.Error(t, err)
			assert.False(t, consumererror.IsPermanent(err))
			require.NoError(t, e.push(t.Context(), batch(numbered(50000)...)))
			assert.Equal(t, numbered(50000), s.messages())
		})
	}
}

func TestServerThatNeverEndsConnectionsIsSentNothingUntilItNeedNotConfirm(t *testing.T) {
	end := make(chan struct{})
	s := newSyslogServer(t, func(s *syslogServer, conn net.Conn, n int) {
		readAll(s, conn, n)
		<-end
	})
	defer close(end)
	e, _ := newTestExporter(t, s.Addr().String(), func(c *Config) { c.Timeout = 50 * time.Millisecond })
	for range 2 {
		require.ErrorContains(t, e.push(t.Context(), batch("waits")), "confirm: false")
	}
	assert.Empty(t, s.messages(), "what cannot be confirmed would be sent again and again")
	e, _ = newTestExporter(t, s.Addr().String(), func(c *Config) { c.Confirm = false })
	for i := range 4 {
		require.NoError(t, e.push(t.Context(), batch(fmt.Sprint(i))))
	}
	require.Eventually(t, func() bool { return len(s.messages()) == 4 }, 5*time.Second, time.Millisecond)
}

func TestServerThatHangsGetsTheBatchAgain(t *testing.T) {
	hangs, end := atomic.Bool{}, make(chan struct{})
	s := newSyslogServer(t, func(s *syslogServer, conn net.Conn, n int) {
		if hangs.Load() {
			<-end // without having read anything
			return
		}
		readAll(s, conn, n)
	})
	defer close(end)
	e, _ := newTestExporter(t, s.Addr().String(), func(c *Config) { c.Timeout = 200 * time.Millisecond })
	hangs.Store(true)
	require.ErrorContains(t, e.push(t.Context(), batch("early")), "it hangs, or", "at the first contact")
	hangs.Store(false)
	require.NoError(t, e.push(t.Context(), batch("one")))
	hangs.Store(true)
	for range 3 {
		err := e.push(t.Context(), batch("two"))
		require.ErrorContains(t, err, "cannot be sure", "it is never trusted")
		require.False(t, consumererror.IsPermanent(err))
	}
	hangs.Store(false)
	require.NoError(t, e.push(t.Context(), batch("two")))
	assert.Equal(t, []string{"one", "two"}, s.messages())
}

func TestConnectionThatTheServerEndedIsNotUsedAgain(t *testing.T) {
	ended := make(chan struct{}, 10)
	s := newSyslogServer(t, func(s *syslogServer, conn net.Conn, _ int) {
		line, err := bufio.NewReader(conn).ReadString('\n')
		if err == nil {
			s.add(strings.TrimSuffix(line, "\n"))
		}
		_ = conn.Close()
		ended <- struct{}{}
	})
	e, _ := newTestExporter(t, s.Addr().String(), func(c *Config) { c.Confirm = false })
	for i := range 5 {
		require.NoError(t, e.push(t.Context(), batch(fmt.Sprint(i))))
		<-ended
	}
	assert.Equal(t, []string{"0", "1", "2", "3", "4"}, s.messages())
}

func TestOctetCountingKeepsLines(t *testing.T) {
	s := newSyslogServer(t, func(s *syslogServer, conn net.Conn, _ int) {
		octetcounting.NewParser(syslog.WithListener(func(r *syslog.Result) {
			if r.Error != nil || r.Message == nil {
				return
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			s.texts = append(s.texts, *r.Message.(*rfc5424.SyslogMessage).Message)
		})).Parse(conn)
	})
	e, _ := newTestExporter(t, s.Addr().String(), func(c *Config) { c.Framing = framingOctets })
	require.NoError(t, e.push(t.Context(), batch("one", "two\nthree", "vier ä")))
	require.Eventually(t, func() bool { return len(s.messages()) == 3 }, 5*time.Second, time.Millisecond)
	assert.Equal(t, []string{"one", "two\nthree", "vier ä"}, s.messages())
}

func TestDatagrams(t *testing.T) {
	conn, err := net.ListenPacket("udp", "localhost:0")
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	e, _ := newTestExporter(t, conn.LocalAddr().String(), func(c *Config) { c.Transport = transportUDP })
	require.NoError(t, e.push(t.Context(), batch("one", "two\nlines")))
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(5*time.Second)))
	for _, want := range []string{"one", "two\nlines"} {
		text := make([]byte, 2000)
		n, _, err := conn.ReadFrom(text)
		require.NoError(t, err)
		parsed, err := rfc5424.NewParser().Parse(text[:n])
		require.NoError(t, err)
		assert.Equal(t, want, *parsed.(*rfc5424.SyslogMessage).Message)
	}
}

func TestDeadServerIsAnErrorThatCanBeTriedAgain(t *testing.T) {
	s := newSyslogServer(t, readAll)
	require.NoError(t, s.Close())
	e, _ := newTestExporter(t, s.Addr().String(), func(c *Config) { c.Token = "a-token" })
	err := e.push(t.Context(), batch("a payload"))
	require.ErrorContains(t, err, "cannot connect to "+s.Addr().String())
	assert.False(t, consumererror.IsPermanent(err))
	assert.NotContains(t, err.Error(), "a-token")
	assert.NotContains(t, err.Error(), "payload")
}

func TestConfigIsReadAndChecked(t *testing.T) {
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	for id, want := range map[string]string{
		"papertrail":             "",
		"papertrail/empty":       "endpoint must be set to the host:port of the syslog server",
		"papertrail/port":        `endpoint must be host:port (got "logs.example.com")`,
		"papertrail/transport":   `transport must be one of tls, tcp, udp (got "http")`,
		"papertrail/framing":     `framing must be one of lf, octet_counting (got "crlf")`,
		"papertrail/facility":    `facility must be one of auth, authpriv, cron, daemon, ftp, kern, local0, local1, local2, local3, local4, local5, local6, local7, lpr, mail, news, syslog, user, uucp (got "local8")`,
		"papertrail/attributes":  `attributes must be one of structured_data, json, none (got "yaml")`,
		"papertrail/app_name":    `app_name must be one of service, scope (got "host")`,
		"papertrail/element":     `token_element must be in brackets and hold {token} (got "token")`,
		"papertrail/token":       "token must not hold brackets, quotes, backslashes, blanks or control characters",
		"papertrail/lines":       "token must not hold brackets, quotes, backslashes, blanks or control characters",
		"papertrail/blanks":      "",
		"papertrail/id":          `attributes_id must be an SD-ID such as mina@32473, of at most 32 characters (got "a b")`,
		"papertrail/small":       "max_message_size must be at least 480 (got 100)",
		"papertrail/datagram":    "max_message_size must be at most 65507 with transport udp (got 100000)",
		"papertrail/no_patience": "timeout must be positive (got 0s)",
	} {
		t.Run(id, func(t *testing.T) {
			sub, err := conf.Sub(id)
			require.NoError(t, err)
			cfg := createDefaultConfig().(*Config)
			require.NoError(t, sub.Unmarshal(cfg))
			err = confmap.Validate(cfg)
			if want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, want)
		})
	}
}
