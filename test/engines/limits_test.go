package engines

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What is more than an engine takes is shortened so that what is needed most is left,
// and all of what has no room of its own is in one field.
func TestWhatIsMoreThanAnEngineTakesIsStoredShortened(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, state, logs := kind.restartable(t)(), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
			now := time.Now()
			writeLines(t, logs, longTraceback, longNames+1, func(int) time.Time { return now })
			kind.collect(t, e, state, logs)
			eventuallyHolds(t, func(t require.TestingT) bool {
				return kind.stored(e, t)+len(letters(t, state)) == longNames+1-longTraceback
			}, "every line is here or there")
			assert.Empty(t, letters(t, state))

			records := map[int]map[string]string{}
			for _, record := range kind.find(e, t, kind.all) {
				records[numberOf(record["_msg"])] = dotted(record)
			}
			traceback := records[longTraceback]["exception_stacktrace"]
			assert.True(t, strings.HasSuffix(traceback, "ValueError: the end of "+text(longTraceback)), "the end of a traceback: %.80q", traceback)
			assert.True(t, strings.HasPrefix(records[longMessage]["_msg"], "für "))
			for i := range 5 {
				assert.Contains(t, records[longFields][fmt.Sprintf("detail_%d", i)], strings.Repeat("x", 8<<10))
			}
			for n, details := range map[int]int{manyFields: 200, tooManyFields: 1200} {
				for i := range details {
					assert.True(t, has(records[n], fmt.Sprintf("detail_%d", i), fmt.Sprintf("value %d", i)), "detail %d of record %d", i, n)
				}
			}
			for i := range 5 {
				assert.True(t, has(records[longNames], strings.Repeat("detail", 40)+fmt.Sprintf("_%d", i), fmt.Sprintf("value %d", i)), "long name %d", i)
			}
			if name == "VictoriaLogs" {
				assert.Len(t, traceback, len(fields(longTraceback, now)["exception"].(map[string]any)["traceback"].(string)), "a traceback of 170 KB is whole")
				return
			}
			for _, n := range []int{longTraceback, longFields} {
				assert.NotEmpty(t, records[n]["mina_truncated"], "record %d says what was cut", n)
			}
		})
	}
}

// dotted returns a record as all engines have it: Loki knows no dots in names.
func dotted(record map[string]string) map[string]string {
	names := map[string]string{}
	for name, value := range record {
		names[strings.ReplaceAll(name, ".", "_")] = value
	}
	return names
}

// has reports whether a record has a field, of its own or in the one that holds what
// there was no room for.
func has(record map[string]string, name, value string) bool {
	return record[name] == value || strings.Contains(record["mina_attributes"], fmt.Sprintf("%q:%q", name, value))
}
