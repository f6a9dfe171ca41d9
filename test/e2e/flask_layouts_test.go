package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// layout is a form in which the example application writes its records.
type layout struct {
	env []string
	// wrapped are what container runtimes make of its output.
	wrapped map[string]func(text string) string
	// withoutTime and withoutLogger say what the layout does not print.
	withoutTime, withoutLogger bool
	// withoutTraceback says that it has an exception's type and message alone.
	withoutTraceback bool
}

// ofText is a text in a format of Python's logging module.
func ofText(format string) layout {
	return layout{env: []string{"JSON_LOGS=false", "LOG_FORMAT=" + format}}
}

// ofLibrary is what another library writes.
func ofLibrary(name, asJSON string) layout {
	return layout{env: []string{"LOG_LIBRARY=" + name, "JSON_LOGS=" + asJSON}}
}

func (l layout) alsoWrapped() layout {
	l.wrapped = map[string]func(string) string{"docker": docker, "CRI": cri, "compose": compose}
	return l
}

func (l layout) noLogger() layout {
	l.withoutLogger = true
	return l
}

func (l layout) noTime() layout {
	l.withoutTime = true
	return l
}

func (l layout) noTraceback() layout {
	l.withoutTraceback = true
	return l
}

// ownLayouts are such as have to be configured.
var ownLayouts = []string{
	"%(levelname).1s|%(asctime)s|%(process)d|%(name)s|%(message)s",
	"{asctime} <{name}> <{levelname:^8}> {message}",
}

// layouts are those that are recognized by themselves, and two of ownLayouts.
var layouts = map[string]layout{
	"mina JSON":          layout{}.alsoWrapped(),
	"mina text":          ofText("%(asctime)s %(levelname)s %(name)s: %(message)s").alsoWrapped(),
	"padded level":       ofText("%(asctime)s %(levelname)-8s %(name)s: %(message)s"),
	"bracketed level":    ofText("%(asctime)s [%(levelname)s] %(name)s: %(message)s"),
	"both":               ofText("{asctime} [{levelname:<8}] {name}: {message}"),
	"dashes":             ofText("%(asctime)s - %(name)s - %(levelname)s - %(message)s"),
	"basicConfig":        ofText("%(levelname)s:%(name)s:%(message)s").noTime(),
	"no logger":          ofText("%(asctime)s %(levelname)s %(message)s").noLogger(),
	"Flask":              ofText("[%(asctime)s] %(levelname)s in %(module)s: %(message)s").noLogger().alsoWrapped(),
	"Flask's place":      ofText("%(asctime)s %(levelname)s: %(message)s [in %(pathname)s:%(lineno)d]").noLogger(),
	"celery":             ofText("[%(asctime)s: %(levelname)s/%(processName)s] %(message)s").noLogger(),
	"own with %":         ofText(ownLayouts[0]),
	"own with {":         ofText(ownLayouts[1]),
	"loguru":             ofLibrary("loguru", "false"),
	"loguru JSON":        ofLibrary("loguru", "true").noTraceback(),
	"structlog":          ofLibrary("structlog", "false"),
	"structlog JSON":     ofLibrary("structlog", "true"),
	"python-json-logger": ofLibrary("pythonjsonlogger", "true"),
}

// docker writes lines as its json-file driver does.
func docker(text string) string {
	return eachLine(text, func(line string) string {
		return fmt.Sprintf(`{"log":%s,"stream":"stdout","time":"2025-10-01T16:12:05.785000000Z"}`, jsonOf(line+"\n"))
	})
}

// cri writes lines as Kubernetes does, and those that are long in two parts.
func cri(text string) string {
	const head = "2025-10-01T16:12:05.785000000Z stdout "
	return eachLine(text, func(line string) string {
		if at := 16 << 10; len(line) > at {
			return head + "P " + line[:at] + "\n" + head + "F " + line[at:]
		}
		return head + "F " + line
	})
}

// compose writes lines as docker compose shows them.
func compose(text string) string {
	return eachLine(text, func(line string) string { return "web-1  | " + line })
}

func jsonOf(text string) string {
	out, _ := json.Marshal(text)
	return string(out)
}

func eachLine(text string, write func(line string) string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString(write(strings.TrimSuffix(line, "\n")) + "\n")
	}
	return out.String()
}

