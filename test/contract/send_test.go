package contract_test

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/test/contract"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// sendTest runs the script that users check a destination with.
func sendTest(t *testing.T, overlay string, env ...string) (string, error) {
	t.Helper()
	cmd := exec.Command("sh", filepath.Join(program.Root(), "examples", "send-test.sh"), overlay)
	cmd.Env = append(append(os.Environ(), "SEND_TEST_SECONDS=5", "MINA_STATE_DIR="+t.TempDir()), env...)
	out, err := cmd.CombinedOutput()
	assert.NotContains(t, string(out), token)
	return string(out), err
}

// pasted returns variables as they come from files and vendors' pages. Those of AWS are
// read by its SDK.
func pasted(env []string) (dirty []string) {
	for i, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "AWS_") || name == "AWS_REGION" {
			value = []string{"\ufeff" + value + "\r\n", "\t\"" + value + "\"", " '" + value + "'\n"}[i%3]
		}
		dirty = append(dirty, name+"="+value)
	}
	return dirty
}

func TestScriptSaysWhatTheDestinationAnswered(t *testing.T) {
	for _, v := range vendors {
		t.Run(v.Overlay, func(t *testing.T) {
			t.Parallel()
			d := contract.New(v)
			defer d.Close()
			out, err := sendTest(t, v.Overlay, pasted(d.Env())...)
			require.NoError(t, err, out)
			assert.Contains(t, out, "DELIVERED: "+v.Overlay+" has taken")
			violations, _ := d.Violations()
			assert.Empty(t, violations)
		})
	}
	t.Run("sentry", func(t *testing.T) {
		s := contract.NewSentry(sentryKey, "1")
		defer s.Close()
		out, err := sendTest(t, "sentry", pasted([]string{"SENTRY_DSN=" + s.DSN()})...)
		require.NoError(t, err, out)
		assert.Contains(t, out, "DELIVERED: sentry has taken")
		all, _ := s.Events()
		assert.Len(t, all, 1)
	})
	t.Run("a refused token", func(t *testing.T) {
		t.Parallel()
		d := contract.New(datadog)
		defer d.Close()
		d.Revoke(true)
		out, err := sendTest(t, "datadog", d.Env()...)
		require.Error(t, err)
		assert.Regexp(t, "^NOT DELIVERED after 5 seconds:\nthe destination answered 403 Forbidden: invalid credentials[^{}\n]*\n$", out)
	})
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		address := program.FreeAddress()
		out, err := sendTest(t, "otlp", "OTLP_ENDPOINT=http://"+address)
		require.Error(t, err)
		assert.Regexp(t, "^NOT DELIVERED after 5 seconds:\ncannot reach the destination at "+address+": [^{}]*connection refused\n$", out)
	})
	t.Run("no answer", func(t *testing.T) {
		t.Parallel()
		end := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-end }))
		defer server.Close()
		defer close(end)
		out, err := sendTest(t, "otlp", "OTLP_ENDPOINT="+server.URL, "SEND_TEST_SECONDS=8")
		require.Error(t, err)
		assert.Regexp(t, "^NOT DELIVERED after 8 seconds:\nthere is no answer: [^{}]*\n$", out)
	})
	t.Run("a refused record", func(t *testing.T) {
		t.Parallel()
		c := datadog
		c.Record = func(pcommon.Resource, string, plog.LogRecord) error { return errors.New("no") }
		d := contract.New(c)
		defer d.Close()
		out, err := sendTest(t, "datadog", d.Env()...)
		require.Error(t, err)
		assert.Regexp(t, "^NOT DELIVERED after 5 seconds:\nno record is taken, and an operator has to act: the destination answered 400 Bad Request: no\n$", out)
	})
	t.Run("a record that is told", func(t *testing.T) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, "max entry size '2' bytes exceeded for stream '{a=\"b\"}' while adding an entry with length '59' bytes")
		}))
		defer server.Close()
		out, err := sendTest(t, "otlp", "OTLP_ENDPOINT="+server.URL)
		require.Error(t, err)
		assert.Contains(t, out, "REFUSED: otlp does not take the record itself")
	})
	t.Run("no token", func(t *testing.T) {
		t.Parallel()
		out, err := sendTest(t, "datadog", "DD_API_KEY=")
		require.Error(t, err)
		assert.Contains(t, out, "set the environment variable DD_API_KEY")
	})
	t.Run("no such destination", func(t *testing.T) {
		t.Parallel()
		out, err := sendTest(t, "splunk")
		require.Error(t, err)
		assert.Contains(t, out, "one of: axiom betterstack cloudwatch")
	})
}

