package page

import (
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// A sync worker of gunicorn takes one request at a time: two at once are handled by two.
func TestARequestOverTwoWorkersIsOneTimeline(t *testing.T) {
	t.Parallel()
	s, id := sharedStack(t), "7d444840-9dc0-11d1-b245-5ffdce74fad2"
	application, err := program.StartFlask()
	require.NoError(t, err)
	t.Cleanup(application.Stop)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			request, err := http.NewRequest(http.MethodGet, application.URL+"/api/report?seconds=0.5", nil)
			if !assert.NoError(t, err) {
				return
			}
			request.Header.Set("X-Request-ID", id)
			response, err := http.DefaultClient.Do(request)
			if assert.NoError(t, err) {
				_ = response.Body.Close()
			}
		})
	}
	both.Wait()
	application.Stop()
	s.write(t, application.Output())
	s.stored(t, "request:"+id, 2)
	b := s.tab(t)
	b.open("#/request/" + id)
	b.sees("head-processes", "2")
	processes := script[[]string](b, all("step")+".map(row => row.cells[2].querySelector('.unseen').textContent)")
	assert.Len(t, processes, 2)
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(processes))), 2)
	assert.Equal(t, 2, script[int](b, "document.querySelectorAll('.lanes svg').length"))
}
