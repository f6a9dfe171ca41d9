package contract_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/contract"
)

// TestDoubleOfAlertmanagerIsAsStrict sends the same requests to the double and to the real one.
func TestDoubleOfAlertmanagerIsAsStrict(t *testing.T) {
	double := contract.NewAlertmanager("")
	defer double.Close()
	really := startAlertmanager(t, strings.NewReplacer("/etc/prometheus/secrets", writeSecrets(t, "http://localhost:1")))
	post := func(address, media, body string) (int, bool) {
		response, err := http.Post(address+"/api/v2/alerts", media, strings.NewReader(body))
		require.NoError(t, err)
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, strings.HasPrefix(string(text), `"`)
	}
	for name, body := range map[string]string{
		"nothing":                  ``,
		"no alerts":                `[]`,
		"no list":                  `{}`,
		"no JSON":                  `[`,
		"compressed":               "\x1f\x8b\x08",
		"good":                     `[{"labels": {"alertname": "a"}, "startsAt": "2026-11-26T12:00:00Z", "endsAt": "2026-11-26T12:05:00Z", "generatorURL": ""}]`,
		"without times":            `[{"labels": {"alertname": "a"}}]`,
		"a link with blanks":       `[{"labels": {"alertname": "a"}, "generatorURL": "http://h/#/a b"}]`,
		"a link to the page":       `[{"labels": {"alertname": "a"}, "generatorURL": "http://localhost:8320/#/search?q=%22a%22+b&from=2026-11-26T12:00:00Z"}]`,
		"no link":                  `[{"labels": {"alertname": "a"}, "generatorURL": "no link"}]`,
		"no labels":                `[{"annotations": {}}]`,
		"labels that are none":     `[{"labels": {}}]`,
		"empty labels":             `[{"labels": {"alertname": ""}}]`,
		"a dot in a label":         `[{"labels": {"alertname": "a", "client.address": "b"}}]`,
		"a dot in an annotation":   `[{"labels": {"alertname": "a"}, "annotations": {"a.b": "c"}}]`,
		"a digit in front":         `[{"labels": {"alertname": "a", "1": "b"}}]`,
		"letters of another world": `[{"labels": {"alertname": "a", "größe": "b"}}]`,
		"values of another world":  `[{"labels": {"alertname": "größe \u0000\n"}, "annotations": {"a": "größe"}}]`,
		"no UTF-8":                 "[{\"labels\": {\"alertname\": \"a\xff\"}}]",
		"an end before the start":  `[{"labels": {"alertname": "a"}, "startsAt": "2026-11-26T12:05:00Z", "endsAt": "2026-11-26T12:00:00Z"}]`,
		"an end at the start":      `[{"labels": {"alertname": "a"}, "startsAt": "2026-11-26T12:05:00Z", "endsAt": "2026-11-26T12:05:00Z"}]`,
		"a time that is none":      `[{"labels": {"alertname": "a"}, "startsAt": "noon"}]`,
		"good and bad":             `[{"labels": {"alertname": "a"}}, {"labels": {"a.b": "c"}}]`,
		"a long value":             fmt.Sprintf(`[{"labels": {"alertname": "%s"}}]`, strings.Repeat("x", 1<<20)),
	} {
		t.Run(name, func(t *testing.T) {
			wantStatus, wantText := post(really, "application/json", body)
			status, text := post(double.URL, "application/json", body)
			assert.Equal(t, wantStatus, status)
			assert.Equal(t, wantText, text, "the answer is a text or an object")
		})
	}
	for _, media := range []string{"text/plain", "application/json; charset=utf-8"} {
		want, _ := post(really, media, "[]")
		status, _ := post(double.URL, media, "[]")
		assert.Equal(t, want, status, media)
	}
}
