package minalog

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// described is what a header says, for a reader of tests: time, level, logger and message.
func described(h *header) string {
	when := "-"
	if h.timestamp != 0 {
		when = h.timestamp.AsTime().Format("15:04:05.999")
	}
	return fmt.Sprintf("%s %s %s|%s", when, h.level, h.logger, h.message)
}

func TestParseHeader(t *testing.T) {
	d := newDecoder(t)
	for line, want := range map[string]string{
		// Padded, in brackets, without a logger.
		"2025-10-01 16:12:05,785 INFO app: Booting":                               "16:12:05.785 INFO app|Booting",
		"2025-10-01 16:12:05,785 INFO     app: Booting":                           "16:12:05.785 INFO app|Booting",
		"2025-10-01 16:12:05,786 CRITICAL app: Disk is full":                      "16:12:05.786 CRITICAL app|Disk is full",
		"2025-10-01 16:12:07,000 WARN  app: Slow query":                           "16:12:07 WARN app|Slow query",
		"2025-10-01T16:12:07.000Z WARN app: Slow query":                           "16:12:07 WARN app|Slow query",
		"2025-10-01 16:12:05,785 Level 35 app: two":                               "16:12:05.785 Level 35 app|two",
		"2025-10-01 16:12:05,785 AUDIT services.Mail: sent":                       "16:12:05.785 AUDIT services.Mail|sent",
		"2025-10-01 16:12:05,785 INFO flask-limiter: ratelimit":                   "16:12:05.785 INFO flask-limiter|ratelimit",
		"2025-10-01 16:12:05,785 INFO app:   indented":                            "16:12:05.785 INFO app|  indented",
		"2025-10-01 16:12:05,785 INFO app: ":                                      "16:12:05.785 INFO app|",
		"2025-10-01 16:12:05,785 INFO app:":                                       "16:12:05.785 INFO app|",
		"2025-10-01 16:12:05,786 [ERROR] app: Disk is full":                       "16:12:05.786 ERROR app|Disk is full",
		"2025-10-01 16:12:05,786 [INFO    ] app: Booting":                         "16:12:05.786 INFO app|Booting",
		"2025-10-01 16:12:05,786 [error] app: Disk is full":                       "16:12:05.786 error app|Disk is full",
		"2025-10-01 16:12:05 [info     ] meeting ended":                           "16:12:05 info |meeting ended",
		"2025-10-01 16:12:05,786 [WARNING] Disk is nearly full":                   "16:12:05.786 WARNING |Disk is nearly full",
		"2025-10-01 16:12:05,785 INFO Listening: 0.0.0.0:5000":                    "16:12:05.785 INFO |Listening: 0.0.0.0:5000",
		"2025-10-01 16:12:06,000 ERROR Could not reach the database":              "16:12:06 ERROR |Could not reach the database",
		"2025-10-01 16:12:06,000 [INFO] Listening: 0.0.0.0:5000":                  "16:12:06 INFO |Listening: 0.0.0.0:5000",
		"2025-10-01 16:12:05,785 ERROR: Payment failed [in /srv/mina/app.py:41]":  "16:12:05.785 ERROR |Payment failed",
		"2025-10-01 16:12:05,785 ERROR: Payment failed":                           "16:12:05.785 ERROR |Payment failed",
		"2025-10-01 16:12:05,785 ERROR: Payment failed [in a way]":                "16:12:05.785 ERROR |Payment failed [in a way]",
		"2025-10-01 16:12:07,000 ERROR app.views:41: no such meeting":             "16:12:07 ERROR app.views|no such meeting",
		"2025-10-01 16:12:07,000 [ERROR] app.views:show:41 - no such meeting":     "16:12:07 ERROR app.views|no such meeting",
		"2025-10-01 16:12:06.785 UTC [31] ERROR:  duplicate key value":            "16:12:06.785 ERROR |duplicate key value",
		"2025-10-01 16:12:06.785 UTC [31] LOG:  database system is ready":         "16:12:06.785 LOG |database system is ready",
		"2025-10-01 16:12:05,785 - app - ERROR - Disk - is full":                  "16:12:05.785 ERROR app|Disk - is full",
		"2025-10-01 16:12:05,785 - MyApp - ERROR - Disk is full":                  "16:12:05.785 ERROR MyApp|Disk is full",
		"2025-10-01 16:12:05,785 - app.views          - WARNING  - Disk is full":  "16:12:05.785 WARNING app.views|Disk is full",
		"2025-10-01 16:12:05,785 - ERROR - Disk is full":                          "16:12:05.785 ERROR |Disk is full",
		"2025-10-01 16:12:05,785 - ERROR - Disk - is full":                        "16:12:05.785 ERROR |Disk - is full",
		"2025-10-01 16:12:05.785 | ERROR    | app.pay:pay:41 - Payment failed":    "16:12:05.785 ERROR app.pay|Payment failed",
		"2025-10-01 16:12:05.785 | SUCCESS  | __main__:<module>:1 - Payment done": "16:12:05.785 SUCCESS __main__|Payment done",
		"2025-10-01 16:12:05 | INFO | app | Booting":                              "16:12:05 INFO app|Booting",
		"2025-10-01 16:12:05 | INFO | Booting":                                    "16:12:05 INFO |Booting",
		"2025-10-01 16:12:05,785:ERROR:superset.app:Disk is full":                 "16:12:05.785 ERROR superset.app|Disk is full",
		"2025-10-01 16:12:05,785 ERROR:root:Disk is full":                         "16:12:05.785 ERROR root|Disk is full",
		"2025-10-01 16:12:05,785 INFO  [app.pay] Payment done":                    "16:12:05.785 INFO app.pay|Payment done",
		"2025-10-01 16:12:05,785 INFO  [app.pay:41][MainThread] Payment done":     "16:12:05.785 INFO app.pay|Payment done",
		"2025-10-01 16:12:05 [scrapy.core.engine] INFO: Spider opened":            "16:12:05 INFO scrapy.core.engine|Spider opened",
		"2025-10-01 16:12:05,785 [MainThread  ] [INFO ]  Booting":                 "16:12:05.785 INFO |Booting",
		"2025-10-01 16:12:05.785 ERROR (MainThread) [homeassistant.core] Oh":      "16:12:05.785 ERROR homeassistant.core|Oh",
		"2025/10/01 16:12:05 INFO app: slashes":                                   "16:12:05 INFO app|slashes",
		"16:12:05,785 INFO app: no date":                                          "- INFO app|no date",
		// Time in brackets.
		"[2025-10-01 16:12:05 +0000] [7] [INFO] Booting worker with pid: 7":        "16:12:05 INFO gunicorn.error|Booting worker with pid: 7",
		"[2025-10-01 16:12:05,900] ERROR in app: Exception on /api/pay [POST]":     "16:12:05.9 ERROR |Exception on /api/pay [POST]",
		"[2025-10-01 16:12:05,785] ERROR: 'NoneType' object has no attribute":      "16:12:05.785 ERROR |'NoneType' object has no attribute",
		"[2025-10-01 16:12:05,785: INFO/MainProcess] Task tasks.do[0f8f] received": "16:12:05.785 INFO |Task tasks.do[0f8f] received",
		"[2025-10-01 16:12:05,785: INFO/ForkPoolWorker-2] tasks.do[0f8f]: started": "16:12:05.785 INFO |started",
		"[2025-10-01 16:12:05,785: WARNING/ForkPoolWorker-2] done":                 "16:12:05.785 WARNING |done",
		"[2025-10-01 16:12:05,785] [INFO] app: Booting":                            "16:12:05.785 INFO app|Booting",
		"[2025-10-01 16:12:05,785] {pay.py:41} INFO - Booting":                     "16:12:05.785 INFO |Booting",
		"[2025-10-01 16:12:05,785] INFO [django.request:241] Not Found: /x":        "16:12:05.785 INFO django.request|Not Found: /x",
		"[16:12:05] INFO     Booting":                                              "- INFO |Booting",
		// Level first.
		"ERROR:app.pay:Payment failed":                                  "- ERROR app.pay|Payment failed",
		"WARNING:MARKDOWN:Payment failed":                               "- WARNING |MARKDOWN:Payment failed",
		"WARNING:root:":                                                 "- WARNING root|",
		"WARNING:Queue is long":                                         "- WARNING |Queue is long",
		"INFO:     Started server process [7]":                          "- INFO |Started server process [7]",
		"ERROR: Queue is full":                                          "- ERROR |Queue is full",
		"INFO  [alembic.runtime.migration] Context impl SQLiteImpl.":    "- INFO alembic.runtime.migration|Context impl SQLiteImpl.",
		"WARNI [alembic.autogenerate] Oh":                               "- WARNI alembic.autogenerate|Oh",
		"INFO 2025-10-01 16:12:05,785 views 31 140245896464960 Booting": "16:12:05.785 INFO |Booting",
		"[ERROR] Disk is full":                                          "- ERROR |Disk is full",
		"[INFO]\t2025-10-01T16:12:05.785Z\t0f8fad5b-d9cb\tBooting":      "16:12:05.785 INFO |Booting",
		"I1001 16:12:05.785000 12345 file.py:41] Booting":               "- I |Booting",
		"[I 2025-10-01 16:12:05.785 ServerApp] Booting":                 "16:12:05.785 I ServerApp|Booting",
		"[W 251001 16:12:05 web:2271] 404 GET /x (127.0.0.1) 1.2ms":     "- W |404 GET /x (127.0.0.1) 1.2ms",
	} {
		h, ok := d.parseHeader([]byte(line))
		if assert.True(t, ok, line) {
			assert.Equal(t, want, described(&h), line)
		}
	}
}

