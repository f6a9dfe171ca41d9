package contract_test

import (
	"compress/gzip"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// call is what can be compared of a frame, and raised what can of an exception: the
// SDK also knows what no traceback prints, such as variables.
type (
	call struct {
		Filename, AbsPath, Function string
		Line                        int
		InApp                       bool
	}
	raised struct {
		Type, Value string
		Calls       []call
	}
)

// exceptionsOf reads the exceptions of an event.
func exceptionsOf(t *testing.T, event map[string]any) (all []raised) {
	t.Helper()
	text, err := json.Marshal(event["exception"])
	require.NoError(t, err)
	var exception struct {
		Values []struct {
			Type, Value string
			Stacktrace  struct {
				Frames []struct {
					Filename, Function string
					AbsPath            string `json:"abs_path"`
					Lineno             int
					InApp              bool `json:"in_app"`
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &exception))
	for _, x := range exception.Values {
		r := raised{Type: x.Type, Value: x.Value}
		for _, f := range x.Stacktrace.Frames {
			r.Calls = append(r.Calls, call{f.Filename, f.AbsPath, f.Function, f.Lineno, f.InApp})
		}
		all = append(all, r)
	}
	return all
}

// TestEventsAreThoseOfTheSDK lets the real sentry_sdk report exceptions, and the
// collector the lines that were logged of them.
func TestEventsAreThoseOfTheSDK(t *testing.T) {
	var mu sync.Mutex
	want := map[string][]raised{}
	store := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, err := gzip.NewReader(r.Body)
		if !assert.NoError(t, err) {
			return
		}
		var event map[string]any
		if !assert.NoError(t, json.NewDecoder(text).Decode(&event)) {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		want[event["tags"].(map[string]any)["kind"].(string)] = exceptionsOf(t, event)
	}))
	defer store.Close()
	script := filepath.Join(program.Root(), "test", "contract", "testdata", "failing.py")
	sdk := exec.Command("/usr/bin/python3", script, "http://key@"+store.Listener.Addr().String()+"/42")
	sdk.Stderr = os.Stderr
	lines, err := sdk.Output()
	require.NoError(t, err)
	mu.Lock()
	defer mu.Unlock()
	require.Len(t, want, 13)

	logs := filepath.Join(t.TempDir(), "app.log")
	require.NoError(t, os.WriteFile(logs, lines, 0o600))
	_, s := startSentry(t, "acknowledged", logs, "exporters::sentry_events::project_roots: ["+filepath.Dir(script)+"]")
	eventually(t, func() bool { all, _ := s.Events(); return len(all) == len(want) }, "every event")
	all, _ := s.Events()
	for _, event := range all {
		kind := event["logentry"].(map[string]any)["formatted"].(string)
		assert.Equal(t, want[kind], exceptionsOf(t, event), kind)
	}
	assert.Equal(t, len(want), strings.Count(string(lines), "\n"))
}
