package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

const oneRecord = `{"level": "INFO", "message": "posted"}`

// startIntake starts a collector that takes records over HTTP only.
func startIntake(t testing.TB, env ...string) (*program.Collector, *endpoint) {
	t.Helper()
	e := newEndpoint(t)
	s := program.OTLP(t.TempDir(), "/nonexistent/*.log", e.URL, "acknowledged")
	s.Env = append(s.Env, env...)
	return startCollector(t, s), e
}

// send sends one request, and returns the status and the text of the answer. Host is
// a header like the others.
func send(t testing.TB, client *http.Client, method, url string, header map[string]string, body io.Reader) (int, string) {
	t.Helper()
	status, text, err := tryToSend(t.Context(), client, method, url, header, body)
	require.NoError(t, err)
	return status, text
}

func tryToSend(ctx context.Context, client *http.Client, method, url string, header map[string]string, body io.Reader) (int, string, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return 0, "", err
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	r.Host = header["Host"]
	response, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

// newClient is a client that keeps no connection.
func newClient(config *tls.Config) *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: config}}
}

func TestWebPagesCannotPostRecords(t *testing.T) {
	c, e := startIntake(t, "MINA_ALLOWED_HOSTS=[mina-collector]")
	for name, tt := range map[string]struct {
		method string
		header map[string]string
		status int
	}{
		"a program":                 {"POST", nil, 202},
		"a name of the collector":   {"POST", map[string]string{"Host": "mina-collector:8319"}, 202},
		"a form of another site":    {"POST", map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403},
		"a script of this host":     {"POST", map[string]string{"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"}, 403},
		"a name that points here":   {"POST", map[string]string{"Host": "evil.example"}, 403},
		"an image of another site":  {"GET", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"the preflight of a script": {"OPTIONS", map[string]string{"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			status, text := send(t, newClient(nil), tt.method, "http://"+c.Intake+"/?msg=embedded", tt.header, strings.NewReader(oneRecord))
			assert.Equal(t, tt.status, status, text)
		})
	}
	c.Stop()
	assert.Equal(t, map[string]int{"posted": 2}, e.bodies())
}

// TestStalledUploadsKeepNobodyOut stalls uploads of all kinds, and posts beside them.
func TestStalledUploadsKeepNobodyOut(t *testing.T) {
	t.Parallel()
	c, e := startIntake(t)
	half := strings.Repeat("x", 1<<20)
	for i := range 60 {
		conn, err := net.Dial("tcp", c.Intake)
		require.NoError(t, err)
		defer conn.Close()
		start := "POST / HTTP/1.1\r\nHost: localhost\r\n"
		stalled := []string{
			"", start, start + "Content-Length: 8388608\r\n\r\n{", start + "Transfer-Encoding: chunked\r\n\r\n800000\r\n{",
			start + "Content-Encoding: gzip\r\nContent-Length: 8388608\r\n\r\n\x1f\x8b", start + "Content-Length: 8388608\r\n\r\n" + half,
		}
		_, err = io.WriteString(conn, stalled[i%len(stalled)])
		require.NoError(t, err)
	}
	var clients sync.WaitGroup
	statuses := make(chan int, 300)
	for range cap(statuses) {
		clients.Go(func() {
			status, _ := send(t, newClient(nil), "POST", "http://"+c.Intake, map[string]string{"Content-Encoding": "gzip"}, io.MultiReader(zipped(t, oneRecord)))
			statuses <- status
		})
	}
	clients.Wait()
	close(statuses)
	for status := range statuses {
		assert.Equal(t, http.StatusAccepted, status)
	}
	begin := time.Now()
	c.Stop()
	assert.Less(t, time.Since(begin), 8*time.Second)
	assert.Equal(t, map[string]int{"posted": 300}, e.bodies())
}

func zipped(t testing.TB, text string) io.Reader {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return &out
}

// TestHTTPBombs posts what takes far more memory, or time, than it is long, eight at
// once, to a collector that may use 256 MB.
func TestHTTPBombs(t *testing.T) {
	list := func(element string, n int) string { return `{"a":[` + strings.Repeat(element+",", n) + `0]}` + "\n" }
	for name, body := range map[string]string{
		"empty records":     strings.Repeat("{}\n", 2700000),
		"an array of them":  "[" + strings.Repeat("{},", 2700000) + "{}]",
		"numbers":           "[" + strings.Repeat("0,", 4<<20-8) + "0]",
		"lists of numbers":  strings.Repeat(list("0", 131000), 31),
		"lists of lists":    strings.Repeat(list("[]", 87000), 31),
		"lists of objects":  strings.Repeat(list("{}", 87000), 31),
		"depth":             strings.Repeat(`{"a":`+strings.Repeat("[", 130000)+strings.Repeat("]", 130000)+"}\n", 31),
		"members":           strings.Repeat("{"+members(25000)+"}\n", 31),
		"one large list":    list("0", 4<<20-16),
		"as much as may be": strings.Repeat(list("0", 20000), 35),
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := startIntake(t)
			packed, err := io.ReadAll(zipped(t, body))
			require.NoError(t, err)
			begin := time.Now()
			var clients sync.WaitGroup
			for range 8 {
				clients.Go(func() {
					status, text := send(t, newClient(nil), "POST", "http://"+c.Intake, map[string]string{"Content-Encoding": "gzip"}, bytes.NewReader(packed))
					assert.Contains(t, []int{202, 400, 413, 429, 503}, status, text)
				})
			}
			clients.Wait()
			t.Logf("%d bytes, %d of text: %s, %d MiB", len(packed), len(body), time.Since(begin), c.PeakResident()>>20)
			assert.Less(t, c.PeakResident(), int64(256<<20))
			eventually(t, func() bool {
				status, _, err := tryToSend(t.Context(), newClient(nil), "POST", "http://"+c.Intake, nil, strings.NewReader(oneRecord))
				return err == nil && status == http.StatusAccepted
			}, "it takes records as before")
		})
	}
}