// applicationSays are the application's records that the requests bring about, once each.
var applicationSays = map[string]struct {
	severity                             int
	logger, exceptionType, exceptionText string
}{
	"Listing meetings":                    {5, "app", "", ""},
	"Transcription of meeting 7 finished": {9, "services.transcription", "", ""},
	"Transcription failed":                {17, "services.transcription", "ValueError", "Invalid meeting ID format"},
	"Login with password=[REDACTED":       {13, "app", "", ""},
	"Charging card [REDACTED":             {9, "app", "", ""},
	"Request failed":                      {17, "app", "RuntimeError", "cannot load the meeting"},
}

// TestFlaskInEachLayout runs the example application in every layout, and reads what all of
// them have written with one collector.
func TestFlaskInEachLayout(t *testing.T) {
	t.Parallel()
	dir, began := t.TempDir(), time.Now()
	t.Run("run", func(t *testing.T) {
		for name, l := range layouts {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				_, text := runFlask(t, append(l.env, "TZ=UTC", "WEB_CONCURRENCY=1")...)
				for _, secret := range secrets[:2] {
					require.Contains(t, text, secret, "planted")
				}
				require.NoError(t, os.WriteFile(filepath.Join(dir, name+".log"), []byte(text), 0o600))
				for runtime, wrap := range l.wrapped {
					path := filepath.Join(dir, name+" in "+runtime+".log")
					require.NoError(t, os.WriteFile(path, []byte(wrap(text)), 0o600))
				}
			})
		}
	})
	ended := time.Now()
	found := readAll(t, dir, fmt.Sprintf("receivers::mina::text::layouts: ['%s']", strings.Join(ownLayouts, "', '")))
	for name, l := range layouts {
		t.Run(name, func(t *testing.T) { l.requireRecords(t, found[name+".log"], began, ended) })
		for runtime := range l.wrapped {
			name := name + " in " + runtime
			t.Run(name, func(t *testing.T) { l.requireRecords(t, found[name+".log"], began, ended) })
		}
	}
}

// requireRecords asserts that there is every record once, and nothing else.
func (l layout) requireRecords(t *testing.T, records []taken, began, ended time.Time) {
	t.Helper()
	counts := map[string]int{}
	for _, r := range records {
		assert.NotContains(t, r.attributes, "mina.parse_error", r.Body().AsString())
		for _, secret := range secrets {
			assert.NotContains(t, fmt.Sprint(r.Body().AsRaw(), r.attributes), secret)
		}
		said := nameOf(r)
		counts[said]++
		want, isApplications := applicationSays[said]
		if !isApplications {
			continue
		}
		assert.EqualValues(t, want.severity, r.SeverityNumber(), said)
		assert.NotEmpty(t, r.SeverityText(), said)
		if !l.withoutLogger {
			assert.Equal(t, want.logger, r.scope, said)
		}
		if when := r.Timestamp().AsTime(); l.withoutTime {
			assert.Zero(t, r.Timestamp(), said)
		} else {
			assert.WithinRange(t, when, began.Add(-time.Second), ended, said)
		}
		if want.exceptionType == "" {
			assert.NotContains(t, r.attributes, "exception.type", said)
			continue
		}
		assert.Equal(t, want.exceptionType, r.attributes["exception.type"], said)
		assert.Equal(t, want.exceptionText, r.attributes["exception.message"], said)
		if !l.withoutTraceback {
			stack, _ := r.attributes["exception.stacktrace"].(string)
			assert.True(t, strings.HasPrefix(stack, "Traceback (most recent call last):\n"), "%s: %s", said, stack)
			assert.Contains(t, stack, want.exceptionType+": "+want.exceptionText, said)
		}
	}
	for said := range applicationSays {
		assert.Equal(t, 1, counts[said], said)
	}
	assert.Equal(t, counts["Booting worker"], counts["Booting Mina…"])
	assert.Positive(t, counts["an access line"])
	assert.Equal(t, counts["an access line"], counts["Request handled"])
	assert.Zero(t, counts[""], "what else there is")
}

// nameOf returns which record it is.
func nameOf(r taken) string {
	body := r.Body().AsString()
	for said := range applicationSays {
		if strings.HasPrefix(body, said) {
			return said
		}
	}
	switch {
	case strings.HasPrefix(body, "Booting worker with pid: "):
		return "Booting worker"
	case strings.HasPrefix(body, "Booting Mina…"):
		return "Booting Mina…"
	case strings.HasPrefix(body, "Request handled"):
		return "Request handled"
	case r.scope == "gunicorn.access":
		return "an access line"
	case r.scope == "gunicorn.error":
		return "gunicorn's"
	}
	return ""
}
