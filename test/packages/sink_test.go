package packages

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/endpoint"
	"github.com/mina-observability/otelcol-mina/test/loglines"
)

// sink is an OTLP endpoint on the machine, which counts the records by their numbers.
type sink struct {
	*endpoint.Endpoint

	mu    sync.Mutex
	taken map[int]int
}

func listen(t *testing.T, m *machine) *sink {
	t.Helper()
	s := &sink{taken: map[int]int{}}
	require.NoError(t, m.inside(func() (err error) {
		s.Endpoint, err = endpoint.New(func(body []byte) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.taken[loglines.Number(body)]++
		})
		return err
	}))
	t.Cleanup(s.Close)
	return s
}

// count returns how many different records it has, and how many more than once.
func (s *sink) count() (different, repeated int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, times := range s.taken {
		if times > 1 {
			repeated++
		}
	}
	return len(s.taken), repeated
}

// application writes a log of numbered records on the machine.
type application struct {
	path string

	mu      sync.Mutex
	written int
}

// write writes so many records more.
func (a *application) write(t *testing.T, records int) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	file, err := os.OpenFile(a.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	require.NoError(t, err)
	defer file.Close()
	var lines []byte
	for range records {
		lines = loglines.Typical.Append(lines, a.written)
		a.written++
	}
	_, err = file.Write(lines)
	require.NoError(t, err)
}

// wait returns when the sink has all that was written.
func (a *application) wait(t *testing.T, s *sink) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	waitFor(t, fmt.Sprintf("record %d", a.written), func() bool { different, _ := s.count(); return different >= a.written })
	different, _ := s.count()
	require.Equal(t, a.written, different)
}
