package packages

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func read(t *testing.T, response *http.Response) string {
	t.Helper()
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(text)
}

func (h *host) explore(t *testing.T) {
	// The records are of 2025.
	h.write(t, "/etc/systemd/system/otelcol-mina-explore.service.d/bounds.conf", "[Service]\nEnvironment=EXPLORE_DAYS=36500\n")
	h.run(t, "systemctl", "daemon-reload")
	h.run(t, "systemctl", "enable", "--now", "otelcol-mina-explore")
	h.edit(t, environment, func(text string) string { return text + "MINA_DESTINATIONS=auto,explore\n" })
	h.run(t, restart)
	h.application.write(t, 100)
	h.application.wait(t, h.sink)

	client := h.client()
	page, err := client.Get("http://127.0.0.1:8320/")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, page.StatusCode)
	assert.Contains(t, read(t, page), "<html")

	query := "http://127.0.0.1:9428/select/logsql/query?query=" + url.QueryEscape("* | stats count() records")
	refused, err := client.Get(query)
	require.NoError(t, err)
	assert.Equal(t, http.StatusUnauthorized, refused.StatusCode, "a password is asked for")
	_ = read(t, refused)

	_, password, _ := strings.Cut(h.run(t, "cat", "/etc/otelcol-mina/explore.env"), "EXPLORE_PASSWORD=")
	password, _, _ = strings.Cut(password, "\n")
	require.NotEmpty(t, password)
	asked, err := http.NewRequestWithContext(t.Context(), http.MethodGet, query, nil)
	require.NoError(t, err)
	asked.SetBasicAuth("mina", password)
	waitFor(t, "100 records in the store", func() bool {
		answer, err := client.Do(asked)
		return err == nil && strings.Contains(read(t, answer), `{"records":"100"}`)
	})
	assert.Equal(t, "root 600", h.run(t, "stat", "--format=%U %a", "/etc/otelcol-mina/explore.env"))
	assert.NotContains(t, h.run(t, "ps", "-eo", "args"), password)
	_, err = h.try("runuser", "-u", "otelcol-mina", "--", "ls", "/var/lib/otelcol-mina-explore/records")
	assert.Error(t, err, "what the store keeps is its own")
	h.run(t, "runuser", "-u", "otelcol-mina", "--", "mina", "doctor")

	h.run(t, "systemctl", "restart", "otelcol-mina-explore")
	waitFor(t, "the same password", func() bool {
		answer, err := client.Do(asked)
		return err == nil && strings.Contains(read(t, answer), `{"records":"100"}`)
	})
	assert.Contains(t, h.run(t, "systemctl", "show", "--property=User", "otelcol-mina-explore"), "otelcol-mina-explore")
}
