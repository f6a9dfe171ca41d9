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

// TestDestinationsGetWhatTheyTake writes records that are too old, too new, too long or
// have too much for some: what cannot be taken is not sent, and all else once.
func TestDestinationsGetWhatTheyTake(t *testing.T) {
	for overlay, outside := range map[string][]string{
		"newrelic": {"old", "older"}, "loki": {"older", "ahead"}, "grafana-cloud": {"older", "ahead"}, "cloudwatch": {"older", "ahead"},
		"victorialogs": {"older"}, "dynatrace": {"old", "older"}, "datadog": {},
	} {
		t.Run(overlay, func(t *testing.T) {
			v := contract.VendorOf(overlay)
			var text strings.Builder
			messages, dead := []string{}, []string{}
			write := func(message string, age time.Duration, fields map[string]any) {
				text.WriteString(line(t, message, age, fields))
				if kind, _, _ := strings.Cut(message, " "); slices.Contains(outside, kind) {
					dead = append(dead, message)
				} else {
					messages = append(messages, message)
				}
			}
			for i := range 200 {
				write(fmt.Sprint("good ", i), 0, nil)
				if i%50 == 0 {
					write(fmt.Sprint("old ", i), 3*day, nil)
					write(fmt.Sprint("older ", i), 30*day, nil)
				}
			}
			for name, fields := range demanding() {
				write(name, 0, fields)
			}
			if slices.Contains(outside, "ahead") { // every double refuses it
				write("ahead", -3*time.Hour, nil)
			}
			state := t.TempDir()
			path := filepath.Join(state, "app.log")
			require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
			c, doubles := start(t, "acknowledged", state, path, v)
			d := doubles[0]
			eventually(t, func() bool { different, _ := d.Taken(); return different == len(messages) }, "all that can be taken")
			letters := ""
			eventually(t, func() bool {
				all, _ := os.ReadFile(filepath.Join(state, "dead-letter", "lossless_otlp_http_"+overlay+".jsonl"))
				letters = string(all)
				return strings.Count(letters, "\n") == len(dead)
			}, "the dead letters")
			for _, message := range dead {
				assert.Equal(t, 1, strings.Count(letters, `"`+message+`"`), message)
			}
			assert.Equal(t, len(dead), strings.Count(letters, "too_old")+strings.Count(letters, "too_new"))
			_, all := d.Taken()
			assert.Equal(t, len(messages), all, "each once")
			violations, _ := d.Violations()
			assert.Empty(t, violations)

			s, ok := d.Sample("traceback")
			require.True(t, ok)
			trace := fmt.Sprint(s.Attributes["exception.stacktrace"], s.Attributes["error.stack"])
			assert.Contains(t, trace, exception)
			s, _ = d.Sample("many")
			fields := fmt.Sprint(s.Attributes)
			for i := range 300 {
				assert.Contains(t, fields, fmt.Sprintf("value %d", i), "no field is lost")
			}
			assert.Equal(t, "0f8fad5b-d9cb-469f-a165-000000004711", s.Attributes["mina.request.id"])
			if overlay != "cloudwatch" && overlay != "victorialogs" && overlay != "dynatrace" { // which take 300
				assert.Equal(t, "attributes", s.Attributes["mina.truncated"])
				var rest map[string]any
				require.NoError(t, json.Unmarshal([]byte(fmt.Sprint(s.Attributes["mina.attributes"])), &rest))
			}
			if overlay == "loki" || overlay == "grafana-cloud" {
				s, _ = d.Sample("long")
				assert.Equal(t, "text_0, text_1, text_2, text_3, text_4", s.Attributes["mina.truncated"])
			}
			c.Stop()
			assert.NotContains(t, c.Output(), "takes no records")
		})
	}
}
