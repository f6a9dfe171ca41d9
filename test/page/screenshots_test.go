package page

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// largest is how many bytes a picture has at most.
const largest = 150_000

// TestScreenshots draws the pictures of the documents: make screenshots.
func TestScreenshots(t *testing.T) {
	if os.Getenv("MINA_SCREENSHOTS") == "" {
		t.Skip("make screenshots draws them")
	}
	s := ownStack(t)
	lines, request := anHour(time.Now())
	s.write(t, lines...)
	s.stored(t, "", len(lines))
	for name, shot := range map[string]struct {
		scheme, hash, ready string
		keys                string
	}{
		"search":     {"light", view("search"), "record", ""},
		"request":    {"light", "#/request/" + request, "step", ""},
		"exceptions": {"dark", view("exceptions"), "group", "j" + kb.Enter},
		"slow":       {"light", view("slow"), "path", ""},
		"live":       {"dark", view("live"), "live-row", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := s.tab(t)
			b.scheme(shot.scheme)
			b.resize(1280, 760)
			b.open(shot.hash)
			b.until(all(shot.ready) + ".length > 0 && !document.querySelector('[aria-busy]')")
			if shot.ready == "record" {
				b.until("document.querySelectorAll('.facet').length > 3")
			}
			b.press(shot.keys)
			picture, err := run(b, chromedp.CaptureScreenshot())
			require.NoError(t, err)
			require.Less(t, len(picture), largest)
			require.NoError(t, os.WriteFile(filepath.Join(program.Root(), "docs", "images", name+".png"), picture, 0o644))
		})
	}
}

// route is a way into the application of the pictures.
type route struct {
	method, path, logger, says string
	ms                         float64
}

var routes = []route{
	{"GET", "/api/meetings/%d", "services.meetings", "Meeting loaded", 18},
	{"POST", "/api/meetings/%d/transcribe", "services.transcription", "Transcription finished", 900},
	{"GET", "/api/users/%d/reports", "services.reports", "Report written", 240},
	{"POST", "/api/login", "services.auth", "Password verified", 60},
	{"GET", "/healthz", "app", "Healthy", 0.5},
}

// anHour returns the lines of an hour, and a request that is worth a look.
func anHour(now time.Time) (lines []string, request string) {
	random := rand.New(rand.NewPCG(1, 2))
	users := []string{"ana", "ben", "chloe", "david"}
	for at := now.Add(-59 * time.Minute); at.Before(now.Add(-time.Minute)); at = at.Add(time.Duration(random.ExpFloat64() * float64(8*time.Second))) {
		r, user := routes[random.IntN(len(routes))], random.IntN(len(users))
		path := strings.Replace(r.path, "%d", fmt.Sprint(random.IntN(9000)), 1)
		took := time.Duration(r.ms * (0.5 + random.ExpFloat64()) * float64(time.Millisecond))
		id := fmt.Sprintf("%08x-9dc0-41d1-b245-%012x", random.Uint32(), random.Uint64()>>16)
		add := func(after time.Duration, level, logger, message string, more fields) {
			all := fields{
				"level": level, "logger": logger, "request_id": id, "process_id": 10177 + user%2, "thread_name": "MainThread",
				"user": fields{"id": fmt.Sprint(42 + user), "username": users[user]}, "http": fields{"method": r.method, "path": path, "ip": fmt.Sprint("203.0.113.", user+5)},
			}
			maps.Copy(all, more)
			lines = append(lines, line(at.Add(after), message, all))
		}
		status := 200
		add(0, "DEBUG", "app", "Request started", nil)
		switch {
		case r.ms == 900:
			add(3*time.Millisecond, "INFO", r.logger, "Job taken", fields{"process_id": 10180})
			if random.IntN(4) == 0 {
				status, request = 500, id
				add(9*time.Millisecond, "WARNING", "services.limiter", "The rate limit is nearly reached", fields{"process_id": 10180, "limit": 100, "left": 4})
				took += 1200 * time.Millisecond
				failure := []string{"ValueError", "sqlalchemy.exc.OperationalError"}[random.IntN(2)]
				add(took-4*time.Millisecond, "ERROR", r.logger, "Transcription failed", fields{"process_id": 10180, "exception": exception(failure, "Invalid meeting ID format", "services/transcription", "transcribe")})
			}
		case random.IntN(12) == 0:
			add(took/2, "WARNING", "services.limiter", "The rate limit is nearly reached", fields{"limit": 100, "left": random.IntN(9)})
		default:
			add(took/2, "INFO", r.logger, r.says, fields{"duration_seconds": took.Seconds()})
		}
		add(took, "INFO", "app", "Request handled", fields{"status_code": status, "processing_time_ms": float64(took.Microseconds()) / 1000})
	}
	return lines, request
}
