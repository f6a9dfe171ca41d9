package endpoint_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.uber.org/goleak"

	"github.com/mina-observability/otelcol-mina/test/endpoint"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func request(t testing.TB, bodies ...string) []byte {
	t.Helper()
	logs := plog.NewLogs()
	for _, body := range bodies {
		record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
		record.Attributes().PutStr("body", "an attribute")
		record.Body().SetStr(body)
	}
	text, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	return text
}

func post(t *testing.T, url string, body []byte, encoding string) (int, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Encoding", encoding)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

func TestEndpointCountsWhatItTakesAndMisbehaves(t *testing.T) {
	var bodies []string
	e, err := endpoint.New(func(body []byte) { bodies = append(bodies, string(body)) })
	require.NoError(t, err)
	defer e.Close()
	text := request(t, "one", "two")
	var compressed bytes.Buffer
	w := gzip.NewWriter(&compressed)
	_, err = w.Write(text)
	require.NoError(t, err)
	require.NoError(t, w.Close())

	for name, step := range map[string]struct {
		path, encoding string
		body           []byte
		fault          endpoint.Fault
		status         int // 0 is a connection that is cut
		taken          int64
	}{
		"plain":         {path: "/v1/logs", body: text, status: http.StatusOK, taken: 2},
		"compressed":    {path: "/v1/logs", body: compressed.Bytes(), encoding: "gzip", status: http.StatusOK, taken: 2},
		"refused":       {path: "/v1/logs", body: text, fault: endpoint.Fault{Status: http.StatusServiceUnavailable}, status: http.StatusServiceUnavailable},
		"cut before":    {path: "/v1/logs", body: text, fault: endpoint.Fault{CutBefore: true}},
		"cut after":     {path: "/v1/logs", body: text, fault: endpoint.Fault{CutAfter: true}, taken: 2},
		"another path":  {path: "/v1/traces", body: text, status: http.StatusBadRequest},
		"malformed":     {path: "/v1/logs", body: text[:len(text)-1], status: http.StatusBadRequest},
		"no compressed": {path: "/v1/logs", body: text, encoding: "gzip", status: http.StatusBadRequest},
	} {
		before := e.Taken()
		e.SetFault(func(int64) endpoint.Fault { return step.fault })
		status, err := post(t, e.URL+step.path, step.body, step.encoding)
		assert.Equal(t, step.status, status, name)
		assert.Equal(t, step.status == 0, err != nil, name)
		assert.Equal(t, step.taken, e.Taken()-before, name)
	}
	assert.Equal(t, []string{"one", "two", "one", "two", "one", "two"}, bodies)

	e.Close()
	_, err = post(t, e.URL+"/v1/logs", text, "")
	require.Error(t, err)
	require.NoError(t, e.Reopen())
	e.SetFault(nil)
	status, err := post(t, e.URL+"/v1/logs", text, "")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, status)
}