func members(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, `"%x":0,`, i)
	}
	return text.String() + `"z":0`
}

// TestAnOpenIntake starts the examples that open the intake to other hosts.
func TestAnOpenIntake(t *testing.T) {
	const user, password = "mina", "planted-password"
	certificates := newCertificates(t)
	for example, tt := range map[string]struct {
		header map[string]string
		client *tls.Config
		// refused is the answer to a client that shows nothing; 0 for no connection.
		refused int
	}{
		"basic.yaml":        {map[string]string{"Authorization": "Basic bWluYTpwbGFudGVkLXBhc3N3b3Jk"}, certificates.config(false), 401},
		"bearer.yaml":       {map[string]string{"Authorization": "Bearer " + password}, certificates.config(false), 401},
		"certificates.yaml": {nil, certificates.config(true), 0},
	} {
		t.Run(example, func(t *testing.T) {
			e, intake := newEndpoint(t), strings.Replace(program.FreeAddress(), "localhost", "0.0.0.0", 1)
			s := program.OTLP(t.TempDir(), "/nonexistent/*.log", e.URL, "acknowledged")
			s.Configs = append(s.Configs, filepath.Join(program.Root(), "examples", "intake", example))
			s.Overrides = append(s.Overrides, "receivers::mina::http::endpoint: "+intake)
			s.Env = append(
				s.Env, "MINA_ALLOWED_HOSTS=[mina-logs.example.com]", "MINA_INTAKE_USER="+user, "MINA_INTAKE_PASSWORD="+password, "MINA_INTAKE_TOKEN="+password,
				"MINA_TLS_CERT="+certificates.cert, "MINA_TLS_KEY="+certificates.key, "MINA_CLIENT_CA="+certificates.cert,
			)
			c := startCollector(t, s)
			url := "https://" + strings.Replace(intake, "0.0.0.0", "127.0.0.1", 1)
			tt.header = withHost(tt.header, "mina-logs.example.com")
			status, text := send(t, newClient(tt.client), "POST", url, tt.header, strings.NewReader(oneRecord))
			assert.Equal(t, http.StatusAccepted, status, text)
			status, _ = send(t, newClient(tt.client), "POST", url, withHost(tt.header, "evil.example"), strings.NewReader(oneRecord))
			assert.Equal(t, http.StatusForbidden, status)
			response, err := newClient(certificates.config(false)).Post(url, "application/json", strings.NewReader(oneRecord))
			if err == nil {
				_ = response.Body.Close()
				assert.Equal(t, tt.refused, response.StatusCode)
			} else {
				assert.Zero(t, tt.refused, err)
			}
			c.Stop()
			assert.NotContains(t, c.Output(), "http.endpoint is open to everybody")
			assert.NotContains(t, c.Output(), password)
			assert.Equal(t, map[string]int{"posted": 1}, e.bodies())
		})
	}
}

