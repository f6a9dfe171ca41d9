package page

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
)

// exception is what a line has of an exception that was raised in a function of a module of
// the application, which a library passed on.
func exception(kind, message, module, function string) fields {
	traceback := fmt.Sprintf("Traceback (most recent call last):\n  File \"/srv/mina/app.py\", line 9, in handle\n    work()\n"+
		"  File \"/srv/mina/%s.py\", line 43, in %s\n    call()\n  File \"/usr/lib/python3/dist-packages/sqlalchemy/engine/base.py\", line 1900, in execute\n    raise\n%s: %s",
		module, function, kind, message)
	return fields{"type": kind, "message": message, "traceback": traceback}
}

// raised is a line with an exception.
func raised(at time.Time, logger, request, user, kind, module, function string) string {
	return line(at, "It failed", fields{
		"level": "ERROR", "logger": logger, "request_id": request, "user": fields{"id": user}, "exception": exception(kind, "it is broken", module, function),
	})
}

func TestExceptionsAreCountedByWhereTheyWereRaised(t *testing.T) {
	t.Parallel()
	s, logger := sharedStack(t), "test.exceptions"
	at := time.Now().Add(-10 * time.Minute)
	var lines []string
	for i := range 7 {
		lines = append(lines, raised(at.Add(time.Duration(i)*time.Minute), logger, fmt.Sprint("request-", i/2), fmt.Sprint(i%3), "ValueError", "services/ids", "parse_id"))
	}
	lines = append(lines,
		raised(at, logger, "request-8", "1", "ValueError", "services/pay", "charge"),
		raised(at, logger, "request-8", "1", "ValueError", "services/pay", "charge"),
		raised(at, logger, "request-9", "1", "KeyError", "services/pay", "charge"))
	s.write(t, lines...)
	s.stored(t, "logger:"+logger, len(lines))
	b := s.tab(t)
	b.open(view("exceptions", "q", "logger:"+logger))

	b.sees("summary", "3 groups of 10 exceptions")
	b.sees("group-type", "ValueError", "ValueError", "KeyError")
	b.sees("group-frame", "services.ids.parse_id", "services.pay.charge", "services.pay.charge")
	b.sees("group-count", "7", "2", "1")
	b.sees("group-requests", "4", "1", "1")
	b.sees("group-users", "3", "1", "1")
	assert.Equal(t, []float64{7, 2, 1}, script[[]float64](b, all("spark")+".map(chart => chart.getAttribute('aria-label').split(': ')[1].split(', ').reduce((sum, n) => sum + Number(n), 0))"))

	b.press("j" + kb.Enter)
	assert.Contains(t, b.text("traceback"), "in parse_id")
	assert.Equal(t, []string{`  File "/srv/mina/app.py", line 9, in handle`, "    work()", `  File "/srv/mina/services/ids.py", line 43, in parse_id`, "    call()"},
		script[[]string](b, "[...document.querySelectorAll('.traceback .application')].map(line => line.textContent.trimEnd())"))
	b.click("group-search")
	b.until(all("record") + ".length === 7")
}

func TestExceptionsThatAreNoneSaySo(t *testing.T) {
	t.Parallel()
	b := sharedStack(t).tab(t)
	b.open(view("exceptions", "q", "logger:of.nobody"))
	assert.Contains(t, b.text("notice"), "No exceptions that fit the search: Last hour")
}
