package destination

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// asked is a request that is answered.
var asked = httptest.NewRequest(http.MethodPost, "http://loki/otlp/v1/logs", nil)

// noon is when the batch of the tests below was written.
var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// batch has records of two services, of which one is old, one in the future, one long,
// and two have much metadata.
func batch() plog.Logs {
	logs := plog.NewLogs()
	for _, service := range []string{"mina", "billing"} {
		rl := logs.ResourceLogs().AppendEmpty()
		rl.Resource().Attributes().PutStr("service.name", service)
		records := rl.ScopeLogs().AppendEmpty().LogRecords()
		add := func(name string, after time.Duration) plog.LogRecord {
			record := records.AppendEmpty()
			record.Body().SetStr(service + " " + name)
			record.SetTimestamp(pcommon.NewTimestampFromTime(noon.Add(after)))
			return record
		}
		add("good", 0)
		if service == "billing" {
			add("fine", time.Second)
			continue
		}
		add("old", -200*time.Hour)
		add("new", 2*time.Hour)
		long := add("long", 0)
		long.Body().SetStr("mina long" + strings.Repeat("x", 300))
		add("metadata", 0).Attributes().PutStr("much", strings.Repeat("x", 5000))
		many := add("entries", 0)
		for _, c := range "abcdefghijklmnopqrstuvwxyz" {
			many.Attributes().PutInt(string(c), 1)
		}
	}
	return logs
}

func names(logs plog.Logs) (all []string) {
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				name, _, _ := strings.Cut(record.Body().Str(), "x")
				all = append(all, name)
			}
		}
	}
	return all
}

// The texts are those of Loki 3.7.
func TestAnswerTellsWhatItRefuses(t *testing.T) {
	const stream = `'{service_name="mina"}'`
	everything := names(batch())
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"too old":         {"entry for stream " + stream + " has timestamp too old: 2026-11-18T04:00:00Z, oldest acceptable timestamp is: 2026-11-19T12:00:00Z", []string{"mina old"}},
		"in another zone": {"entry for stream " + stream + " has timestamp too old: 2026-11-18T04:00:00Z, oldest acceptable timestamp is: 2026-11-19T14:00:00+02:00", []string{"mina old"}},
		"too new":         {"entry for stream " + stream + " has timestamp too new: 2026-11-26T14:00:00Z", []string{"mina new"}},
		"too long":        {"max entry size '256' bytes exceeded for stream " + stream + " while adding an entry with length '309' bytes", []string{"mina long"}},
		"much metadata":   {"stream " + stream + " has structured metadata too large: '5030' bytes, limit: '4096' bytes. Please see `limits_config.max_structured_metadata_size` or contact your Loki administrator to increase it.", []string{"mina metadata"}},
		"many entries":    {"stream " + stream + " has too many structured metadata labels: '27', limit: '20'. Please see `limits_config.max_structured_metadata_entries_count`", []string{"mina entries"}},
		"two of them": {"1 errors like: entry for stream " + stream + " has timestamp too old: 2026-11-18T04:00:00Z, oldest acceptable timestamp is: 2026-11-19T12:00:00Z; " +
			"1 errors like: max entry size '256' bytes exceeded for stream " + stream + " while adding an entry with length '309' bytes", []string{"mina old", "mina long"}},
		"more than can be seen": {"2 errors like: entry for stream " + stream + " has timestamp too old: 2026-11-18T04:00:00Z, oldest acceptable timestamp is: 2026-11-19T12:00:00Z", everything},
		"not a time":            {"entry for stream " + stream + " has timestamp too old: x, oldest acceptable timestamp is: y", everything},
		"for its labels":        {"entry for stream " + stream + " has 16 label names; limit 15", everything},
		"for its labels, all":   {"8 errors like: entry for stream " + stream + " has 16 label names; limit 15", nil},
		"too far behind, among several streams": {"entry with timestamp 2026-11-18 04:00:00 +0000 UTC ignored, reason: 'entry too far behind, entry timestamp is: 2026-11-18T04:00:00Z, " +
			"oldest acceptable timestamp is: 2026-11-26T11:00:00Z',\nuser 'fake', total ignored: 1 out of 6 for stream: {service_name=\"mina\"}", everything},
		"a proxy":        {"The plain HTTP request was sent to HTTPS port", nil},
		"a parser":       {"unexpected EOF in stream", nil},
		"a wrong header": {"X-Scope-OrgID is required for this stream", nil},
	} {
		t.Run(name, func(t *testing.T) {
			body, err := proto.Marshal(&spb.Status{Message: test.text})
			require.NoError(t, err)
			for media, text := range map[string][]byte{Protobuf: body, "application/octet-stream": body, "text/plain; charset=utf-8": []byte(test.text), "": []byte(test.text)} {
				answer := &Answer{Status: 400, Header: http.Header{"Content-Type": {media}}, Body: text, request: asked}
				partial, told := answer.Told(batch())
				require.Equal(t, test.want != nil, told, media)
				if told {
					assert.Equal(t, test.want, names(partial.Refused), media)
					assert.Equal(t, 400, partial.Cause.Status)
				}
			}
		})
	}
}

