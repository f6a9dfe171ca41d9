package health

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
)

func run(t *testing.T, arguments ...string) (code int, printed string) {
	t.Helper()
	var out strings.Builder
	program := cli.Program{Name: "mina", Commands: []cli.Command{Command()}}
	code = program.Run(t.Context(), &cli.Terminal{Out: &out, Err: &out}, append([]string{"health"}, arguments...))
	return code, out.String()
}

func TestTheExitCodeSaysWhetherTheCollectorIsHealthy(t *testing.T) {
	for name, test := range map[string]struct {
		answer  string
		code    int
		want    int
		printed string
	}{
		"healthy":     {`{"healthy":true,"status":"StatusOK","components":{}}`, 200, cli.Good, "healthy\n"},
		"starting":    {`{"healthy":true,"status":"StatusStarting"}`, 503, cli.Bad, "unhealthy: it is starting\n"},
		"stopped":     {`{"healthy":true,"status":"StatusStopped"}`, 503, cli.Bad, "unhealthy: StatusStopped\n"},
		"unhealthy":   {`{"healthy":false,"status":"StatusRecoverableError","error":"connection refused"}`, 500, cli.Bad, "unhealthy: connection refused\n"},
		"a pipeline":  {`{"healthy":false,"status":"StatusRecoverableError","error":"refused","components":{"extensions":{"healthy":true},"pipeline:logs":{"healthy":true},"pipeline:logs/otlp":{"healthy":false,"error":"refused"}}}`, 500, cli.Bad, "unhealthy: logs/otlp: refused\n"},
		"no pipeline": {``, 404, cli.Bad, "mina health: URL knows no pipeline \"logs\"\n"},
		"other page":  {`<html>`, 200, cli.Bad, "mina health: URL does not answer as the collector's health check does (HTTP 200)\n"},
		"other JSON":  {`{"ok":true}`, 200, cli.Bad, "mina health: URL does not answer as the collector's health check does (HTTP 200)\n"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				assert.Equal(t, "/", r.URL.Path)
				assert.Equal(t, "logs", r.URL.Query().Get("pipeline"))
				w.WriteHeader(test.code)
				_, _ = w.Write([]byte(test.answer))
			}))
			defer server.Close()
			code, printed := run(t, "--endpoint", server.URL, "--pipeline", "logs")
			assert.Equal(t, test.want, code)
			assert.Equal(t, test.printed, strings.ReplaceAll(printed, server.URL, "URL"))
		})
	}
}

func TestACollectorThatDoesNotAnswerIsNotHealthy(t *testing.T) {
	silent := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-silent }))
	host := strings.TrimPrefix(server.URL, "http://")
	code, printed := run(t, "--endpoint", server.URL, "--timeout", "50ms")
	assert.Equal(t, cli.Bad, code)
	assert.Equal(t, "mina health: "+host+" does not answer in time\n", printed)
	close(silent)
	server.Close()

	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	host = strings.TrimPrefix(server.URL, "http://")
	code, printed = run(t, "--endpoint", server.URL, "--timeout", "50ms")
	assert.Equal(t, cli.Bad, code)
	assert.Equal(t, "mina health: "+host+" does not answer in time\n", printed, "nor one that answers without an end")
	server.Close()

	code, printed = run(t, "--endpoint", server.URL)
	assert.Equal(t, cli.Bad, code)
	assert.Equal(t, "mina health: nothing listens on "+host+": the collector does not run, or has another address\n", printed)
}

func TestWhereNoPipelineWasAskedForNoneIsMissing(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, printed := run(t, "--endpoint", server.URL)
	assert.Equal(t, "mina health: "+server.URL+" does not answer as the collector's health check does (HTTP 404)\n", printed)
}

func TestAnAddressThatIsNoURLIsNamed(t *testing.T) {
	for _, address := range []string{"localhost:13133", "127.0.0.1:13133", "", "http://", "ftp://localhost", "http://[::1"} {
		code, printed := run(t, "--endpoint", address)
		assert.Equal(t, cli.Bad, code)
		assert.Equal(t, "mina health: \""+address+"\" is no URL such as http://localhost:13134\n", printed)
	}
}