// What almost is a header, and no continuation of a message, is one nowhere.
func TestParseHeaderRefusesWhatAlmostFits(t *testing.T) {
	d := newDecoder(t)
	for _, line := range []string{
		"", " ", "[", "[]", "2025-10-01 16:12:05", "2025-10-01 16:12:05 ", "[2025-10-01 16:12:05]", "16:12:05", "INFO", "ABC:",
		"2025-10-01 08:00:00 meeting stand-up: 12 people",
		"2025-10-01 16:12:06 Listening on: 0.0.0.0:5000",
		"2025-10-01 16:12:06 Error in the meeting: none",
		"2025-10-01 16:12:06 Exception on /x: y",
		"2025-10-01 16:12:06 error connecting: refused",
		"2025-10-01 16:12:06 panic: runtime error",
		"2025-10-01 16:12:06 I am here",
		"2025-10-01 16:12:06 40 people: here",
		"2025-10-01 16:12:06 [note] this is none",
		"2025-10-01 16:12:06 - nothing - to see - here",
		"2025-10-01 16:12:06 Level of noise: high",
		"2025-13-01 16:12:05,789 INFO app: a month that is none",
		"[2025-10-01 16:12:05] done",
		"Error: no such meeting", "error: no such meeting", "Warning: x", "KeyError: 'amount'", "requests.exceptions.ConnectionError: x",
		"INFO at 16:12:05 we began", "INFO 3 jobs at 16:12:05 ran", "INFO-LOG: x", "ERRORS: 3", "information: x",
		"  File \"/srv/mina/app.py\", line 10, in save", "    raise ValueError(\"INFO: x\")", " INFO: x",
		"[1, 2, 3]", "[error", "{INFO: 3}", "12 INFO app: x", "I: am", "F: x", "DEFAULT: value",
	} {
		h, ok := d.parseHeader([]byte(line))
		assert.False(t, ok, "%s: %s", line, described(&h))
	}
}