func TestDeadDestinationDoesNotSlowTheOthersWhenQueued(t *testing.T) {
	t.Parallel()
	const records = 20000
	logs := filepath.Join(t.TempDir(), "app.log")
	write(t, logs, 0, records)
	_, doubles := start(t, "queued", t.TempDir(), logs, datadog, newRelic)
	dead, other := doubles[0], doubles[1]
	dead.SetFault(func(int) contract.Fault { return contract.Fault{Status: http.StatusServiceUnavailable} })
	eventually(t, func() bool { different, _ := other.Taken(); return different == records }, "the other destination")
	different, _ := dead.Taken()
	assert.Less(t, different, records/2, "this one has been down meanwhile")
	dead.SetFault(nil)
	eventually(t, func() bool { different, _ := dead.Taken(); return different == records }, "what has waited in its queue")
	_, all := other.Taken()
	assert.Equal(t, records, all)
}

// TestAllDestinationsAtOnce starts every overlay there is for a vendor.
func TestAllDestinationsAtOnce(t *testing.T) {
	logs := filepath.Join(t.TempDir(), "app.log")
	write(t, logs, 0, 1000)
	for _, delivery := range []string{"acknowledged", "queued"} {
		t.Run(delivery, func(t *testing.T) {
			empty := filepath.Join(t.TempDir(), "app.log")
			r, s := newRsyslog(t), contract.NewSentry(sentryKey, "1")
			t.Cleanup(s.Close)
			doublesOf := append([]contract.Vendor{
				{Overlay: "papertrail", Env: []string{"PAPERTRAIL_ENDPOINT=" + r.address, "SSL_CERT_FILE=" + filepath.Join(r.dir, "ca.pem")}},
				{Overlay: "sentry", Env: []string{"SENTRY_DSN=" + s.DSN()}},
			}, vendors...)
			c, doubles := start(t, delivery, t.TempDir(), empty, doublesOf...)
			for _, d := range doubles[2:] {
				d.Revoke(true)
			}
			require.NoError(t, c.WaitReady())
			require.NoError(t, os.Link(logs, empty))
			for i, d := range doubles[2:] {
				eventually(t, func() bool { return d.Requests() > 0 }, vendors[i].Overlay)
				d.Revoke(false)
			}
			for i, d := range doubles[2:] {
				eventually(t, func() bool { different, _ := d.Taken(); return different == 1000 }, vendors[i].Overlay)
				violations, _ := d.Violations()
				assert.Empty(t, violations, vendors[i].Overlay)
				checkSample(t, vendors[i].Overlay, d)
			}
			eventuallyHolds(t, func(t require.TestingT) bool { return len(r.taken(t)) >= 1000 }, "papertrail")
			eventually(t, func() bool { all, _ := s.Events(); return len(all) == 10 }, "sentry")
			assert.Contains(t, c.Output(), "invalid credentials")
			assert.NotContains(t, c.Output(), base64.StdEncoding.EncodeToString([]byte(contract.User+":"+token)))
			assert.NotContains(t, c.Output(), contract.Account.ID)
		})
	}
}

// checkSample checks that a record has arrived with every field.
func checkSample(t *testing.T, vendor string, d *contract.Double) {
	t.Helper()
	s, ok := d.Sample("record 101")
	require.True(t, ok, vendor)
	assert.Equal(t, "mina", s.Resource["service.name"], vendor)
	assert.Equal(t, "mina-prod-01", s.Resource["host.name"], vendor)
	assert.Equal(t, "services.billing", s.Scope, vendor)
	assert.Equal(t, plog.SeverityNumberError, s.Severity, vendor)
	for key, want := range map[string]any{"url.path": "/api/meetings", "http.request.method": "POST", "user.id": "1", "meeting_id": int64(101), "exception.message": "Invalid meeting ID format"} {
		if vendor == "datadog" && key == "exception.message" {
			key = "error.message"
		}
		assert.Equal(t, want, s.Attributes[key], vendor+" "+key)
	}
}

func TestNobodyElsesCredentialsAreTaken(t *testing.T) {
	for _, v := range vendors {
		if v.Overlay == "victorialogs" {
			continue // it asks for none
		}
		d := contract.New(v)
		for _, authorization := range []string{"", "Bearer wrong", token} {
			if v.Overlay == "hyperdx" && authorization == token {
				continue
			}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL+v.Path, http.NoBody)
			require.NoError(t, err)
			r.Header.Set("Authorization", authorization)
			answer, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())
			assert.Equal(t, v.Refused, answer.StatusCode, v.Overlay)
		}
		d.Close()
	}
}

// TestNobodyIsNamedWhoHasNoName holds that there is no Authorization without a user.
func TestNobodyIsNamedWhoHasNoName(t *testing.T) {
	for _, overlay := range []string{"loki", "openobserve", "parseable", "victorialogs"} {
		t.Run(overlay, func(t *testing.T) {
			t.Parallel()
			v := contract.VendorOf(overlay)
			v.Env, v.Headers = []string{strings.ToUpper(overlay) + "_USERNAME= "}, nil
			d := contract.New(v)
			defer d.Close()
			out, err := sendTest(t, overlay, d.Env()...)
			require.NoError(t, err, out)
			violations, _ := d.Violations()
			assert.Empty(t, violations)
		})
	}
}
