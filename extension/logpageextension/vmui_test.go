package logpageextension

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheStoresPageIsOpenByOptionOnly(t *testing.T) {
	s := &store{answer: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = fmt.Fprintf(w, "%s %s %q", r.Method, r.URL, r.Header.Get("Cookie")+r.Header.Get("Authorization"))
	}}
	closed, opened := serve(t, s, nil), serve(t, s, func(c *Config) { c.VMUI = true })
	cross := map[string]string{"Sec-Fetch-Site": "cross-site"}
	own := map[string]string{"Sec-Fetch-Site": "same-origin", "Cookie": "a=b", "Authorization": "Basic x"}
	for _, tt := range []struct {
		method, path string
		header       map[string]string
		status       int
		asked        string
	}{
		{http.MethodGet, "/vmui/", own, 200, `GET http://log_store/select/vmui/ ""`},
		{http.MethodGet, "/vmui/assets/a.js", own, 200, `GET http://log_store/select/vmui/assets/a.js ""`},
		{http.MethodGet, "/select/logsql/query?query=a%2Fb", own, 200, `GET http://log_store/select/logsql/query?query=a%2Fb ""`},
		{http.MethodPost, "/select/logsql/hits", own, 200, `POST http://log_store/select/logsql/hits ""`},
		{http.MethodPost, "/select/logsql/hits", cross, 405, ""},
		{http.MethodPost, "/vmui/", own, 405, ""},
		{http.MethodDelete, "/select/logsql/query", own, 405, ""},
		{http.MethodGet, "/select/logsql/query", cross, 403, ""},
		{http.MethodGet, "/select/vmalert/api", own, 404, ""},
		{http.MethodGet, "/select/tenant_ids", own, 404, ""},
		{http.MethodGet, "/insert/jsonline", own, 404, ""},
		{http.MethodGet, "/delete/run_task", own, 404, ""},
		{http.MethodGet, "/vmui/%2e%2e/%2e%2e/delete/run_task", own, 404, ""},
		{http.MethodGet, "/select/logsql/..%2f..%2fdelete/run_task", own, 404, ""},
	} {
		response, text := request(t, tt.method, opened+tt.path, tt.header)
		assert.Equal(t, tt.status, response.StatusCode, "%s %s: %s", tt.method, tt.path, text)
		assert.Empty(t, response.Header.Get("Access-Control-Allow-Origin"))
		if tt.asked != "" {
			assert.Equal(t, tt.asked, text)
		}
		response, _ = request(t, tt.method, closed+tt.path, tt.header)
		assert.GreaterOrEqual(t, response.StatusCode, 400, "%s %s", tt.method, tt.path)
	}
}