func TestParseHeaderOfFamilies(t *testing.T) {
	d := newDecoder(t)
	for _, f := range families {
		h, ok := d.parseHeader([]byte(f.example))
		if assert.True(t, ok, f.name) {
			assert.NotEmpty(t, h.level, f.name)
			assert.True(t, strings.HasSuffix(f.example, string(h.message)) || f.name == "place behind the message", f.name)
		}
	}
}

// TestREADMEHasTheLayouts holds the receiver's README against the table in the code.
// MINA_UPDATE_GOLDEN=1 writes its rows anew.
func TestREADMEHasTheLayouts(t *testing.T) {
	const path, head = "../../receiver/minareceiver/README.md", "| layout | a line | formats |\n|---|---|---|\n"
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), head)
	require.True(t, found)
	rows, after, found := strings.Cut(rest, "\n\n")
	require.True(t, found)
	code := func(text string) string { return "`" + strings.NewReplacer("|", `\|`, "\t", `\t`).Replace(text) + "`" }
	var want strings.Builder
	for _, f := range families {
		formats := make([]string, 0, len(f.formats))
		for _, format := range f.formats {
			formats = append(formats, code(format))
		}
		fmt.Fprintf(&want, "| %s | %s | %s |\n", f.name, code(f.example), strings.Join(formats, "<br>"))
	}
	if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(path, []byte(before+head+want.String()+"\n"+strings.TrimLeft(after, "\n")), 0o600))
		return
	}
	require.Equal(t, want.String(), rows+"\n", "MINA_UPDATE_GOLDEN=1 writes it anew")
}

func FuzzHeader(f *testing.F) {
	for _, family := range families {
		f.Add(family.example)
	}
	d := newDecoder(f, func(c *Config) {
		c.Text.Layouts = []string{"%(asctime)s %(threadName)s %(name)s %(message)s (%(filename)s:%(lineno)d)", "{levelname:<8}|{message}|{x}"}
	})
	f.Fuzz(func(t *testing.T, text string) {
		h, ok := d.parseHeader([]byte(text))
		again, same := d.parseHeader([]byte(text))
		require.Equal(t, ok, same, "when it is read again")
		require.Equal(t, string(h.message), string(again.message))
		if !ok {
			return
		}
		require.Contains(t, text, string(h.level))
		if h.format != FormatOfGunicorn {
			require.Contains(t, text, string(h.logger))
		}
		require.Equal(t, text[h.start:][:len(h.message)], string(h.message))
		require.Equal(t, text[len(text)-len(h.below):], string(h.below))
		b := NewBatch(observed)
		d.decodeText(b, h.layout, []byte(text), envelope{})
		require.Equal(t, 1, b.Len())
	})
}
