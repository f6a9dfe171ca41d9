package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// blocked remembers the addresses, and fails for one.
type blocked struct {
	addresses []string
	failing   string
}

func (b *blocked) block(_ context.Context, address netip.Addr) error {
	b.addresses = append(b.addresses, address.String())
	if address.String() == b.failing {
		return errors.New("the set is full")
	}
	return nil
}

// firing returns a notification of alerts with these addresses.
func firing(addresses ...string) string {
	var alerts []string
	for _, address := range addresses {
		alerts = append(alerts, notified("firing", "FailedLogins", address))
	}
	return fmt.Sprintf(`{"version":"4","status":"firing","alerts":[%s]}`, strings.Join(alerts, ","))
}

func notified(status, name, address string) string {
	return fmt.Sprintf(`{"status":%q,"labels":{"alertname":%q,"client_address":%q},"fingerprint":"5bd4c6a8fb90e7d2"}`, status, name, address)
}

func TestWhatIsNotifiedIsBlocked(t *testing.T) {
	recorded, err := os.ReadFile("testdata/firing.json")
	require.NoError(t, err)
	resolved, err := os.ReadFile("testdata/resolved.json")
	require.NoError(t, err)
	tests := map[string]struct {
		body    string
		failing string
		status  int
		blocked []string
		log     string
	}{
		"as Alertmanager writes it":   {body: string(recorded), blocked: []string{"203.0.113.9"}},
		"resolved":                    {body: string(resolved)},
		"several":                     {body: firing("203.0.113.9", "2001:db8::9"), blocked: []string{"203.0.113.9", "2001:db8::9"}},
		"one twice":                   {body: firing("203.0.113.9", "::ffff:203.0.113.9"), blocked: []string{"203.0.113.9"}},
		"none":                        {body: `{"version":"4","alerts":[]}`},
		"another alert":               {body: `{"version":"4","alerts":[` + notified("firing", "ErrorBurst", "203.0.113.9") + `]}`},
		"one of two is resolved":      {body: `{"version":"4","alerts":[` + notified("resolved", "FailedLogins", "203.0.113.9") + `,` + notified("firing", "FailedLogins", "203.0.113.10") + `]}`, blocked: []string{"203.0.113.10"}},
		"no address":                  {body: firing("secret-of-a-header", "203.0.113.9"), blocked: []string{"203.0.113.9"}, log: "has no IP address"},
		"without labels":              {body: `{"version":"4","alerts":[{"status":"firing"}]}`},
		"an allowed one":              {body: firing("198.51.100.7", "10.0.0.1", "203.0.113.9"), blocked: []string{"203.0.113.9"}, log: "in the allow list"},
		"one that cannot be blocked":  {body: firing("203.0.113.9", "203.0.113.10"), failing: "203.0.113.9", status: 500, blocked: []string{"203.0.113.9", "203.0.113.10"}, log: "Alertmanager will try again"},
		"another version":             {body: `{"version":"5","alerts":[]}`, status: 400, log: "not of version 4"},
		"what is no notification":     {body: `{"version":"4","alerts":"secret-of-a-header"}`, status: 400},
		"what is no JSON":             {body: `secret-of-a-header`, status: 400},
		"more than a megabyte":        {body: firing("203.0.113.9") + strings.Repeat(" ", maxBody), status: 413},
		"an alert that is not a text": {body: `{"version":"4","alerts":[null,{"status":"firing","labels":{"alertname":["FailedLogins"]}}]}`, status: 400},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b, log := &blocked{failing: test.failing}, &bytes.Buffer{}
			allowed := alwaysAllowed()
			require.NoError(t, allowed.add("198.51.100.0/24"))
			w := &webhook{alert: "FailedLogins", allow: allowed, blocker: b, logger: slog.New(slog.NewTextHandler(log, nil))}
			request := httptest.NewRequest(http.MethodPost, "http://localhost:9095/", strings.NewReader(test.body))
			response := httptest.NewRecorder()
			w.ServeHTTP(response, request)
			assert.Equal(t, max(test.status, 200), response.Code)
			assert.Equal(t, test.blocked, b.addresses)
			assert.Contains(t, log.String(), test.log)
			assert.NotContains(t, log.String()+response.Body.String(), "secret-of-a-header")
		})
	}
}

