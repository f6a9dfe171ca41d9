package doctor

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/http/httpproxy"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
)

const (
	// expiresSoon is how long before its end a certificate is worth a word.
	expiresSoon = 14 * 24 * time.Hour
	// skew is how far the clocks may be apart: backends refuse what is from the future.
	skew = time.Minute
)

// reach looks up, connects to and asks a destination: the first step that fails is said.
func (e *examination) reach(ctx context.Context, t target) []Check {
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	settings, err := tlsConfig(t)
	if err != nil {
		return []Check{fail("destination", "", "%s: %v", t.exporter, err)}
	}
	if proxy, err := e.proxyOf(t); err != nil {
		return []Check{fail("destination", "", "%s: the proxy's address is not one", t.exporter)}
	} else if proxy != nil {
		return e.ask(ctx, t, settings, proxy, "through the proxy "+proxy.Host)
	}
	addresses, err := net.DefaultResolver.LookupHost(ctx, t.url.Hostname())
	if err != nil {
		return []Check{fail("destination", "check the name, or the DNS of this host", "%s: the name %s cannot be looked up: %v", t.exporter, t.url.Hostname(), lookupError(err))}
	}
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", t.address())
	if err != nil {
		return []Check{fail("destination", "check the address, and firewalls between", "%s: cannot connect to %s (%s): %v", t.exporter, t.address(), strings.Join(addresses, ", "), cause(err))}
	}
	defer connection.Close()
	switch t.url.Scheme {
	case "http", "https":
		return e.ask(ctx, t, settings, nil, "at "+t.address())
	case "tls":
		secured := tls.Client(connection, settings)
		if err := secured.HandshakeContext(ctx); err != nil {
			return []Check{fail("destination", "check tls of the exporter, and the certificate there", "%s: no TLS with %s: %v", t.exporter, t.address(), cause(err))}
		}
		return append([]Check{ok("destination", "%s: %s takes a connection with TLS", t.exporter, t.address())}, expiry(t, secured.ConnectionState())...)
	}
	return []Check{ok("destination", "%s: %s takes a connection", t.exporter, t.address())}
}

// ask has a destination answer, whatever that is: without a token it is often a refusal.
func (e *examination) ask(ctx context.Context, t target, settings *tls.Config, proxy *url.URL, where string) []Check {
	asked := url.URL{Scheme: t.url.Scheme, Host: t.url.Host, Path: t.url.Path} // without what may be secret
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, asked.String(), nil)
	if err != nil {
		return []Check{fail("destination", "", "%s: its address is not one", t.exporter)}
	}
	transport := &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: settings, DisableKeepAlives: true}
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	began := time.Now()
	response, err := client.Do(request)
	if err != nil {
		return []Check{fail("destination", "check the address, tls of the exporter, and proxies between", "%s: no answer %s: %v", t.exporter, where, cause(err))}
	}
	_ = response.Body.Close()
	checks := []Check{ok("destination", "%s: answers %s (HTTP %d, without a token)", t.exporter, where, response.StatusCode)}
	if response.TLS != nil {
		checks = append(checks, expiry(t, *response.TLS)...)
	}
	return append(checks, clock(t, response.Header.Get("Date"), began)...)
}

// clock compares the clocks of this host and of a destination, which tells its time to the second.
func clock(t target, date string, now time.Time) []Check {
	theirs, err := http.ParseTime(date)
	if err != nil {
		return nil
	}
	if apart := now.Sub(theirs); apart > skew || apart < -skew {
		return []Check{warn("clock", "set this host's clock, such as with timedatectl set-ntp true", "the clock of this host is %s away from that of %s", cli.Duration(apart.Abs()), t.url.Hostname())}
	}
	return []Check{ok("clock", "that of this host is within a minute of that of %s", t.url.Hostname())}
}

func expiry(t target, state tls.ConnectionState) []Check {
	if len(state.PeerCertificates) == 0 {
		return nil
	}
	end := state.PeerCertificates[0].NotAfter
	if left := time.Until(end); left < expiresSoon {
		return []Check{warn("destination", "have it renewed", "%s: the certificate of %s ends at %s", t.exporter, t.url.Hostname(), end.UTC().Format(time.RFC3339))}
	}
	return nil
}

// tlsConfig returns what an exporter's tls says of its server.
func tlsConfig(t target) (*tls.Config, error) {
	config := &tls.Config{ServerName: t.tls.Text("server_name_override"), MinVersion: tls.VersionTLS12}
	if config.ServerName == "" {
		config.ServerName = t.url.Hostname()
	}
	if t.tls["insecure_skip_verify"] == true {
		config.InsecureSkipVerify = true //nolint:gosec // as the collector is told to
	}
	file := t.tls.Text("ca_file")
	if file == "" {
		return config, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("tls::ca_file: %w", err)
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("tls::ca_file: %s has no certificate", file)
	}
	return config, nil
}

// cause returns what went wrong without addresses, which have been said and may hold a secret.
func cause(err error) error {
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return errors.New("no answer in time")
	case errors.Is(err, syscall.ECONNREFUSED):
		return errors.New("connection refused: nothing listens there")
	}
	var operation *net.OpError
	if errors.As(err, &operation) {
		return operation.Err
	}
	return err
}

func lookupError(err error) error {
	var lookup *net.DNSError
	if errors.As(err, &lookup) {
		return errors.New(lookup.Err)
	}
	return err
}

// proxyOf returns the proxy that the exporter asks a destination through, or nil.
func (e *examination) proxyOf(t target) (*url.URL, error) {
	if t.proxy != "" {
		return url.Parse(t.proxy)
	}
	variable := func(name string) string {
		return cmp.Or(e.collector.Variable(name), e.collector.Variable(strings.ToLower(name)))
	}
	config := httpproxy.Config{HTTPProxy: variable("HTTP_PROXY"), HTTPSProxy: variable("HTTPS_PROXY"), NoProxy: variable("NO_PROXY")}
	return config.ProxyFunc()(t.url)
}
