package minalog

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	require.NoError(t, err)
	return loc
}

func TestTimestamp(t *testing.T) {
	berlin := location(t, "Europe/Berlin")
	for text, want := range map[string]string{
		"2025-10-01T16:12:05.785000+00:00":   "2025-10-01T16:12:05.785Z",
		"2025-10-01T16:12:05Z":               "2025-10-01T16:12:05Z",
		"2025-10-01T16:12:05.123456789Z":     "2025-10-01T16:12:05.123456789Z",
		"2025-10-01T16:12:05.1234567891234Z": "2025-10-01T16:12:05.123456789Z",
		"2025-10-01T16:12:05.5-0330":         "2025-10-01T19:42:05.5Z",
		"2025-10-01 16:12:05,785":            "2025-10-01T14:12:05.785Z",
		"2025-12-01 16:12:05,785":            "2025-12-01T15:12:05.785Z",
		"2025-10-01 16:12:05 +02":            "2025-10-01T14:12:05Z",
		"2025-10-01 16:12:05 UTC":            "2025-10-01T16:12:05Z",
		"2024-02-29T00:00:00Z":               "2024-02-29T00:00:00Z",
		"2000-02-29T00:00:00Z":               "2000-02-29T00:00:00Z",
		// ISO 8601, and what is written for it
		"2025-10-01 16:12:05.785+0530":                "2025-10-01T10:42:05.785Z",
		"2025-10-01T16:12:05.785 +02":                 "2025-10-01T14:12:05.785Z",
		"20251001T161205Z":                            "2025-10-01T16:12:05Z",
		"20251001T161205.785Z":                        "2025-10-01T16:12:05.785Z",
		"20251001T161205,785+0200":                    "2025-10-01T14:12:05.785Z",
		"20251001T1612Z":                              "2025-10-01T16:12:00Z",
		"20251001t161205z":                            "2025-10-01T16:12:05Z",
		"20251001 16:12:05.785":                       "2025-10-01T14:12:05.785Z",
		"2025-10-01T16:12Z":                           "2025-10-01T16:12:00Z",
		"2025-10-01 16:12":                            "2025-10-01T14:12:00Z",
		"2025-10-01T16:12+02:00":                      "2025-10-01T14:12:00Z",
		"2025/10/01 16:12:05":                         "2025-10-01T14:12:05Z",
		"2025/10/01 16:12:05.785 UTC":                 "2025-10-01T16:12:05.785Z",
		"2025.10.01 16:12:05":                         "2025-10-01T14:12:05Z",
		"2025-10-01T24:00:00Z":                        "2025-10-02T00:00:00Z",
		"2025-12-31T24:00Z":                           "2026-01-01T00:00:00Z",
		"2016-12-31T23:59:60Z":                        "2017-01-01T00:00:00Z",
		"2025-10-01T16:12:60Z":                        "2025-10-01T16:13:00Z",
		" 2025-10-01T16:12:05Z":                       "2025-10-01T16:12:05Z",
		"\t2025-10-01T16:12:05Z \n":                   "2025-10-01T16:12:05Z",
		"[2025-10-01 16:12:05 +0000]":                 "2025-10-01T16:12:05Z",
		"2025-10-01T16:12:05+00:00Z":                  "2025-10-01T16:12:05Z",
		"2025-10-01T16:12:05.785\u221202:00":          "2025-10-01T18:12:05.785Z",
		"2025-10-01 16:12:05:785":                     "2025-10-01T14:12:05.785Z",
		"2025-10-01 16:12:05:785123":                  "2025-10-01T14:12:05.785123Z",
		"2025-10-01 04:12:05 PM":                      "2025-10-01T14:12:05Z",
		"2025-10-01 12:12:05.785 am +00:00":           "2025-10-01T00:12:05.785Z",
		"2025-10-01 16:12:05.785 UTC":                 "2025-10-01T16:12:05.785Z",
		"2025-10-01 16:12:05 GMT":                     "2025-10-01T16:12:05Z",
		"2025-10-01 16:12:05 Z":                       "2025-10-01T16:12:05Z",
		"2025-10-01 16:12:05.785 UTC+2":               "2025-10-01T14:12:05.785Z",
		"2025-10-01 16:12:05 UTC+05:30":               "2025-10-01T10:42:05Z",
		"2025-10-01 16:12:05 GMT-0300":                "2025-10-01T19:12:05Z",
		"2025-10-01 16:12:05 +0000 UTC":               "2025-10-01T16:12:05Z",
		"2025-10-01 16:12:05 +0200 CEST":              "2025-10-01T14:12:05Z",
		"2025-10-01 16:12:05 -03":                     "2025-10-01T19:12:05Z",
		"2025-10-01T16:12:05.785[UTC]":                "2025-10-01T16:12:05.785Z",
		"2025-10-01T16:12:05.785Z[UTC]":               "2025-10-01T16:12:05.785Z",
		"2025-10-01T16:12:05.785+02:00[Europe/Paris]": "2025-10-01T14:12:05.785Z",
		// the month's name
		"01/Oct/2025:16:12:05 +0000":                                "2025-10-01T16:12:05Z",
		"[01/Oct/2025:16:12:05 +0200]":                              "2025-10-01T14:12:05Z",
		"01/Oct/2025 16:12:05":                                      "2025-10-01T14:12:05Z",
		"01-Oct-2025 16:12:05.785":                                  "2025-10-01T14:12:05.785Z",
		"1 Oct 2025 16:12:05 +0000":                                 "2025-10-01T16:12:05Z",
		"01 October 2025 16:12:05 UTC":                              "2025-10-01T16:12:05Z",
		"Wed, 01 Oct 2025 16:12:05 GMT":                             "2025-10-01T16:12:05Z",
		"Wed, 1 Oct 2025 16:12:05 +0200 (CEST)":                     "2025-10-01T14:12:05Z",
		"Wed, 01 Oct 2025 16:12 -0000":                              "2025-10-01T16:12:00Z",
		"Wed Oct  1 16:12:05 2025":                                  "2025-10-01T14:12:05Z",
		"wed oct 01 16:12:05 2025":                                  "2025-10-01T14:12:05Z",
		"Wed Oct  1 16:12:05 UTC 2025":                              "2025-10-01T16:12:05Z",
		"Wed Oct 01 2025 18:12:05 GMT+0200 (Central European Time)": "2025-10-01T16:12:05Z",
		"Oct 1, 2025 4:12:05 PM":                                    "2025-10-01T14:12:05Z",
		"Wednesday, October 1, 2025 16:12:05 UTC":                   "2025-10-01T16:12:05Z",
		// days first with dots, months first with the American clock
		"01.10.2025 16:12:05":    "2025-10-01T14:12:05Z",
		"1.10.2025, 16:12:05":    "2025-10-01T14:12:05Z",
		"10/01/2025 04:12:05 PM": "2025-10-01T14:12:05Z",
		"10/1/2025, 4:12:05 am":  "2025-10-01T02:12:05Z",
		"10/01/2025 12:00:00 AM": "2025-09-30T22:00:00Z",
		"10/31/2025 12:00:00 PM": "2025-10-31T11:00:00Z",
		// the location's own names of zones
		"2025-10-01 16:12:05 CEST":      "2025-10-01T14:12:05Z",
		"2025-12-01 16:12:05 CET":       "2025-12-01T15:12:05Z",
		"Wed Oct  1 16:12:05 CEST 2025": "2025-10-01T14:12:05Z",
		"2025-10-26 02:30:00 CEST":      "2025-10-26T00:30:00Z",
		"2025-10-26 02:30:00 CET":       "2025-10-26T01:30:00Z",
		// since the epoch
		"1759335125":           "2025-10-01T16:12:05Z",
		"1759335125.785":       "2025-10-01T16:12:05.785Z",
		"1759335125785":        "2025-10-01T16:12:05.785Z",
		"1759335125785.123":    "2025-10-01T16:12:05.785123Z",
		"1759335125785001":     "2025-10-01T16:12:05.785001Z",
		"1759335125785001002":  "2025-10-01T16:12:05.785001002Z",
		"1.759335125e9":        "2025-10-01T16:12:05Z",
		"1.759335125785e9":     "2025-10-01T16:12:05.785Z",
		"1.759335125785E+12":   "2025-10-01T16:12:05.785Z",
		"1.759335125785001e15": "2025-10-01T16:12:05.785001Z",
		"[1759335125]":         "2025-10-01T16:12:05Z",
		"946684800":            "2000-01-01T00:00:00Z",
		"4102444799999":        "2099-12-31T23:59:59.999Z",
	} {
		got, ok := parseTimestamp([]byte(text), berlin)
		if assert.True(t, ok, text) {
			assert.Equal(t, want, got.AsTime().Format(time.RFC3339Nano), text)
		}
	}
}

