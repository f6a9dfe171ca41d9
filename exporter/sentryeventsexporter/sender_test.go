package sentryeventsexporter

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/exporter/sentryeventsexporter/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

const key = "0123456789abcdef"

// server remembers the events that it has taken.
type server struct {
	*httptest.Server
	mu      sync.Mutex
	answers []int
	// refuse says with which status an event is always refused, or 0.
	refuse   func(event map[string]any) int
	header   http.Header
	requests int
	events   []map[string]any
}

// newServer answers the first requests with these statuses and takes the others.
func newServer(t *testing.T, answers ...int) *server {
	s := &server{answers: answers, header: http.Header{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := gzip.NewReader(r.Body)
		if !assert.NoError(t, err) {
			return
		}
		envelope, err := io.ReadAll(text)
		assert.NoError(t, err)
		lines := bytes.SplitN(envelope, []byte("\n"), 3)
		var event map[string]any
		assert.NoError(t, json.Unmarshal(lines[2], &event))
		s.mu.Lock()
		defer s.mu.Unlock()
		s.requests++
		for name, values := range s.header {
			w.Header()[name] = values
		}
		status := 0
		switch {
		case s.refuse != nil:
			status = s.refuse(event)
		case len(s.answers) > 0:
			status, s.answers = s.answers[0], s.answers[1:]
		}
		if status != 0 {
			w.WriteHeader(status)
			if status != http.StatusOK {
				_, _ = io.WriteString(w, "no, "+key)
				return
			}
		}
		s.events = append(s.events, event)
	}))
	t.Cleanup(s.Close)
	return s
}

func configFor(t *testing.T, s *server) *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.DSN = configopaque.String(strings.Replace(s.URL, "http://", "http://"+key+"@", 1) + "/1")
	cfg.DeadLetter.Directory = t.TempDir()
	cfg.RetryConfig.InitialInterval, cfg.RetryConfig.MaxInterval = time.Millisecond, time.Millisecond
	return cfg
}

func newTestSender(t *testing.T, cfg *Config) *sender {
	s, err := newSender(cfg, exportertest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	require.NoError(t, s.start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { assert.NoError(t, s.shutdown(context.Background())) })
	return s
}

// logs returns a record a body, with these attributes.
func logs(severity plog.SeverityNumber, attributes map[string]any, bodies ...string) plog.Logs {
	all := plog.NewLogs()
	rl := all.ResourceLogs().AppendEmpty()
	_ = rl.Resource().Attributes().FromRaw(map[string]any{"service.name": "mina", "host.name": "mina-prod-01", "service.version": "1.4", "deployment.environment.name": "production"})
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName("services.billing")
	for i, body := range bodies {
		record := sl.LogRecords().AppendEmpty()
		record.SetTimestamp(at(1759335125 + i))
		record.SetSeverityNumber(severity)
		record.Body().SetStr(body)
		_ = record.Attributes().FromRaw(attributes)
	}
	return all
}

func TestEvent(t *testing.T) {
	server := newServer(t)
	s := newTestSender(t, configFor(t, server))
	record := logs(plog.SeverityNumberFatal, map[string]any{
		"code.function.name": "billing.charge", "user.id": "42", "user.name": "ana", "client.address": "203.0.113.9",
		"http.request.method": "POST", "url.path": "/api/charge", "url.query": "a=1", "user_agent.original": "curl",
		"mina.request.id": "0f8fad5b", "thread.name": "MainThread", "meeting_id": 7, "deep": map[string]any{"list": []any{1.5, true}},
		"exception.type": "ValueError", "exception.message": "no",
	}, "Charge failed")
	record.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).SetTraceID([16]byte{1})
	record.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).SetSpanID([8]byte{2})
	require.NoError(t, s.push(t.Context(), record))
	require.NoError(t, s.push(t.Context(), record))
	got, err := json.MarshalIndent(server.events[0], "", "  ")
	require.NoError(t, err)
	assert.Equal(t, server.events[0], server.events[1], "the same at every try")
	golden := filepath.Join("testdata", "event.json")
	if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(golden, append(got, '\n'), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.JSONEq(t, string(want), string(got))
}

