package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// deadLettersIn returns what is in the dead-letter files of a state directory.
func deadLettersIn(t require.TestingT, state string) string {
	files, err := filepath.Glob(filepath.Join(state, "dead-letter", "*.jsonl"))
	require.NoError(t, err)
	var all []byte
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		all = append(all, text...)
	}
	return string(all)
}

// refusing starts a server in front of an endpoint that refuses requests with a word in
// them. They must not be compressed.
func refusing(t *testing.T, e *endpoint, word string) (url string) {
	url, _ = inFrontOf(t, e, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if bytes.Contains(body, []byte(word)) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, "cannot parse [duration] of poison-4711: not a number")
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		e.handle(w, r)
	})
	return url
}

// TestRefusedSenderLosesNothingAndBuriesNothing has a destination, or what stands in
// front of it, refuse everything with a status that others have for contents, first from
// the start on, and then in the middle.
func TestRefusedSenderLosesNothingAndBuriesNothing(t *testing.T) {
	t.Parallel()
	const lines = 3000
	for i, refusal := range []struct {
		name        string
		status      int
		media, body string
		said        string
	}{
		{"a proxy", 400, "text/html", "<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>", "The plain HTTP request was sent to HTTPS port"},
		{"a header", 400, "text/plain", "X-Scope-OrgID is missing", "answered 400 Bad Request: X-Scope-OrgID is missing"},
		{"an expired token", 400, "application/json", `{"message":"the token has expired"}`, "the token has expired"},
		{"a wrong path", 400, "text/plain", "unsupported path requested", "unsupported path requested"},
		{"not acceptable", 406, "", "", "answered 406 Not Acceptable"},
		{"a blocked index", 422, "application/json", `{"error":"index write blocked"}`, "index write blocked"},
		{"a type", 415, "text/plain", "only JSON is supported", "answered 415 Unsupported Media Type: only JSON is supported"},
		{"nothing of a batch", 200, "Application/JSON; charset=utf-8", `{"partialSuccess":{"rejectedLogRecords":"100000","errorMessage":"no such dataset"}}`, "no such dataset"},
	} {
		delivery := deliveries[i%len(deliveries)]
		t.Run(refusal.name+" "+delivery, func(t *testing.T) {
			t.Parallel()
			e, path, state := newEndpoint(t), filepath.Join(t.TempDir(), "app.log"), t.TempDir()
			appendTo(t, path, numbered(0, 100))
			url, open := inFrontOf(t, e, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				w.Header()["Content-Type"] = []string{refusal.media}
				w.WriteHeader(refusal.status)
				_, _ = io.WriteString(w, refusal.body)
			})
			c := startCollector(t, program.OTLP(state, path, url, delivery))
			said := func() bool { return strings.Contains(c.Output(), refusal.said) }
			eventually(t, said, "the answer is in the log")
			eventually(t, func() bool { return c.Health("logs/otlp") != http.StatusOK }, "unhealthy")
			open.Store(true)
			eventually(t, func() bool { return len(e.records()) == 100 }, "what waited")
			eventually(t, func() bool { return c.Health("logs/otlp") == http.StatusOK }, "healthy")

			open.Store(false)
			appendTo(t, path, numbered(100, lines))
			eventually(t, func() bool { return c.Health("logs/otlp") != http.StatusOK }, "unhealthy again")
			assert.Empty(t, deadLettersIn(t, state))
			open.Store(true)
			eventually(t, func() bool { return len(e.records()) >= lines }, "everything")
			c.Stop()
			e.requireNumbered(t, lines, 1)
			assert.Empty(t, deadLettersIn(t, state))
		})
	}
}

// TestOnlyWhatIsRefusedForWhatItIsIsBuried has records that are refused among others,
// and alone.
func TestOnlyWhatIsRefusedForWhatItIsIsBuried(t *testing.T) {
	t.Parallel()
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			t.Parallel()
			e, path, state := newEndpoint(t), filepath.Join(t.TempDir(), "app.log"), t.TempDir()
			url := refusing(t, e, "poison")
			var text strings.Builder
			for i := range 2000 {
				text.WriteString(numbered(i, i+1))
				if i%100 == 50 {
					fmt.Fprintf(&text, `{"level":"INFO","message":"poison-4711 %d"}`+"\n", i)
				}
			}
			appendTo(t, path, text.String())
			settings := program.OTLP(state, path, url, delivery)
			settings.Env = append(settings.Env, "OTLP_COMPRESSION=none")
			c := startCollector(t, settings)
			eventually(t, func() bool { return len(e.records()) == 2000 }, "the others")
			eventuallyHolds(t, func(t require.TestingT) bool { return strings.Count(deadLettersIn(t, state), "poison-4711 ") == 20 }, "buried")
			appendTo(t, path, `{"level":"INFO","message":"poison-4711 alone"}`+"\n")
			eventually(t, func() bool { return strings.Contains(c.Output(), "an operator has to act") }, "alone, it waits")
			appendTo(t, path, numbered(2000, 2001))
			eventuallyHolds(t, func(t require.TestingT) bool { return strings.Contains(deadLettersIn(t, state), "poison-4711 alone") }, "the next is taken")
			eventually(t, func() bool { return c.Health("logs/otlp") == http.StatusOK }, "healthy")
			c.Stop()
			e.requireNumbered(t, 2001, 1)
			letters := deadLettersIn(t, state)
			assert.Equal(t, 21, strings.Count(letters, "\n"))
			assert.Contains(t, letters, "not a number")
			assert.NotContains(t, c.Output(), "4711", "the log quotes no record")
		})
	}
}