// TestTextThatIsNoTime has, by their reasons, the texts that have to stay attributes.
func TestTextThatIsNoTime(t *testing.T) {
	for reason, texts := range map[string][]string{
		"it is none": {
			"", " ", "[]", "yesterday", "0", "-1", "NaN", "Infinity", "0x1p30", "1_759_335_125", "1759335125s", "1759335125.7.8", ".5", "[", "n/a", "null",
			"2025-10-01T16:12:05Zx", "2025-10-01T16:12:5Z", "2025-10-01T16:12:05Z Z", "2025-10-01T16:12:05+2", "2025-10-01T16:12:05+24:00", "[2025-10-01T16:12:05Z",
		},
		"no such day or hour": {
			"2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-00-01T00:00:00Z", "2025-10-00T00:00:00Z", "2025-10-01T25:00:00Z",
			"2025-10-01T24:00:01Z", "2025-10-01T16:60:00Z", "2025-10-01T16:12:61Z", "31/Feb/2025:16:12:05 +0000", "2025-10-01 16:12:05 PM", "20251301T161205Z",
			"2025-10-01T16:12:05+23:60",
		},
		"a number of no time between 2000 and 2100": {
			"12.5", "946684799", "4102444800", "1e8", "1e300", "99999999999999999999", "-1759335125", "759335125", "1759335125785001002000",
			"100000000000", "5e17", "1759335125e9.5",
		},
		"the digits of a date are as well those of an id": {"20251001161205", "20251001", "202510011612", "20251001161205785"},
		"a clock that was not set, and the end of times":  {"0001-01-01T00:00:00Z", "1025-10-01T16:12:05Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
		"no time of day":                         {"2025-10-01", "01/Oct/2025", "2025-10-01T16", "2025-W40-3", "2025-274T16:12:05Z"},
		"no day":                                 {"16:12:05", "16:12:05.785", "04:12:05 PM"},
		"no year":                                {"Oct  1 16:12:05", "Wed Oct  1 16:12:05", "01/Oct 16:12:05", "10-01 16:12:05.785", "01 Oct 25 16:12:05 GMT"},
		"no one knows which number is the month": {"10/01/2025 16:12:05", "01/10/2025 16:12", "13/10/2025 16:12:05", "10-01-2025 16:12:05", "13/10/2025 04:12:05 PM"},
		"a zone that is not the location's": {
			"2025-10-01 16:12:05 PST", "2025-10-01 16:12:05 IST", "2025-10-01 16:12:05 CET", "2025-10-01 16:12:05 XYZ", "Wed Oct  1 16:12:05 EDT 2025",
			"2025-10-01T16:12:05[Europe/Paris]", "2025-10-01T16:12:05 Europe/Paris", "2025-10-01T16:12:05[+02:00]",
		},
		"two zones": {"2025-10-01T16:12:05+02:00Z", "2025-10-01 16:12:05 +0200 UTC", "2025-10-01T16:12:05Z+02:00"},
	} {
		for _, text := range texts {
			got, ok := parseTimestamp([]byte(text), location(t, "Europe/Berlin"))
			assert.False(t, ok, "%q is %s: %s", text, got, reason)
		}
	}
}

// TestDateTimeAtTheHead looks at what follows a time in a line.
func TestDateTimeAtTheHead(t *testing.T) {
	for line, want := range map[string]struct{ time, rest string }{
		"2025-10-01 16:12:05,785 ERROR app: x":                  {"2025-10-01T16:12:05.785Z", " ERROR app: x"},
		"2025-10-01 16:12:05 [31] ERROR:  x":                    {"2025-10-01T16:12:05Z", " [31] ERROR:  x"},
		"2025-10-01 16:12:05.785 UTC [31] ERROR:  x":            {"2025-10-01T16:12:05.785Z", " [31] ERROR:  x"},
		"2025-10-01 16:12:05.785 -03 [31] ERROR:  x":            {"2025-10-01T19:12:05.785Z", " [31] ERROR:  x"},
		"2025-10-01 16:12:05 CEST [31] ERROR:  x":               {"", " [31] ERROR:  x"},
		"2025-10-01 16:12:05 - app - ERROR - x":                 {"2025-10-01T16:12:05Z", " - app - ERROR - x"},
		"2025-10-01T16:12:05.785Z {\"level\": 1}":               {"2025-10-01T16:12:05.785Z", ` {"level": 1}`},
		"2025-10-01T16:12:05.785000001Z stdout F x":             {"2025-10-01T16:12:05.785000001Z", " stdout F x"},
		"2025-10-01T16:12:05.785Z[ERROR] x":                     {"2025-10-01T16:12:05.785Z", "[ERROR] x"},
		"2025-10-01T16:12:05.785+02:00[Europe/Berlin] ERROR x":  {"2025-10-01T14:12:05.785Z", " ERROR x"},
		"2025-10-01 16:12:05.785 | ERROR    | app:pay:41 - x":   {"2025-10-01T16:12:05.785Z", " | ERROR    | app:pay:41 - x"},
		"2025-10-01 16:12:05: INFO/MainProcess] x":              {"2025-10-01T16:12:05Z", ": INFO/MainProcess] x"},
		"2025-10-01 16:12:05,785: ERROR":                        {"2025-10-01T16:12:05.785Z", ": ERROR"},
		"2025-10-01 16:12:05:785 ERROR x":                       {"2025-10-01T16:12:05.785Z", " ERROR x"},
		"2025-10-01 16:12:05:12 x":                              {"2025-10-01T16:12:05Z", ":12 x"},
		"2025-10-01 16:12:05 Zebras crossed":                    {"2025-10-01T16:12:05Z", " Zebras crossed"},
		"2025-10-01 16:12:05 UTC-based service":                 {"2025-10-01T16:12:05Z", " UTC-based service"},
		"2025-10-01 16:12:05 +10x faster":                       {"2025-10-01T16:12:05Z", " +10x faster"},
		"2025-10-01 16:12:05 -08 rows deleted":                  {"2025-10-01T16:12:05Z", " -08 rows deleted"},
		"2025-10-01 16:12:05 -03 ERROR x":                       {"2025-10-01T19:12:05Z", " ERROR x"},
		"2025-10-01 16:12:05 Zulu started":                      {"2025-10-01T16:12:05Z", " Zulu started"},
		"2025-10-01 16:12:05 UTCfoo":                            {"2025-10-01T16:12:05Z", " UTCfoo"},
		"2025-10-01 16:12:05 +0100 ERROR x":                     {"2025-10-01T15:12:05Z", " ERROR x"},
		"2025-10-01 16:12:05 -500 items":                        {"2025-10-01T16:12:05Z", " -500 items"},
		"2025-10-01 16:12:05 amount: 7":                         {"2025-10-01T16:12:05Z", " amount: 7"},
		"2025-10-01 16:12: x":                                   {"2025-10-01T16:12:00Z", ": x"},
		"2025-10-01 04:12:05 PM ERROR x":                        {"2025-10-01T16:12:05Z", " ERROR x"},
		"2025-10-01 16:12:05 ESTIMATED: 5":                      {"2025-10-01T16:12:05Z", " ESTIMATED: 5"},
		"2025-10-01 16:12:05] x":                                {"2025-10-01T16:12:05Z", "] x"},
		`01/Oct/2025:16:12:05 +0000] "GET / HTTP/1.1" 200 -`:    {"2025-10-01T16:12:05Z", `] "GET / HTTP/1.1" 200 -`},
		`01/Oct/2025 16:12:05] "GET / HTTP/1.1" 200 -`:          {"2025-10-01T16:12:05Z", `] "GET / HTTP/1.1" 200 -`},
		"2025/10/01 16:12:05 [error] 31#31: *1 x":               {"2025-10-01T16:12:05Z", " [error] 31#31: *1 x"},
		"Wed Oct  1 16:12:05 2025] x":                           {"2025-10-01T16:12:05Z", "] x"},
		"Wed Oct  1 16:12:05 2025 - pid: 7":                     {"2025-10-01T16:12:05Z", " - pid: 7"},
		"Wed, 01 Oct 2025 16:12:05 GMT (x) y":                   {"2025-10-01T16:12:05Z", " y"},
		"10/01/2025 04:12:05 PM is when this event was logged.": {"2025-10-01T16:12:05Z", " is when this event was logged."},
		"20251001T161205Z x":                                    {"2025-10-01T16:12:05Z", " x"},
	} {
		got, rest, ok := parseDateTime([]byte(line), time.UTC)
		if assert.True(t, ok, line) {
			assert.Equal(t, want.rest, string(rest), line)
			text := ""
			if got != 0 {
				text = got.AsTime().Format(time.RFC3339Nano)
			}
			assert.Equal(t, want.time, text, line)
		}
	}
	for _, line := range []string{
		"10.0.0.1 - - [01/Oct/2025:16:12:05 +0000]", "Oct  1 16:12:05 mina-prod-01 gunicorn[7]: x", "12 of 2025 files", "2025-10-01", "2025-10-01 is a day: x",
		"20251001 161205 bytes", "may 1 file 2025", "10/01/2025 16:12:05 ERROR x", "2025-10-01 1612:05", "Monday", "5 may 2025 be", "1.2.2025 files", "\x1b[31m2025-10-01",
	} {
		_, _, ok := parseDateTime([]byte(line), time.UTC)
		assert.False(t, ok, line)
	}
}

func TestTimestampAllocatesNothing(t *testing.T) {
	berlin := location(t, "Europe/Berlin")
	for name, text := range timestampForms {
		t.Run(name, func(t *testing.T) {
			line := []byte(text)
			_, ok := parseTimestamp(line, berlin)
			require.True(t, ok)
			assert.Zero(t, testing.AllocsPerRun(100, func() { parseTimestamp(line, berlin) }))
		})
	}
}

var timestampForms = map[string]string{
	"iso":      "2025-10-01T16:12:05.785000+00:00",
	"asctime":  "2025-10-01 16:12:05,785",
	"basic":    "20251001T161205.785Z",
	"access":   "01/Oct/2025:16:12:05 +0000",
	"american": "10/01/2025 04:12:05 PM",
	"ctime":    "Wed Oct  1 16:12:05 2025",
	"http":     "Wed, 01 Oct 2025 16:12:05 GMT",
	"zone":     "2025-10-01 16:12:05 CEST",
	"seconds":  "1759335125.785",
	"exponent": "1.759335125785e9",
}

func BenchmarkTimestamp(b *testing.B) {
	for name, text := range timestampForms {
		b.Run(name, func(b *testing.B) {
			line, berlin := []byte(text), location(b, "Europe/Berlin")
			b.ReportAllocs()
			b.SetBytes(int64(len(line)))
			for b.Loop() {
				parseTimestamp(line, berlin)
			}
		})
	}
}

func FuzzTimestamp(f *testing.F) {
	for _, text := range timestampForms {
		f.Add([]byte(text))
	}
	for _, text := range []string{
		"2025-10-01 16:12:05.785 UTC+2", "2025-10-01T24:00Z", "2025-10-01T16:12:05.785+02:00[Europe/Paris]", "2025-10-01T16:12:05\u221202:00",
		"Wed Oct 01 2025 18:12:05 GMT+0200 (CEST)", "20251001161205", "[1759335125]", "2025-10-01 16:12:05:785", "Oct 1, 2025 4:12:05 PM",
	} {
		f.Add([]byte(text))
	}
	berlin := location(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, text []byte) {
		at, rest, isDate := parseDateTime(text, berlin)
		if isDate && (!bytes.HasSuffix(text, rest) || len(rest) == len(text)) {
			t.Fatalf("%q follows %q", rest, text)
		}
		got, ok := parseTimestamp(text, berlin)
		if isDate && len(rest) == 0 && (got != at || ok != (at != 0)) {
			t.Fatalf("%q is %s and %s", text, at, got)
		}
		if !ok {
			return
		}
		if padded, ok := parseTimestamp([]byte(" ["+string(text)+"]"), berlin); bytes.TrimSpace(text)[0] != '[' && (!ok || padded != got) {
			t.Fatalf("%q is %s, and %s in brackets", text, got, padded)
		}
		seconds := int64(got / pcommon.Timestamp(time.Second))
		if _, isNumber := digits(text); isNumber && (seconds < epochBegin || seconds >= epochEnd) {
			t.Fatalf("%q is %s", text, got)
		}
	})
}