func TestLongEventsLoseTheirBreadcrumbsFirst(t *testing.T) {
	noise := func(n int) string { // does not compress
		text := make([]byte, n)
		for i := range text {
			text[i] = byte('!' + rand.IntN(90))
		}
		return string(text)
	}
	var trail []breadcrumb
	for i := range 60 {
		trail = append(trail, crumb(i, noise(1000)))
	}
	crumbs, err := json.Marshal(trail)
	require.NoError(t, err)
	for name, test := range map[string]struct {
		body, extra, trace int
		want               string
	}{
		"short":              {10, 10, 0, ""},
		"breadcrumbs":        {10, 200000, 0, "breadcrumbs"},
		"extra":              {10, 400000, 0, "breadcrumbs, extra"},
		"message":            {400000, 10, 0, "breadcrumbs, extra, message"},
		"before compression": {10, 10, 40000, "breadcrumbs, extra, frames"},
	} {
		t.Run(name, func(t *testing.T) {
			server := newServer(t)
			s := newTestSender(t, configFor(t, server))
			attributes := map[string]any{"extra": noise(test.extra)}
			if test.trace > 0 {
				call := "  File \"/srv/" + strings.Repeat("a", test.trace) + "\", line 1, in f\n    f()\n"
				attributes["exception.stacktrace"] = "Traceback (most recent call last):\n" + strings.Repeat(call, 100) + "ValueError: no"
			}
			all := logs(plog.SeverityNumberError, attributes, noise(test.body))
			all.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().PutEmptyBytes(breadcrumbsKey).FromRaw(crumbs)
			require.NoError(t, s.push(t.Context(), all))
			require.Len(t, server.events, 1)
			tags := server.events[0]["tags"].(map[string]any)
			if test.want == "" {
				assert.NotContains(t, tags, minaattr.Truncated)
			} else {
				assert.Equal(t, test.want, tags[minaattr.Truncated])
			}
		})
	}
}

func TestEventThatIsRefusedForWhatItIsIsBuriedAndTheOthersAreSentOnce(t *testing.T) {
	for _, status := range []int{400, 413} {
		server := newServer(t)
		server.refuse = func(event map[string]any) int {
			if strings.Contains(fmt.Sprint(event["logentry"]), "two") {
				return status
			}
			return 0
		}
		s := newTestSender(t, configFor(t, server))
		require.NoError(t, s.push(t.Context(), logs(plog.SeverityNumberError, nil, "one", "two", "three")))
		letters, err := os.ReadFile(s.deadLetters.Path())
		require.NoError(t, err)
		assert.Contains(t, string(letters), "two")
		assert.NotContains(t, string(letters), `"three"`)
		assert.Len(t, server.events, 2)
	}
}

func TestAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		answer  int
		again   bool
		message string
	}{
		"taken":         {answer: 200},
		"refused once":  {answer: 400},
		"too long once": {answer: 413},
		"wrong key":     {answer: 403, again: true, message: "Sentry answered 403 Forbidden: no, [secret]"},
		"no project":    {answer: 404, again: true, message: "Sentry answered 404 Not Found"},
		"down":          {answer: 502, again: true, message: "Sentry answered 502 Bad Gateway"},
		"too many":      {answer: 429, again: true, message: "Sentry limits the rate of events"},
	} {
		t.Run(name, func(t *testing.T) {
			server := newServer(t, 200, test.answer)
			s := newTestSender(t, configFor(t, server))
			err := s.push(t.Context(), logs(plog.SeverityNumberError, nil, "one", "two", "three"))
			assert.NoFileExists(t, s.deadLetters.Path())
			if !test.again {
				require.NoError(t, err)
				assert.Len(t, server.events, 3)
				return
			}
			require.ErrorContains(t, err, test.message)
			assert.NotContains(t, err.Error(), key)
			assert.False(t, consumererror.IsPermanent(err))
			var left consumererror.Logs
			require.ErrorAs(t, err, &left)
			assert.Equal(t, 2, left.Data().LogRecordCount(), "the first is not sent again")
		})
	}
}

func TestRateLimits(t *testing.T) {
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		status int
		header http.Header
		want   time.Duration
	}{
		"none":                       {200, nil, 0},
		"on a success":               {200, http.Header{"X-Sentry-Rate-Limits": {"5:error:key"}}, 5 * time.Second},
		"another category":           {200, http.Header{"X-Sentry-Rate-Limits": {"5:transaction;session:key"}}, 0},
		"of logs alone":              {429, http.Header{"X-Sentry-Rate-Limits": {"5:log_item;log_byte:organization:quota"}}, 0},
		"all categories":             {429, http.Header{"X-Sentry-Rate-Limits": {"7::organization"}}, 7 * time.Second},
		"the longest":                {429, http.Header{"X-Sentry-Rate-Limits": {"3:error:key, 9:default;error:key:quota, 60:transaction:key"}}, 9 * time.Second},
		"unreadable":                 {429, http.Header{"X-Sentry-Rate-Limits": {"soon:error:key"}}, time.Minute},
		"Retry-After":                {429, http.Header{"Retry-After": {"11"}}, 11 * time.Second},
		"Retry-After, a date":        {429, http.Header{"Retry-After": {now.Add(13 * time.Second).Format(http.TimeFormat)}}, 13 * time.Second},
		"Retry-After without 429":    {503, http.Header{"Retry-After": {"11"}}, 0},
		"429 that does not say":      {429, nil, time.Minute},
		"more than anybody can wait": {429, http.Header{"Retry-After": {"1e300"}}, maxLimit},
	} {
		t.Run(name, func(t *testing.T) {
			var l rateLimits
			l.learn(test.status, test.header, now)
			assert.Equal(t, test.want, l.wait(now))
			assert.Zero(t, l.wait(now.Add(test.want)))
		})
	}
}

