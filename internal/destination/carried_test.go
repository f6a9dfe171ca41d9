package destination

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configauth"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
)

// authenticator signs a copy of a request, as contrib's do, and hides that it has.
type authenticator struct {
	component.StartFunc
	component.ShutdownFunc
	authorization string
}

func (a *authenticator) RoundTripper(base http.RoundTripper) (http.RoundTripper, error) {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		signed := r.Clone(r.Context())
		signed.Header.Set("Authorization", a.authorization)
		response, err := base.RoundTrip(signed)
		if response != nil {
			response.Request = r
		}
		return response, err
	}), nil
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type authenticating struct{ extension component.Component }

func (h authenticating) GetExtensions() map[component.ID]component.Component {
	return map[component.ID]component.Component{component.MustNewID("test"): h.extension}
}

func TestNothingIsPrintedOfWhatARequestCarried(t *testing.T) {
	const (
		user, password = "ana@example.com", `p"ä<ss>&w/ord`
		aws            = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261126/eu-central-1/logs/aws4_request, SignedHeaders=host;x-amz-date, Signature=0123456789abcdef0123456789abcdef"
	)
	basic := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	inJSON, err := json.Marshal(password)
	require.NoError(t, err)
	for name, tt := range map[string]struct {
		authorization string
		quoted        []string
	}{
		"basic":                        {"Basic " + basic, []string{basic, strings.TrimRight(basic, "="), user + ":" + password, password}},
		"a password in other words":    {"Basic " + basic, []string{string(inJSON[1 : len(inJSON)-1]), html.EscapeString(password), `p\"\u00e4<ss>&w/ord`, url.QueryEscape(password), url.PathEscape(password), fmt.Sprintf("%q", password)}},
		"a user who is a token":        {"Basic " + base64.StdEncoding.EncodeToString([]byte(secret+":")), []string{secret, base64.StdEncoding.EncodeToString([]byte(secret + ":"))}},
		"a password in Base64 of URLs": {"Basic " + base64.URLEncoding.EncodeToString([]byte("a:"+secret+"??>")), []string{secret}},
		"bearer":                       {"Bearer " + secret, []string{secret, "Bearer " + secret}},
		"a key":                        {"ApiKey " + basic, []string{basic}},
		"SigV4":                        {aws, []string{"AKIDEXAMPLE", "AKIDEXAMPLE/20261126", "0123456789abcdef0123456789abcdef", aws}},
		"without a scheme":             {secret, []string{secret}},
	} {
		t.Run(name, func(t *testing.T) {
			client, address := newAuthenticating(t, tt.authorization, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(http.StatusForbidden)
				_, _ = io.WriteString(w, "no: "+strings.Join(append(tt.quoted, r.Header.Get("X-Key")), " | "))
			})
			_, err := client.Post(t.Context(), address, http.Header{}, nil)
			require.ErrorContains(t, err, "403 Forbidden: no: ")
			for _, hidden := range append(tt.quoted, secret) {
				assert.NotContains(t, err.Error(), hidden)
			}
		})
	}
}

// TestNothingIsPrintedOfWhatABrokenConnectionQuotes has a server that answers no HTTP.
func TestNothingIsPrintedOfWhatABrokenConnectionQuotes(t *testing.T) {
	for _, authorization := range []string{"Bearer " + secret, "Basic " + base64.StdEncoding.EncodeToString([]byte("a:"+secret))} {
		client, address := newAuthenticating(t, authorization, func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if assert.NoError(t, err) {
				_, _ = io.WriteString(conn, "HTTP/1.1 "+r.Header.Get("Authorization")+secret+"\r\n\r\n")
				_ = conn.Close()
			}
		})
		_, err := client.Post(t.Context(), address, http.Header{}, nil)
		require.ErrorContains(t, err, "malformed HTTP")
		assert.NotContains(t, err.Error(), secret)
		assert.NotContains(t, err.Error(), strings.Fields(authorization)[1])
	}
}

func TestWordsOfEveryAnswerAreNoSecrets(t *testing.T) {
	const said = "invalid Bearer token: the log group /mina/app of 127.0.0.1 takes gzip"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, said)
	}))
	defer server.Close()
	client, err := NewClient(t.Context(), "it", confighttp.NewDefaultClientConfig(), componenttest.NewNopHost(), componenttest.NewNopTelemetrySettings())
	require.NoError(t, err)
	defer client.Close()
	_, err = client.Post(t.Context(), server.URL, http.Header{"Authorization": {"Bearer " + secret}, "X-Aws-Log-Group": {"/mina/app"}, "Content-Encoding": {"gzip"}}, nil)
	require.ErrorContains(t, err, said)
}

// newAuthenticating returns a client that authenticates itself to a server.
func newAuthenticating(t *testing.T, authorization string, answer http.HandlerFunc) (*Client, string) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	cfg := confighttp.NewDefaultClientConfig()
	cfg.Headers = configopaque.MapList{{Name: "x-key", Value: secret}}
	cfg.Auth = configoptional.Some(configauth.Config{AuthenticatorID: component.MustNewID("test")})
	client, err := NewClient(context.Background(), "it", cfg, authenticating{&authenticator{authorization: authorization}}, componenttest.NewNopTelemetrySettings())
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client, server.URL
}
