package page

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestSlowPathsAreFoldedAndSorted(t *testing.T) {
	t.Parallel()
	s, logger := sharedStack(t), "test.slow"
	at, lines := time.Now().Add(-5*time.Minute), []string{}
	handled := func(method, path string, ms float64, status int) {
		lines = append(lines, line(at, "Request handled", fields{
			"logger": logger, "request_id": fmt.Sprint(logger, len(lines)), "http": fields{"method": method, "path": path}, "processing_time_ms": ms, "status_code": status,
		}))
	}
	for i := range 100 {
		handled("GET", fmt.Sprintf("/api/meetings/%d", i), float64(i+1), 200)
	}
	for i := range 4 {
		handled("POST", "/api/login", 500, 200+300*(i%2))
	}
	handled("GET", "/healthz", 0.4, 200)
	s.write(t, lines...)
	s.stored(t, "logger:"+logger, len(lines))
	b := s.tab(t)
	b.open(view("slow", "q", "logger:"+logger))

	names := all("path") + ".map(row => row.cells[0].textContent)"
	b.until(all("path") + ".length === 3")
	assert.Equal(t, []string{"POST /api/login", "GET /api/meetings/{id}", "GET /healthz"}, script[[]string](b, names), "the slowest first")
	assert.Equal(t, []string{"4", "500 ms", "500 ms", "500 ms", "50 % (2)"}, script[[]string](b, all("path")+"[0].innerText.split('\\t').slice(1, 6).map(text => text.trim())"))
	assert.Equal(t, []string{"100", "51 ms", "96 ms", "100 ms", "0"}, script[[]string](b, all("path")+"[1].innerText.split('\\t').slice(1, 6).map(text => text.trim())"))

	b.click("sort-requests")
	b.until(names + "[0] === 'GET /api/meetings/{id}'")
	assert.Equal(t, "descending", script[string](b, all("sort-requests")+"[0].closest('th').getAttribute('aria-sort')"))
	b.click("sort-requests")
	b.until(names + "[0] === 'GET /healthz'")
	assert.Equal(t, "sort-requests", script[string](b, "document.activeElement.dataset.testid"), "the focus stays")
	assert.Contains(t, script[string](b, "location.hash"), "sort=requests")

	b.click("sort-p95_ms")
	b.until(names + "[1] === 'GET /api/meetings/{id}'")
	b.run(clickNth("path-search", 1))
	b.until("document.querySelector('[data-testid=count]')?.innerText.startsWith('100 ')")
}

func TestSlowPathsThatAreNoneSaySo(t *testing.T) {
	t.Parallel()
	b := sharedStack(t).tab(t)
	b.open(view("slow", "q", "logger:of.nobody"))
	assert.Contains(t, b.text("notice"), "No requests that fit the search: Last hour")
}
