package pod

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/kubernetes"
)

// TestIntake runs a pod of the StatefulSet, and posts to it as an application in the
// cluster does: by the name of its Service.
func TestIntake(t *testing.T) {
	backend, values := destination(t)
	values["mode"], values["environment"] = "intake", "test"
	values["state"] = kubernetes.Values{"persistent": false}
	installation, err := kubernetes.Render(kubernetes.Chart(), values)
	require.NoError(t, err)
	pod := run(t, "mina-test-intake", installation)
	require.Eventually(t, func() bool { return status(pod, "/?pipeline=logs") == http.StatusOK }, deadline, 50*time.Millisecond, pod.output)

	const service = "mina-otelcol-mina.observability"
	for name, tt := range map[string]struct {
		port               int
		host, path, record string
		want               int
	}{
		"Mina's records":        {8319, service + ":8319", "/v1/mina", `{"level": "INFO", "message": "posted", "password": "hunter2"}`, http.StatusAccepted},
		"a page that rebinds":   {8319, "evil.example.com", "/v1/mina", `{"level": "INFO", "message": "from a browser"}`, http.StatusForbidden},
		"OTLP that is not ours": {4318, service + ":4318", "/v1/logs", `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"over OTLP"},"attributes":[{"key":"password","value":{"stringValue":"hunter2"}}]}]}]}]}`, http.StatusOK},
	} {
		request, err := http.NewRequest(http.MethodPost, fmt.Sprintf("http://%s:%d%s", pod.Address, tt.port, tt.path), strings.NewReader(tt.record))
		require.NoError(t, err)
		request.Host = tt.host
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err, name)
		answer, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		assert.Equal(t, tt.want, response.StatusCode, "%s: %s", name, answer)
	}
	assert.Equal(t, []string{"over OTLP", "posted"}, bodies(backend.Taken()))
	for _, record := range backend.Taken() {
		assert.Equal(t, "test", record.Resource["deployment.environment.name"])
		assert.Equal(t, "[REDACTED:sensitive_key]", record.Attributes["password"], record.Body)
	}
}
