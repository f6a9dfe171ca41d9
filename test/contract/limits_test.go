package contract_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/contract"
)

const (
	day       = 24 * time.Hour
	exception = "ValueError: Invalid meeting ID format"
)

// line returns a record of some age, with what else it has.
func line(t *testing.T, message string, age time.Duration, fields map[string]any) string {
	t.Helper()
	record := map[string]any{
		"timestamp": time.Now().Add(-age).UTC().Format("2006-01-02T15:04:05.000000+00:00"), "level": "INFO", "logger": "services.billing",
		"message": message, "hostname": "mina-prod-01", "process_id": 10177, "request_id": "0f8fad5b-d9cb-469f-a165-000000004711",
	}
	for key, value := range fields {
		record[key] = value
	}
	text, err := json.Marshal(record)
	require.NoError(t, err)
	return string(text) + "\n"
}

// demanding are fields that one destination or another cannot hold as they are.
func demanding() map[string]map[string]any {
	long, many := map[string]any{}, map[string]any{}
	for i := range 5 {
		long[fmt.Sprintf("text_%d", i)] = strings.Repeat("ü", 8<<10)
	}
	for i := range 300 {
		many[fmt.Sprintf("field_%03d", i)] = fmt.Sprintf("value %d", i)
	}
	frames := strings.Repeat("  File \"/srv/mina/services/billing.py\", line 41, in charge\n    raise ValueError\n", 1200)
	return map[string]map[string]any{
		"long":      long,
		"many":      many,
		"named":     {strings.Repeat("n", 300): "value"},
		"traceback": {"exception": map[string]any{"type": "ValueError", "message": "no", "traceback": "Traceback (most recent call last):\n" + frames + exception}},
	}
}

// load is a log with records that some destinations do not take as they are.
type load struct {
	text strings.Builder
	// takes and dead are the messages of those that a destination takes, and of others.
	takes, dead []string
}

// newLoad returns one for a destination that does not take records of some kinds.
func newLoad(t *testing.T, outside []string) *load {
	l := &load{}
	write := func(kind string, n int, age time.Duration, fields map[string]any) {
		message := fmt.Sprint(kind, " ", n)
		l.text.WriteString(line(t, message, age, fields))
		if slices.Contains(outside, kind) {
			l.dead = append(l.dead, message)
		} else {
			l.takes = append(l.takes, message)
		}
	}
	for n := range 200 {
		write("good", n, 0, nil)
		if n%50 == 0 {
			write("old", n, 3*day, nil)
			write("older", n, 30*day, nil)
		}
	}
	for kind, fields := range demanding() {
		write(kind, 0, 0, fields)
	}
	if slices.Contains(outside, "ahead") { // every double refuses it
		write("ahead", 0, -3*time.Hour, nil)
	}
	return l
}

// TestDestinationsGetWhatTheyTake writes records that are too old, too new, too long or
// have too much for some: what cannot be taken is not sent, and all else once.
func TestDestinationsGetWhatTheyTake(t *testing.T) {
	for overlay, outside := range map[string][]string{
		"newrelic": {"old", "older"}, "loki": {"older", "ahead"}, "grafana-cloud": {"older", "ahead"}, "cloudwatch": {"older", "ahead"},
		"victorialogs": {"older"}, "dynatrace": {"old", "older"}, "datadog": {},
	} {
		for _, delivery := range []string{"acknowledged", "queued"} {
			t.Run(overlay+" "+delivery, func(t *testing.T) {
				load, state := newLoad(t, outside), t.TempDir()
				path := filepath.Join(state, "app.log")
				require.NoError(t, os.WriteFile(path, []byte(load.text.String()), 0o600))
				c, doubles := start(t, delivery, state, path, contract.VendorOf(overlay))
				requireDelivered(t, load, doubles[0], filepath.Join(state, "dead-letter", "lossless_otlp_http_"+overlay+".jsonl"))
				checkShortened(t, overlay, doubles[0])
				c.Stop()
				assert.NotContains(t, c.Output(), "takes no records")
			})
		}
	}
}

// requireDelivered waits for what is taken and for the dead letters, each once.
func requireDelivered(t *testing.T, l *load, d *contract.Double, file string) {
	t.Helper()
	eventually(t, func() bool { different, _ := d.Taken(); return different == len(l.takes) }, "all that can be taken")
	letters := ""
	eventually(t, func() bool {
		all, _ := os.ReadFile(file)
		letters = string(all)
		return strings.Count(letters, "\n") == len(l.dead)
	}, "the dead letters")
	for _, message := range l.dead {
		assert.Equal(t, 1, strings.Count(letters, `"`+message+`"`), message)
	}
	assert.Equal(t, len(l.dead), strings.Count(letters, "too_old")+strings.Count(letters, "too_new"))
	_, all := d.Taken()
	assert.Equal(t, len(l.takes), all, "each once")
	violations, _ := d.Violations()
	assert.Empty(t, violations)
}

// checkShortened checks what is left of the demanding records.
func checkShortened(t *testing.T, overlay string, d *contract.Double) {
	t.Helper()
	s, ok := d.Sample("traceback 0")
	require.True(t, ok)
	assert.Contains(t, fmt.Sprint(s.Attributes["exception.stacktrace"], s.Attributes["error.stack"]), exception, "the end of a traceback")
	s, _ = d.Sample("many 0")
	fields := fmt.Sprint(s.Attributes)
	for i := range 300 {
		assert.Contains(t, fields, fmt.Sprintf("value %d", i), "no field is lost")
	}
	assert.Equal(t, "0f8fad5b-d9cb-469f-a165-000000004711", s.Attributes["mina.request.id"])
	if rest, gathered := s.Attributes["mina.attributes"]; gathered {
		assert.Equal(t, "attributes", s.Attributes["mina.truncated"])
		assert.NoError(t, json.Unmarshal([]byte(fmt.Sprint(rest)), &map[string]any{}))
	}
	if overlay == "loki" || overlay == "grafana-cloud" {
		s, _ = d.Sample("long 0")
		assert.Equal(t, "text_0, text_1, text_2, text_3, text_4", s.Attributes["mina.truncated"])
	}
}
