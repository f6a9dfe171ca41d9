package destination

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
)

var errContent = consumererror.NewPermanent(errors.New("refused"))

func numbered(n int) plog.Logs {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for i := range n {
		records.AppendEmpty().Body().SetStr(fmt.Sprint(i))
	}
	return logs
}

func bodiesOf(logs plog.Logs) (bodies []string) {
	for _, rl := range logs.ResourceLogs().All() {
		for _, record := range rl.ScopeLogs().At(0).LogRecords().All() {
			bodies = append(bodies, record.Body().Str())
		}
	}
	return bodies
}

func TestDestinationThatComesToItselfWhileABatchIsDividedGetsAllOfIt(t *testing.T) {
	for _, records := range []int{1, 2, 7, 100} {
		for refusals := range 3 * pointless {
			var taken []string
			sends, letters, othersTaken := 0, plog.NewLogs(), true
			d := Divider{
				Send: func(_ context.Context, logs plog.Logs) error {
					if sends++; sends <= refusals {
						return errContent
					}
					taken = append(taken, bodiesOf(logs)...)
					return nil
				},
				Bury: func(_ context.Context, dead plog.Logs, others bool) error {
					letters, othersTaken = dead, others
					return nil
				},
			}
			require.NoError(t, d.Divide(t.Context(), numbered(records), OfError(errContent)))
			if len(taken) > 0 {
				slices.Sort(taken)
				assert.Len(t, slices.Compact(taken), records, "after %d refusals", refusals)
				assert.Zero(t, letters.LogRecordCount())
			} else {
				assert.Equal(t, records, letters.LogRecordCount())
				assert.False(t, othersTaken)
			}
		}
	}
}

func TestRefusedRecordsAreBuriedAloneWhereverTheyAre(t *testing.T) {
	const records = 40
	for name, poisoned := range map[string]func(int) bool{
		"first":          func(i int) bool { return i == 0 },
		"last":           func(i int) bool { return i == records-1 },
		"all but one":    func(i int) bool { return i != records/2 },
		"every third":    func(i int) bool { return i%3 == 0 },
		"the first half": func(i int) bool { return i < records/2 },
	} {
		t.Run(name, func(t *testing.T) {
			poison := map[string]bool{}
			for i := range records {
				poison[fmt.Sprint(i)] = poisoned(i)
			}
			var taken, dead []string
			d := Divider{
				Thorough: true,
				Send: func(_ context.Context, logs plog.Logs) error {
					bodies := bodiesOf(logs)
					if slices.ContainsFunc(bodies, func(body string) bool { return poison[body] }) {
						return errContent
					}
					taken = append(taken, bodies...)
					return nil
				},
				Bury: func(_ context.Context, letters plog.Logs, others bool) error {
					assert.True(t, others)
					dead = bodiesOf(letters)
					return nil
				},
			}
			require.NoError(t, d.Divide(t.Context(), numbered(records), OfError(errContent)))
			assert.Len(t, append(slices.Clone(taken), dead...), records, "each once")
			for _, body := range taken {
				assert.False(t, poison[body], body)
			}
			for _, body := range dead {
				assert.True(t, poison[body], body)
			}
		})
	}
}

func TestWhatIsLeftOfADivisionIsInItsError(t *testing.T) {
	errDown := errors.New("down")
	for after := range 20 {
		sends := 0
		var taken []string
		d := Divider{Send: func(_ context.Context, logs plog.Logs) error {
			switch sends++; {
			case sends > after:
				return errDown
			case logs.LogRecordCount() > 1 || sends%2 == 0:
				return errContent
			}
			taken = append(taken, bodiesOf(logs)...)
			return nil
		}}
		err := d.Divide(t.Context(), numbered(50), OfError(errContent))
		var left consumererror.Logs
		require.ErrorAs(t, err, &left)
		require.ErrorIs(t, err, errDown)
		all := slices.Concat(taken, bodiesOf(left.Data()))
		slices.Sort(all)
		assert.Len(t, slices.Compact(all), 50, "after %d", after)
	}
}