func TestWhoMayHaveAddressesBlocked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte("of-alertmanager\n"), 0o600))
	tests := map[string]struct {
		tokenFile     string
		host          string
		authorization string
		origin        string
		method        string
		path          string
		status        int
	}{
		"a program of this host":          {host: "localhost:9095", status: 200},
		"by its address":                  {host: "127.0.0.1:9095", status: 200},
		"a page of another site":          {host: "localhost:9095", origin: "https://evil.example", status: 403},
		"a page with a name for the host": {host: "evil.example:9095", origin: "http://evil.example:9095", status: 401},
		"the token":                       {tokenFile: file, host: "collector:9095", authorization: "Bearer of-alertmanager", status: 200},
		"another token":                   {tokenFile: file, host: "localhost:9095", authorization: "Bearer of-alertmanage", status: 401},
		"no token":                        {tokenFile: file, host: "localhost:9095", status: 401},
		"no bearer":                       {tokenFile: file, host: "localhost:9095", authorization: "of-alertmanager", status: 401},
		"a question":                      {host: "localhost:9095", method: http.MethodGet, status: 405},
		"another path":                    {host: "localhost:9095", path: "/api/v2/alerts", status: 404},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			access, err := readAccess(test.tokenFile, "127.0.0.1:9095")
			require.NoError(t, err)
			b := &blocked{}
			handler := routes(&webhook{alert: "FailedLogins", access: access, blocker: b, logger: slog.New(slog.DiscardHandler)})
			url := "http://" + test.host + cmp.Or(test.path, "/")
			request := httptest.NewRequest(cmp.Or(test.method, http.MethodPost), url, strings.NewReader(firing("203.0.113.9")))
			request.Header.Set("Authorization", test.authorization)
			if test.origin != "" {
				request.Header.Set("Origin", test.origin)
			}
			response := httptest.NewRecorder()
			handler.ServeHTTP(response, request)
			assert.Equal(t, test.status, response.Code)
			assert.Equal(t, test.status == 200, len(b.addresses) == 1)
		})
	}
}

func TestOtherHostsNeedAToken(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	require.NoError(t, os.WriteFile(empty, []byte("\n"), 0o600))
	for _, test := range []struct{ tokenFile, listen, err string }{
		{listen: "localhost:9095"},
		{listen: "127.0.0.1:9095"},
		{listen: "[::1]:9095"},
		{listen: ":9095", err: "-listen :9095: other hosts could have addresses blocked"},
		{listen: "0.0.0.0:9095", err: "give a -token-file"},
		{listen: "collector:9095", err: "give a -token-file"},
		{listen: "localhost:9095", tokenFile: empty, err: "is empty"},
		{listen: "localhost:9095", tokenFile: filepath.Join(dir, "none"), err: "-token-file: open"},
	} {
		_, err := readAccess(test.tokenFile, test.listen)
		if test.err == "" {
			assert.NoError(t, err, test.listen)
			continue
		}
		assert.ErrorContains(t, err, test.err, test.listen)
	}
}

// FuzzDecode holds that a notification of anybody's makes nothing fail.
func FuzzDecode(f *testing.F) {
	for _, body := range []string{firing("203.0.113.9"), `{"version":"4","alerts":[null]}`, `[]`, ``} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		n, err := decode(strings.NewReader(body))
		if err != nil {
			return
		}
		w := &webhook{alert: "FailedLogins", allow: alwaysAllowed(), logger: slog.New(slog.DiscardHandler)}
		assert.LessOrEqual(t, len(w.addresses(n.Alerts)), len(n.Alerts))
	})
}
