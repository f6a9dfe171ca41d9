package page

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

func TestTheStoreMayGoAndComeBack(t *testing.T) {
	t.Parallel()
	// The store's program can be taken away, so that it stays down.
	directory := t.TempDir()
	store := filepath.Join(directory, "victoria-logs")
	require.NoError(t, os.Symlink(filepath.Join(program.Root(), "_build", "victoria-logs"), store))
	s := ownStack(t, "extensions::log_store::path: "+store)
	log := func(message string) { s.write(t, line(time.Now(), message, nil)) }
	log("before")
	s.stored(t, "before", 1)
	search, live := s.tab(t, "503", "502"), s.tab(t, "503", "502")
	live.open(view("live"))
	live.until(rows + ".join() === 'before'")
	search.open(view("search"))
	search.until(all("record") + ".length === 1")

	require.NoError(t, os.Remove(store))
	killStore(t, s)
	assert.Contains(t, search.text("banner"), "The store of the logs")
	live.sees("live-state", "Connecting…")
	log("while it was away")
	search.open(view("search", "q", "away"))
	assert.NotEmpty(t, search.text("problem"))

	require.NoError(t, os.Symlink(filepath.Join(program.Root(), "_build", "victoria-logs"), store))
	search.until("document.querySelector('[data-testid=banner]').hidden")
	s.stored(t, "away", 1)
	search.run(clickNth("refresh", 0))
	search.until(all("record") + ".length === 1")
	live.sees("live-state", "Live")
	log("after")
	live.until(rows + ".join() === 'after,while it was away,before'")
}
