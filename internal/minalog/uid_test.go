package minalog

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// identified is an origin whose records get an identity.
var identified = Origin{Text: 0x1234}

func uidOf(record plog.LogRecord) string {
	uid, ok := record.Attributes().Get(recordUID)
	if !ok {
		return ""
	}
	return uid.AsString()
}

// uids returns the identities of a batch's records, in the order of their bodies.
func uids(b *Batch) (all []string) {
	for _, record := range records(b) {
		all = append(all, uidOf(record))
	}
	return all
}

func readIdentified(t *testing.T, text string, limit int, change ...func(*Config)) *Batch {
	t.Helper()
	s, b := newStream(t, identified, limit, change...), NewBatch(observed)
	s.Write(b, []byte(text))
	s.End(b)
	return b
}

func requireDistinct(t *testing.T, all []string) {
	t.Helper()
	for _, uid := range all {
		require.Regexp(t, `^[0-9a-f]{28}$`, uid)
	}
	sorted := slices.Sorted(slices.Values(all))
	require.Len(t, slices.Compact(sorted), len(all), "two records have the same identity")
}

func TestARecordIsKnownByWhereItBegins(t *testing.T) {
	b := readIdentified(t, `{"message": "m"}`+"\n"+`{"message": "m"}`+"\n", 1<<20)
	assert.Equal(t, []string{"000000000000" + "0000000000001234", "000000000011" + "0000000000001234"}, uids(b))
	assert.Equal(t, []string{"", ""}, uids(readText(t, `{"message": "m"}`+"\n"+`{"message": "m"}`+"\n")))
}

func readText(t *testing.T, text string) *Batch {
	t.Helper()
	s, b := newStream(t, Origin{}, 1<<20), NewBatch(observed)
	s.Write(b, []byte(text))
	s.End(b)
	return b
}

func TestEveryRecordOfALineHasItsOwnIdentity(t *testing.T) {
	const json = `{"message": "m", "level": "INFO"}`
	cri := func(tag, text string) string { return "2025-10-01T16:12:05Z stdout " + tag + " " + text + "\n" }
	for name, test := range map[string]struct {
		text    string
		records int
	}{
		"several in a line":      {json + json + json + "\n", 3},
		"text behind JSON":       {json + " print\n", 2},
		"behind a torn one":      {`{"message": "to` + json + "\n", 2},
		"in several lines":       {"2025-10-01 16:12:05,785 INFO app: sends\n{\n  \"message\": \"m\",\n  \"level\": \"INFO\"\n}\n", 2},
		"a hole of NULs":         {json + "\x00\x00\x00\x00" + json + "\n", 2},
		"pieces of a line":       {strings.Repeat("x", 500) + "\n", 5},
		"pieces of a record":     {"2025-10-01 16:12:05,785 INFO app: m\n" + strings.Repeat("  goes on\n", 30), 4},
		"pieces of a CRI line":   {cri("F", strings.Repeat("x", 300)), 4},
		"pieces of CRI's parts":  {strings.Repeat(cri("P", strings.Repeat("x", 60)), 4) + cri("F", "x"), 4},
		"CRI's parts":            {cri("P", "x") + cri("F", "y") + cri("F", "x") + cri("F", "y"), 3},
		"docker":                 {`{"log":"x\n","stream":"stdout","time":"2025-10-01T16:12:05Z"}` + "\n" + `{"log":"x\n","stream":"stdout","time":"2025-10-01T16:12:05Z"}` + "\n", 2},
		"a service's, of a host": {"web-1  | " + json + json + "\nweb-1  | " + json + "\n", 3},
		"colours":                {"\x1b[32m" + json + "\x1b[0m" + json + "\n" + json + "\n", 3},
		"no UTF-8":               {"\xff\xff\xff" + json + "\n" + json + "\n", 2},
	} {
		t.Run(name, func(t *testing.T) {
			b := readIdentified(t, test.text, 100)
			require.Len(t, records(b), test.records)
			requireDistinct(t, uids(b))
		})
	}
}

func TestRecordsOfOneOTLPLineAreToldApart(t *testing.T) {
	logs := plog.NewLogs()
	for range 3 {
		scope := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
		scope.LogRecords().AppendEmpty().Body().SetStr("m")
		scope.LogRecords().AppendEmpty().Body().SetStr("m")
	}
	line := encoded(t, logs) + "\n"
	b := readIdentified(t, line+line, 1<<20, ofOTLP)
	require.Len(t, records(b), 12)
	requireDistinct(t, uids(b))
}

func TestARecordKeepsTheIdentityThatItComesWith(t *testing.T) {
	b := readIdentified(t, `{"message": "m", "log.record.uid": "01J9"}`+"\n"+`{"message": "m", "log.record.uid": 7}`+"\n"+`{"message": "m", "log.record.uid": ""}`+"\n", 1<<20)
	got := uids(b)
	assert.Equal(t, []string{"01J9", "7"}, got[:2])
	requireDistinct(t, got[2:])

	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Attributes().PutStr(recordUID, "01J9")
	assert.Equal(t, []string{"01J9"}, uids(readIdentified(t, encoded(t, logs)+"\n", 1<<20, ofOTLP)))
}

// A record that has gone out before it was whole is the same when it is read again.
func TestARecordIsTheSameHoweverMuchOfItIsThere(t *testing.T) {
	const first = "2025-10-01 16:12:05,785 ERROR app: failed\n"
	for name, parts := range map[string][2]string{
		"lines that come later":    {first, "Traceback (most recent call last):\nValueError: bad\n"},
		"half a line":              {first + first[:40], first[40:]},
		"half a line of CRI":       {"2025-10-01T16:12:05Z stdout P half\n", "2025-10-01T16:12:05Z stdout F line\n"},
		"an object without a tail": {`{"message": "m"}`, "\n" + `{"message": "n"}` + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			whole := uids(readIdentified(t, parts[0]+parts[1], 1<<20))
			s, b := newStream(t, identified, 1<<20), NewBatch(observed)
			s.Write(b, []byte(parts[0]))
			s.Flush(b)
			assert.Equal(t, whole[:b.Len()], uids(b))
			s.Write(b, []byte(parts[1]))
			s.End(b)
			requireDistinct(t, uids(b))
			assert.Subset(t, uids(b), whole)
		})
	}
}

// Whatever the lines are, their records are told apart, and are the same in any blocks.
func TestIdentitiesDoNotDependOnBlocks(t *testing.T) {
	inputs, err := filepath.Glob("testdata/lines/*.log")
	require.NoError(t, err)
	require.NotEmpty(t, inputs)
	for _, input := range inputs {
		t.Run(filepath.Base(input), func(t *testing.T) {
			text, err := os.ReadFile(input)
			require.NoError(t, err)
			whole := readIdentified(t, string(text), 1<<20)
			requireDistinct(t, uids(whole))
			for _, size := range []int{1, 100} {
				s, b := newStream(t, identified, 1<<20), NewBatch(observed)
				for block := range slices.Chunk(text, size) {
					if !bytes.ContainsAny(block, "\x00\xEF") {
						s.Write(b, block)
						continue
					}
					t.Skip("a byte order mark or a hole of NULs must not be cut")
				}
				s.End(b)
				require.Equal(t, fmt.Sprint(uids(whole)), fmt.Sprint(uids(b)))
			}
		})
	}
}
