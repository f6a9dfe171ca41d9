package contract_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/contract"
	"github.com/mina-observability/otelcol-mina/test/program"
)

const sentryKey = "0123456789abcdef0123456789abcdef"

func startSentry(t *testing.T, delivery, logs string, overrides ...string) (*program.Collector, *contract.Sentry) {
	t.Helper()
	s := contract.NewSentry(sentryKey, "42")
	t.Cleanup(s.Close)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("violations: %q", s.Violations())
		}
	})
	return startCollector(t, program.Settings{
		Configs:   []string{"base.yaml", "sentry.yaml"},
		Env:       []string{"MINA_STATE_DIR=" + t.TempDir(), "MINA_LOGS=" + logs, "MINA_DELIVERY=" + delivery, "SENTRY_DSN=" + s.DSN(), "SENTRY_ENVIRONMENT=testing"},
		Overrides: overrides,
	}, sentryKey), s
}

// TestSentryGetsEveryEvent sends 50,000 records, of which every hundredth is an error.
func TestSentryGetsEveryEvent(t *testing.T) {
	t.Parallel()
	const records, events = 50000, 500
	logs := filepath.Join(t.TempDir(), "app.log")
	write(t, logs, 0, records)
	for _, delivery := range []string{"acknowledged", "queued"} {
		t.Run(delivery, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "app.log")
			c, s := startSentry(t, delivery, path)
			s.SetFault(func(request int) contract.Fault {
				switch request {
				case 3:
					return contract.Fault{Status: http.StatusTooManyRequests, RetryAfter: 1}
				case 20:
					return contract.Fault{Status: http.StatusServiceUnavailable}
				case 50:
					return contract.Fault{Status: http.StatusOK, RetryAfter: 1}
				}
				return contract.Fault{}
			})
			require.NoError(t, c.WaitReady())
			require.NoError(t, os.Link(logs, path))
			eventually(t, func() bool { all, _ := s.Events(); return len(all) >= events }, "every event")
			all, again := s.Events()
			assert.Len(t, all, events)
			assert.Zero(t, again)
			assert.Empty(t, s.Violations())
			for _, e := range all {
				message := e["logentry"].(map[string]any)["formatted"].(string)
				var n int
				_, err := fmt.Sscanf(message, "record %d", &n)
				require.NoError(t, err)
				require.Equal(t, 1, n%100)
				assert.Equal(t, "testing", e["environment"])
				assert.Equal(t, "mina-prod-01", e["server_name"])
				assert.Equal(t, "billing.charge", e["transaction"])
				assert.Equal(t, map[string]any{"id": fmt.Sprint(n % 50), "username": "ana", "ip_address": "203.0.113.9"}, e["user"])
				assert.Equal(t, map[string]any{"method": "POST", "url": "/api/meetings", "query_string": "page=2", "headers": map[string]any{"User-Agent": "curl/8.14.1"}}, e["request"])
				x := e["exception"].(map[string]any)["values"].([]any)[0].(map[string]any)
				assert.Equal(t, "ValueError", x["type"])
				assert.Equal(t, "Invalid meeting ID format", x["value"])
				if frames := n % 200; frames > 0 {
					assert.Len(t, x["stacktrace"].(map[string]any)["frames"], frames)
				}
			}
		})
	}
}

func TestBreadcrumbsAreThoseOfTheRequest(t *testing.T) {
	logs := filepath.Join(t.TempDir(), "app.log")
	var text strings.Builder
	for i := range 300 {
		for _, request := range []string{"a", "b"} {
			level := "INFO"
			if i%3 == 1 {
				level = "DEBUG"
			}
			fmt.Fprintf(&text, `{"timestamp": "2025-10-01T16:12:%02d.%03dZ", "level": %q, "logger": "app", "message": "step %d of %s", "request_id": %q}`+"\n", i/10, i%10, level, i, request, request)
		}
	}
	text.WriteString(`{"timestamp": "2025-10-01T16:12:40Z", "level": "ERROR", "logger": "app", "message": "failed", "request_id": "b"}` + "\n")
	require.NoError(t, os.WriteFile(logs, []byte(text.String()), 0o600))
	_, s := startSentry(t, "acknowledged", logs)
	eventually(t, func() bool { all, _ := s.Events(); return len(all) == 1 }, "the event")
	all, _ := s.Events()
	crumbs := all[0]["breadcrumbs"].(map[string]any)["values"].([]any)
	require.Len(t, crumbs, 100)
	for i, crumb := range crumbs {
		n := 150 + i/2*3
		if i%2 == 1 {
			n += 2
		}
		require.Equal(t, fmt.Sprintf("step %d of b", n), crumb.(map[string]any)["message"], i)
	}
	assert.Empty(t, s.Violations())
}

func TestRefusedDSNWaitsForTheOperator(t *testing.T) {
	t.Parallel()
	logs := filepath.Join(t.TempDir(), "app.log")
	write(t, logs, 0, 300)
	c, s := startSentry(t, "acknowledged", logs)
	s.SetFault(func(int) contract.Fault { return contract.Fault{Status: http.StatusForbidden} })
	eventually(t, func() bool { return c.Health("logs/sentry") == http.StatusInternalServerError }, "unhealthy")
	assert.Contains(t, c.Output(), "The destination refuses this sender")
	s.SetFault(nil)
	eventually(t, func() bool { all, _ := s.Events(); return len(all) == 3 }, "every event")
}
