package logpageextension

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configauth"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/extension/extensionauth"
	"go.opentelemetry.io/collector/extension/extensiontest"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/metadata"
)

// keeper is an authenticator that lets those in who know a password.
type keeper struct {
	component.StartFunc
	component.ShutdownFunc
}

var _ extensionauth.Server = keeper{}

func (keeper) Authenticate(ctx context.Context, header map[string][]string) (context.Context, error) {
	if http.Header(header).Get("Authorization") != "Basic YW5hOnNlY3JldA==" {
		return ctx, errors.New("it was not YW5hOnNlY3JldA")
	}
	return ctx, nil
}

func TestNothingIsShownWithoutAPassword(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	cfg.NetAddr.Endpoint = "0.0.0.0:0"
	require.Error(t, cfg.Validate())
	id := component.MustNewID("basicauth")
	cfg.Auth = configoptional.Some(confighttp.AuthConfig{Config: configauth.Config{AuthenticatorID: id}})
	require.NoError(t, cfg.Validate())
	listener, err := net.Listen("tcp", "0.0.0.0:0")
	require.NoError(t, err)
	cfg.NetAddr.Endpoint = listener.Addr().String()
	require.NoError(t, listener.Close())

	e, err := NewFactory().Create(t.Context(), extensiontest.NewNopSettings(metadata.Type), cfg)
	require.NoError(t, err)
	require.NoError(t, e.Start(t.Context(), host{cfg.Store: &store{answer: nothing}, id: keeper{}}))
	t.Cleanup(func() { require.NoError(t, e.Shutdown(context.Background())) })
	_, port, err := net.SplitHostPort(cfg.NetAddr.Endpoint)
	require.NoError(t, err)
	for path, mayBeSeen := range map[string]bool{"/": false, "/main.js": false, "/api/status": false, "/api/records": false, "/api/live": false} {
		response, text := request(t, http.MethodGet, "http://127.0.0.1:"+port+path, nil)
		assert.Equal(t, mayBeSeen, response.StatusCode == http.StatusOK, path)
		assert.Equal(t, http.StatusUnauthorized, response.StatusCode, path)
		assert.Contains(t, response.Header.Get("WWW-Authenticate"), "Basic ", "a browser asks for the password")
		assert.NotContains(t, text, "YW5hOnNlY3JldA")
	}
	response, _ := request(t, http.MethodGet, "http://127.0.0.1:"+port+"/api/status", map[string]string{"Authorization": "Basic YW5hOnNlY3JldA=="})
	assert.Equal(t, http.StatusOK, response.StatusCode)
}

func TestThePageOverTLS(t *testing.T) {
	certificate, key := selfSigned(t)
	url := serve(t, &store{answer: nothing}, func(c *Config) {
		c.TLS = configoptional.Some(configtls.ServerConfig{Config: configtls.Config{CertFile: certificate, KeyFile: key}})
	})
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	response, err := client.Get("https" + url[len("http"):] + "/api/status")
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Equal(t, "no-store", response.Header.Get("Cache-Control"))
}

// selfSigned writes a certificate and its key.
func selfSigned(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	certificate, key = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	require.NoError(t, os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}), 0o600))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	return certificate, key
}

func TestConnectionsThatAreKeptKeepNobodyOut(t *testing.T) {
	address := strings.TrimPrefix(serve(t, &store{}, nil), "http://")
	for range 2 * maxConnections {
		conn, err := net.Dial("tcp", address)
		require.NoError(t, err)
		defer conn.Close()
		require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
		_, err = io.WriteString(conn, "GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n")
		require.NoError(t, err)
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
	}
}
