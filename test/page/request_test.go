package page

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
)

// requestLines are those of a request that goes through two processes, with a silence.
func requestLines(id string) []string {
	start := time.Now().Add(-5 * time.Minute).Truncate(time.Millisecond)
	http := fields{"method": "POST", "path": "/api/meetings/7/transcribe", "ip": "203.0.113.5"}
	at := func(after time.Duration, process int, level, logger, message string, more fields) string {
		all := fields{"request_id": id, "http": http, "user": fields{"id": "42", "username": "ana"}, "process_id": process, "level": level, "logger": logger}
		for name, value := range more {
			all[name] = value
		}
		return line(start.Add(after), message, all)
	}
	return []string{
		at(0, 101, "DEBUG", "app", "Request started", nil),
		at(2500*time.Microsecond, 102, "INFO", "services.transcription", "Job taken", nil),
		at(4*time.Millisecond, 102, "WARNING", "services.limiter", "Nearly full", nil),
		at(1504*time.Millisecond, 102, "ERROR", "services.transcription", "Transcription failed", nil),
		at(1510*time.Millisecond, 101, "INFO", "app", "Request handled", fields{"status_code": 500, "processing_time_ms": 1510}),
	}
}

func TestRequestIsShownOverItsProcesses(t *testing.T) {
	t.Parallel()
	s, id := sharedStack(t), "0f8fad5b-d9cb-469f-a165-70867728950e"
	s.write(t, requestLines(id)...)
	s.stored(t, "request:"+id, 5)
	b := s.tab(t)
	b.open("#/request/" + id)

	b.sees("head-status", "500")
	assert.Contains(t, b.text("head"), "POST /api/meetings/7/transcribe")
	for name, want := range map[string]string{
		"took": "1.5 s", "user": "ana", "address": "203.0.113.5", "processes": "2", "records": "5", "errors": "1", "request": id,
	} {
		b.sees("head-"+name, want)
	}
	assert.Equal(t, [][]string{
		{"+0 ms", "0 ms", "mina-prod-01 101", "DEBUG", "app", "Request started"},
		{"+2.5 ms", "2.5 ms", "mina-prod-01 102", "INFO", "services.transcription", "Job taken"},
		{"+4 ms", "1.5 ms", "mina-prod-01 102", "WARNING", "services.limiter", "Nearly full"},
		{"+1.5 s", "1.5 s", "mina-prod-01 102", "ERROR", "services.transcription", "Transcription failed"},
		{"+1.5 s", "6 ms", "mina-prod-01 101", "INFO", "app", "Request handled"},
	}, script[[][]string](b, all("step")+".map(row => [...row.cells].map(cell => (cell.querySelector('.unseen') ?? cell).textContent))"))
	b.sees("gap", "1.5 s without a record")
	assert.Equal(t, []string{
		"mina-prod-01 101: 2 records, 0 errors, from 0 ms to 1.5 s", "mina-prod-01 102: 3 records, 1 error, from 2.5 ms to 1.5 s",
	}, script[[]string](b, "[...document.querySelectorAll('.lanes svg')].map(line => line.getAttribute('aria-label'))"))

	b.press("jjj" + kb.Enter)
	assert.Contains(t, b.text("detail"), "services.limiter")
	b.press(kb.Escape)
	b.sees("detail")
	b.click("head-search")
	b.until(all("record") + ".length === 5")
}

func TestRequestOfATraceIsShown(t *testing.T) {
	t.Parallel()
	s, trace := sharedStack(t), strings.Repeat("4bf92f3577b34da6", 2)
	at := time.Now().Add(-time.Minute)
	s.write(t, line(at, "Called", fields{"trace_id": trace, "span_id": "00f067aa0ba902b7"}), line(at.Add(time.Millisecond), "Answered", fields{"trace_id": trace}))
	s.stored(t, "trace_id:"+trace, 2)
	b := s.tab(t)
	b.open("#/request/" + trace)
	b.sees("head-trace", trace)
	assert.Contains(t, b.text("timeline"), "Answered")
}

func TestRequestThatIsNotThereSaysWhatToDo(t *testing.T) {
	t.Parallel()
	b := sharedStack(t).tab(t, "404")
	b.open("#/request/nothing%2Fof%20the%20kind")
	assert.NotEmpty(t, b.text("problem"))
}