// TestStalledZstdKeepsNobodyOut stalls bodies that each ask for a window of 8 MiB.
func TestStalledZstdKeepsNobodyOut(t *testing.T) {
	c, _ := startIntake(t)
	// Magic number, a window of 8 MiB, a raw block of 100 bytes of which one is there.
	begun := "\x28\xb5\x2f\xfd\x00\x68\x20\x03\x00{"
	for range 300 {
		conn, err := net.Dial("tcp", c.Intake)
		require.NoError(t, err)
		defer conn.Close()
		_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: zstd\r\nContent-Length: 1000\r\n\r\n"+begun)
		require.NoError(t, err)
	}
	for range 5 {
		status, text := send(t, newClient(nil), "POST", "http://"+c.Intake, nil, strings.NewReader(oneRecord))
		assert.Equal(t, http.StatusAccepted, status, text)
	}
}

// TestStalledUploadsOverHTTP2 stalls streams of one connection, and posts beside them.
func TestStalledUploadsOverHTTP2(t *testing.T) {
	t.Parallel()
	certificates, e := newCertificates(t), newEndpoint(t)
	s := program.OTLP(t.TempDir(), "/nonexistent/*.log", e.URL, "acknowledged")
	s.Overrides = append(
		s.Overrides, "receivers::mina::http::tls::cert_file: "+certificates.cert, "receivers::mina::http::tls::key_file: "+certificates.key,
	)
	c := startCollector(t, s)
	url := "https://" + strings.Replace(c.Intake, "localhost", "127.0.0.1", 1)
	client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: certificates.config(false)}}
	defer client.CloseIdleConnections()
	statuses := make(chan int)
	for range 10 {
		body, part := io.Pipe()
		defer func() { _ = part.Close() }()
		go func() { _, _ = io.WriteString(part, "{") }()
		go func() {
			status, _ := send(t, client, "POST", url, nil, body)
			statuses <- status
		}()
	}
	response, err := client.Post(url, "application/json", strings.NewReader(oneRecord))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusAccepted, response.StatusCode)
	assert.Equal(t, 2, response.ProtoMajor)
	for range 10 {
		assert.Equal(t, http.StatusRequestTimeout, <-statuses)
	}
}

func withHost(header map[string]string, host string) map[string]string {
	with := map[string]string{"Host": host}
	for name, value := range header {
		if name != "Host" {
			with[name] = value
		}
	}
	return with
}

// certificates is a certificate that is its own authority, for server and clients.
type certificates struct {
	cert, key string
	pair      tls.Certificate
	pool      *x509.CertPool
}

func newCertificates(t testing.TB) *certificates {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mina"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	dir := t.TempDir()
	c := &certificates{cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem"), pool: x509.NewCertPool()}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	require.NoError(t, os.WriteFile(c.cert, certPEM, 0o600))
	require.NoError(t, os.WriteFile(c.key, keyPEM, 0o600))
	c.pair, err = tls.X509KeyPair(certPEM, keyPEM)
	require.NoError(t, err)
	require.True(t, c.pool.AppendCertsFromPEM(certPEM))
	return c
}

// config is a client's, with or without a certificate of its own.
func (c *certificates) config(own bool) *tls.Config {
	config := &tls.Config{RootCAs: c.pool, MinVersion: tls.VersionTLS12}
	if own {
		config.Certificates = []tls.Certificate{c.pair}
	}
	return config
}