func FuzzRateLimits(f *testing.F) {
	f.Add("5:error:key, 7::organization")
	f.Fuzz(func(t *testing.T, list string) {
		if limit := limitOf(list); limit < 0 || limit > maxLimit {
			t.Fatal(limit)
		}
	})
}

func TestNothingIsAskedWhileTheRateIsLimited(t *testing.T) {
	server := newServer(t)
	server.header.Set("X-Sentry-Rate-Limits", "60:error:key")
	s := newTestSender(t, configFor(t, server))
	err := s.push(t.Context(), logs(plog.SeverityNumberError, nil, "one", "two", "three"))
	require.ErrorContains(t, err, "limits the rate")
	assert.Equal(t, 1, server.requests)
}

// newWhole starts the exporter with its selector and queue.
func newWhole(t *testing.T, cfg *Config) exporter.Logs {
	queue := exporterhelper.NewDefaultQueueConfig()
	queue.WaitForResult = true
	cfg.QueueConfig = configoptional.Some(queue)
	e, err := NewFactory().CreateLogs(t.Context(), exportertest.NewNopSettings(metadata.Type), cfg)
	require.NoError(t, err)
	require.NoError(t, e.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { assert.NoError(t, e.Shutdown(context.Background())) })
	return e
}

func TestRecordsBelowErrorAreOnlyBreadcrumbs(t *testing.T) {
	server := newServer(t)
	e := newWhole(t, configFor(t, server))
	require.NoError(t, e.ConsumeLogs(t.Context(), logs(plog.SeverityNumberDebug, nil, "debug")))
	require.NoError(t, e.ConsumeLogs(t.Context(), logs(plog.SeverityNumberInfo, nil, "info")))
	require.NoError(t, e.ConsumeLogs(t.Context(), logs(plog.SeverityNumberWarn, nil, "warning")))
	require.NoError(t, e.ConsumeLogs(t.Context(), logs(plog.SeverityNumberError, nil, "error")))
	require.Len(t, server.events, 1)
	var got []string
	for _, c := range server.events[0]["breadcrumbs"].(map[string]any)["values"].([]any) {
		c := c.(map[string]any)
		got = append(got, c["level"].(string)+" "+c["message"].(string)+" "+c["category"].(string))
	}
	assert.Equal(t, []string{"info info services.billing", "warning warning services.billing"}, got)
}

func TestConditionChoosesTheEvents(t *testing.T) {
	server := newServer(t)
	cfg := configFor(t, server)
	cfg.Before = `not IsMatch(log.body, "^harmless")`
	e := newWhole(t, cfg)
	require.NoError(t, e.ConsumeLogs(t.Context(), logs(plog.SeverityNumberError, nil, "harmless", "bad", "harmless too")))
	require.Len(t, server.events, 1)
	assert.Equal(t, map[string]any{"formatted": "bad"}, server.events[0]["logentry"])
	assert.Len(t, server.events[0]["breadcrumbs"].(map[string]any)["values"], 1, "what is no event is a breadcrumb")
}

func TestSampling(t *testing.T) {
	server := newServer(t)
	for rate, want := range map[float64][2]int{0: {0, 0}, 0.5: {50, 150}, 1: {200, 200}} {
		cfg := configFor(t, server)
		cfg.SampleRate = rate
		s := newTestSender(t, cfg)
		server.events = nil
		require.NoError(t, s.push(t.Context(), logs(plog.SeverityNumberError, nil, strings.Split(strings.Repeat("x ", 199)+"x", " ")...)))
		assert.GreaterOrEqual(t, len(server.events), want[0])
		assert.LessOrEqual(t, len(server.events), want[1])
	}
}

func TestDeadServerIsAnErrorThatCanBeTriedAgain(t *testing.T) {
	server := newServer(t)
	s := newTestSender(t, configFor(t, server))
	server.Close()
	err := s.push(t.Context(), logs(plog.SeverityNumberError, nil, "a payload"))
	require.Error(t, err)
	assert.False(t, consumererror.IsPermanent(err))
	assert.NotContains(t, err.Error(), key)
	assert.NotContains(t, err.Error(), "a payload")
	assert.False(t, errors.Is(err, context.Canceled))
}
