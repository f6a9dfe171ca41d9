package api

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestPathsAreOneWhereOnlyTheirIDsDiffer(t *testing.T) {
	paths := map[string]string{
		"/api/meetings/4855":                        "/api/meetings/{id}",
		"/api/meetings/1/transcribe":                "/api/meetings/{id}/transcribe",
		"/api/users/7/8/9":                          "/api/users/{id}/{id}/{id}",
		"/u/550e8400-e29b-41d4-a716-446655440000":   "/u/{id}",
		"/u/fe0e8400-e29b-41d4-a716-44665544000f/x": "/u/{id}/x",
		"/o/507f1f77bcf86cd799439011":               "/o/{id}",
		"/l/01ARZ3NDEKTSV4RRFFQ69G5FAV":             "/l/{id}",
		"/api/v1/feed/face/add":                     "/api/v1/feed/face/add",
		"/api/v2/feed":                              "/api/v2/feed",
		"/report-2026.pdf":                          "/report-2026.pdf",
		"/12ab":                                     "/12ab",
		"/":                                         "/",
	}
	var lines, expected []string
	i := 0
	for path, folded := range paths {
		i++
		method := fmt.Sprintf("M%02d", i) // tells the paths apart
		lines = append(lines, line(ago(time.Minute), "_msg", "handled", "http.request.method", method, "url.path", path, "http.response.status_code", "200", "processing_time_ms", "1"))
		expected = append(expected, method+" "+folded)
	}
	s := newSite(t, lines...)
	var found []string
	for _, p := range ask[slowAnswer](t, s, "/api/slow").Paths {
		found = append(found, p.Method+" "+p.Path)
		assert.Equal(t, int64(1), p.Requests)
		assert.InDelta(t, 1, p.P95, 0)
	}
	assert.ElementsMatch(t, expected, found)
}

func TestARequestCountsOnce(t *testing.T) {
	var lines []string
	for i := range 100 {
		at, id, path := ago(time.Duration(i+1)*time.Second), fmt.Sprint("r", i), fmt.Sprintf("/api/meetings/%d", i)
		common := []string{"http.request.method", "GET", "url.path", path}
		status := "200"
		if i%10 == 0 {
			status = "503"
		}
		lines = append(lines,
			line(at, append(common, "_msg", "Request started", "mina.request.id", id)...),
			line(at, append(common, "_msg", "Checked", "mina.request.id", id, "http.response.status_code", status)...),
			line(at, append(common, "_msg", "Request handled", "mina.request.id", id, "processing_time_ms", fmt.Sprint(i+1), "latency_ms", "9999")...),
			line(at, append(common, "_msg", "GET", "scope.name", "gunicorn.access", "http.response.status_code", status, "duration_seconds", "7")...))
	}
	s := newSite(t, lines...)
	assert.Equal(t, slowAnswer{Paths: []*slowPath{
		{Method: "GET", Path: "/api/meetings/{id}", Requests: 100, P50: 51, P95: 96, Max: 100, Errors: 10, ErrorShare: 0.1, Measured: 100},
	}}, ask[slowAnswer](t, s, "/api/slow"))
}