// In one stream, only the old ones are too far behind.
func TestAnswerOfOneStreamTellsWhatIsTooFarBehind(t *testing.T) {
	logs := batch()
	logs.ResourceLogs().RemoveIf(func(rl plog.ResourceLogs) bool {
		service, _ := rl.Resource().Attributes().Get("service.name")
		return service.Str() == "billing"
	})
	text := "entry with timestamp 2026-11-18 04:00:00 +0000 UTC ignored, reason: 'entry too far behind, entry timestamp is: 2026-11-18T04:00:00Z, " +
		"oldest acceptable timestamp is: 2026-11-26T11:00:00Z',\nuser 'fake', total ignored: 1 out of 6 for stream: {service_name=\"mina\"}"
	partial, told := (&Answer{Status: 400, Body: []byte(text), request: asked}).Told(logs)
	require.True(t, told)
	assert.Equal(t, []string{"mina old"}, names(partial.Refused))
}

// Labels are those of a stream: with one, all is refused, and nothing was kept.
func TestAnswerOfOneStreamThatIsRefusedForItsLabelsKeepsNothing(t *testing.T) {
	logs := batch()
	logs.ResourceLogs().RemoveIf(func(rl plog.ResourceLogs) bool {
		service, _ := rl.Resource().Attributes().Get("service.name")
		return service.Str() == "billing"
	})
	for _, text := range []string{
		"entry for stream '{service_name=\"mina\"}' has 16 label names; limit 15",
		"stream '{service_name=\"mina\"}' has label name too long: 'service_name'",
		"stream '{service_name=\"mina\"}' has label value too long: 'mina'",
		"stream '{service_name=\"mina\"}' has duplicate label name: 'service_name'",
		"missing required labels 'team' for user 'fake' for stream '{service_name=\"mina\"}' (policy: '')",
	} {
		_, told := (&Answer{Status: 400, Body: []byte(text), request: asked}).Told(logs)
		assert.False(t, told, text)
	}
}

func FuzzAnswer(f *testing.F) {
	for _, text := range []string{
		"", "{}", "\x0a\x00", "\x12\x02no", `{"partialSuccess":{"rejectedLogRecords":"3"}}`, "<html>", "entry for stream '{a=\"b\"}' has timestamp too new: 2026-11-26T14:00:00Z",
		"3 errors like: stream '{}' has structured metadata too large: '1' bytes, limit: '0' bytes; 2 errors like: max entry size '99999999999999999999' bytes exceeded for stream",
	} {
		f.Add("text/plain", text)
		f.Add("application/json", text)
		f.Add(Protobuf, text)
		f.Add("", text)
	}
	logs := batch()
	f.Fuzz(func(t *testing.T, media, text string) {
		answer := &Answer{Status: 400, Header: http.Header{"Content-Type": {media}}, Body: []byte(text), request: asked, body: []byte("the records")}
		if partial, told := answer.Told(logs); told {
			require.LessOrEqual(t, partial.Refused.LogRecordCount(), logs.LogRecordCount())
		}
		rejected, message := answer.PartialSuccess()
		partial, told := answer.LeftOut(logs, rejected, message)
		require.Equal(t, told, int64(partial.Refused.LogRecordCount()) == rejected)
		require.LessOrEqual(t, len(answer.Printable(text)), maxPrinted+len("…"))
		require.Equal(t, 8, logs.LogRecordCount())
	})
}

func TestQuotesOfRecordsAreNotPrinted(t *testing.T) {
	body := []byte("Charged ana@example.org 4711-0815 for the order of the customer\x00password hunter2hunter2 /home/ana/file")
	for text, want := range map[string]string{
		"failed to parse field [card] with value '4711-0815'": "failed to parse field [card] with value '[…]'",
		`{"error":"no mapping for ana@example.org"}`:          `{"error":"no mapping for […]"}`,
		"The plain HTTP request was sent to HTTPS port":       "The plain HTTP request was sent to HTTPS port",
		"hunter2hunter2.":                "[…]",
		"value=/home/ana/file, order=12": "value=[…], order=12",
		"4711":                           "[…]",
		"refused: Charged ana for the order of nobody": "refused: […] […] nobody",
		"is not for the order.":                        "is not […]",
		"the customer has no order":                    "[…] has no order",
		"entry for stream '{service_name=\"mina\"}' has timestamp 2026-11-26T12:00": "entry for stream '{service_name=\"mina\"}' has timestamp 2026-11-26T12:00",
	} {
		assert.Equal(t, want, withoutQuotes(text, body))
	}
}
