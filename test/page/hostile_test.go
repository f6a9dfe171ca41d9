package page

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
)

// hostile are values that would be something else than text somewhere.
var hostile = map[string]string{
	"an element":  `<img src=x onerror="window.hit=1">`,
	"a script":    `"><script>window.hit=1</script>`,
	"an address":  `javascript:window.hit=1`,
	"a query":     `" or * | delete "`,
	"quotes":      "a\"b'c`d\\e",
	"lines":       "one\ntwo\r\n\tthree",
	"direction":   "\u202egnp.exe\u202c \u05e9\u05dc\u05d5\u05dd",
	"emoji":       "👩‍👩‍👧 naïve 漢字",
	"parentheses": "(a or b) -c:d*",
	"a template":  "${window.hit=1} {{hit}} %s %n",
}

// hostileNames are names of fields that would be.
var hostileNames = []string{`<b>"bold"`, "a:b", "with blank", `quote"d`, "or", "(x)", "-minus", "ключ"}

// inert is an expression that holds where no value has become anything but text.
const inert = "window.hit === undefined && document.querySelectorAll('main img, main script, main iframe, main b > script').length === 0"

// hostileLines have a value in every field of a record, the exception's too.
func hostileLines(logger, value string) []string {
	at := time.Now().Add(-time.Minute)
	all := fields{
		"logger": logger, "request_id": value, "process_name": value, "thread_name": value, "hostname": value, "function": value, "level": "ERROR",
		"user": fields{"id": value, "username": value}, "http": fields{"method": value, "path": value, "ip": value, "user_agent": value, "query": value},
		"status_code": value, "processing_time_ms": 12, "custom": value,
		"exception": fields{"type": value, "message": value, "traceback": "Traceback (most recent call last):\n  File \"" + value + "\", line 1, in " + value + "\n" + value},
	}
	for i, name := range hostileNames {
		all[name] = fmt.Sprint(i, value)
	}
	return []string{line(at, value, all), line(at.Add(time.Second), "Request handled", fields{"logger": logger, "request_id": value, "http": fields{"method": "GET", "path": "/" + value}, "status_code": 500, "processing_time_ms": 3})}
}

func TestHostileValuesAreTextInEveryView(t *testing.T) {
	t.Parallel()
	for i, name := range slices.Sorted(maps.Keys(hostile)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, value, logger := sharedStack(t), hostile[name], fmt.Sprint("test.hostile.", i)
			s.write(t, hostileLines(logger, value)...)
			s.stored(t, "logger:"+logger, 2)
			b := s.tab(t)
			opened := all("panel") + "[0].textContent.includes(" + quote(strings.ReplaceAll(value, "\r\n", "\n")) + ")"

			q := "logger:" + logger + " level:error"
			b.open(view("search", "q", q))
			b.until(all("record") + ".length === 1")
			b.press("j" + kb.Enter)
			b.until(opened + " || " + all("panel") + "[0].textContent.includes(" + quote(value) + ")")
			assert.True(t, script[bool](b, inert), "search")

			for _, field := range append([]string{"custom", "user.id"}, hostileNames...) {
				b.turn(view("search", "q", q))
				b.until(box + " === " + quote(q) + " && " + all("record") + ".length === 1 && !document.querySelector('[aria-busy]')")
				include := fmt.Sprintf("[...document.querySelectorAll('[data-field]')].find(row => row.dataset.field === %s)?.querySelector('button')", quote(field))
				if !script[bool](b, "Boolean("+include+")") {
					b.run(clickNth("record", 0))
				}
				b.until(include)
				script[bool](b, include+".click(), true")
				b.until(box + " !== " + quote(q) + " && " + all("record") + ".length === 1 && !document.querySelector('[aria-busy]')")
				assert.True(t, script[bool](b, inert), field)
			}

			for hash, drawn := range map[string]string{
				view("exceptions", "q", "logger:"+logger): "group", view("slow", "q", "logger:"+logger): "path", view("live", "q", "logger:"+logger): "live-row",
				"#/request/" + url.PathEscape(value): "step",
			} {
				b.turn(hash)
				b.until(all(drawn) + ".length > 0")
				b.press("j" + kb.Enter)
				assert.True(t, script[bool](b, inert), hash)
			}
		})
	}
}

// box is an expression for what the search box says.
var box = all("box") + "[0]?.value"

func TestHostileAddressesAreText(t *testing.T) {
	t.Parallel()
	s := sharedStack(t)
	for _, name := range slices.Sorted(maps.Keys(hostile)) {
		value := hostile[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := s.tab(t, "400", "404")
			b.open("")
			for _, hash := range []string{
				view("search", "q", value), view("search", "from", value, "to", value), view("search", "cols", value), "#/request/" + url.PathEscape(value), view("exceptions", "q", value),
				view("slow", "q", value, "sort", value), view("live", "q", value), view("record", "id", value), "#/" + value, "#" + value, "#/request/%", "#/search?q=%",
			} {
				b.turn(hash)
				b.until("document.querySelector('main > .view')?.children.length > 0")
				assert.True(t, script[bool](b, inert), hash)
			}
		})
	}
}

func TestHugeRecordsAreShownInPart(t *testing.T) {
	t.Parallel()
	s, logger := ownStack(t, "exporters::lossless_otlp_http/explore::sending_queue::batch::max_size: 4000000", "receivers::mina::file::max_log_size: 4MiB", "processors::mina::max_record_size: 4MiB", "exporters::lossless_otlp_http/explore::limits::attributes: 1000"), "test.huge"
	many := fields{"logger": logger}
	for i := range 500 {
		many[fmt.Sprintf("field_%03d", i)] = strings.Repeat("v", 40)
	}
	body := strings.Repeat("0123456789 ", 150_000)
	s.write(t, line(time.Now().Add(-2*time.Minute), body, fields{"logger": logger}), line(time.Now().Add(-time.Minute), "many fields", many))
	s.stored(t, "logger:"+logger, 2)
	b := s.tab(t)
	b.open(view("search", "q", "logger:"+logger))
	b.until(all("record") + ".length === 2")
	b.press("j" + kb.Enter)
	b.until("document.querySelectorAll('[data-field]').length > 40")
	b.click("all-fields")
	b.until("document.querySelectorAll('[data-field]').length > 200")
	b.press(kb.Escape + "j" + kb.Enter)
	b.until("document.querySelector('[data-testid=whole]')")
	assert.Less(t, script[int](b, "document.querySelector('main').textContent.length"), 100_000)
	b.click("whole")
	b.until("document.querySelector('[data-testid=panel]').textContent.length > 1_000_000")
}
