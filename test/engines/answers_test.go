package engines

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// answer is what an engine says to a request of three records, of which the second
// may be one that it does not take.
type answer struct {
	status int
	media  string
	// says is a regular expression of the message.
	says string
	// stored are the records that can be found afterwards, by their text.
	stored []string
}

const (
	day   = 24 * time.Hour
	octet = "application/octet-stream"
	plain = "text/plain; charset=utf-8"
)

var (
	around = []string{"first", "third"}
	all    = []string{"first", "second", "third"}
)

// request is one that is sent to an engine.
type request struct {
	// second changes the second of three records, resource and scope what they are of.
	second   func(plog.LogRecord)
	resource func(pcommon.Map)
	scope    func(pcommon.Map)
	header   http.Header
	path     string
	pack     func([]byte) []byte
	json     bool
}

// send sends three records of a service.
func (e *engine) send(t *testing.T, service string, r request) (*http.Response, string) {
	t.Helper()
	logs := plog.NewLogs()
	group := logs.ResourceLogs().AppendEmpty()
	group.Resource().Attributes().PutStr("service.name", service)
	if r.resource != nil {
		r.resource(group.Resource().Attributes())
	}
	scope := group.ScopeLogs().AppendEmpty()
	if r.scope != nil {
		r.scope(scope.Scope().Attributes())
	}
	records := scope.LogRecords()
	for i, text := range all {
		record := records.AppendEmpty()
		record.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(time.Duration(i) * time.Millisecond)))
		record.Body().SetStr(text)
		if i == 1 && r.second != nil {
			r.second(record)
		}
	}
	exported := plogotlp.NewExportRequestFromLogs(logs)
	body, err := exported.MarshalProto()
	header := http.Header{"Content-Type": {"application/x-protobuf"}}
	if r.json {
		body, err = exported.MarshalJSON()
		header.Set("Content-Type", "application/json")
	}
	require.NoError(t, err)
	if r.pack != nil {
		body = r.pack(body)
	}
	for name, values := range r.header {
		header[name] = values
	}
	return e.post(t, e.logs+r.path, header, body)
}

// message returns the text of an answer, which is a google.rpc.Status or its own.
func message(text string) string {
	status := &spb.Status{}
	if proto.Unmarshal([]byte(text), status) == nil && status.GetMessage() != "" {
		return status.GetMessage()
	}
	return text
}

func aged(age time.Duration) func(plog.LogRecord) {
	return func(record plog.LogRecord) { record.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-age))) }
}

func long(size int) func(plog.LogRecord) {
	return func(record plog.LogRecord) { record.Body().SetStr("second " + strings.Repeat("x", size)) }
}

// attributes gives a record some attributes of a size.
func attributes(count, size int) func(plog.LogRecord) {
	return func(record plog.LogRecord) {
		for i := range count {
			record.Attributes().PutStr(fmt.Sprintf("attribute_%d", i), strings.Repeat("x", size))
		}
	}
}

func zipped(t *testing.T) func([]byte) []byte {
	return func(body []byte) []byte {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, err := w.Write(body)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return packed.Bytes()
	}
}

func zstandard(t *testing.T) func([]byte) []byte {
	return func(body []byte) []byte {
		w, err := zstd.NewWriter(nil)
		require.NoError(t, err)
		defer func() { require.NoError(t, w.Close()) }()
		return w.EncodeAll(body, nil)
	}
}

// These are the answers that internal/destination is made for.
func TestWhatLokiAnswers(t *testing.T) {
	t.Parallel()
	e := newLoki(t, "").start(t)
	for name, test := range map[string]struct {
		request
		answer
	}{
		"taken":    {request{}, answer{204, "", "^$", all}},
		"JSON":     {request{json: true}, answer{204, "", "^$", all}},
		"gzip":     {request{pack: zipped(t), header: http.Header{"Content-Encoding": {"gzip"}}}, answer{204, "", "^$", all}},
		"zstd":     {request{pack: zstandard(t), header: http.Header{"Content-Encoding": {"zstd"}}}, answer{204, "", "^$", all}},
		"too old":  {request{second: aged(30 * day)}, answer{400, octet, `^entry for stream '{service_name="too old"}' has timestamp too old: \S+Z, oldest acceptable timestamp is: \S+$`, around}},
		"too new":  {request{second: aged(-time.Hour)}, answer{400, octet, `^entry for stream '{service_name="too new"}' has timestamp too new: \S+Z$`, around}},
		"too long": {request{second: long(256 << 10)}, answer{400, octet, `^max entry size '262144' bytes exceeded for stream '.*' while adding an entry with length '262151' bytes$`, around}},
		"too much": {
			request{second: attributes(5, 16<<10)},
			answer{400, octet, `^stream '.*' has structured metadata too large: '81975' bytes, limit: '65536' bytes\. Please see`, around},
		},
		"too many": {request{second: attributes(200, 1)}, answer{400, octet, `^stream '.*' has too many structured metadata labels: '200', limit: '128'\. Please see`, around}},
		"far behind": {
			request{second: aged(2 * time.Hour)},
			answer{400, octet, `^entry with timestamp .* ignored, reason: 'entry too far behind, entry timestamp is: \S+, oldest acceptable timestamp is: \S+',\nuser 'fake', total ignored: 1 out of 3 for stream: {`, around},
		},
		"long label": {request{resource: func(m pcommon.Map) { m.PutStr("service.namespace", strings.Repeat("x", 3000)) }}, answer{400, octet, `^stream '.*' has label value too long: '`, nil}},
		"a type":     {request{header: http.Header{"Content-Type": {"text/plain"}}}, answer{400, octet, `^content type: text/plain is not supported$`, nil}},
		"parameters": {request{header: http.Header{"Content-Type": {"application/x-protobuf; charset=utf-8"}}}, answer{400, octet, `^content type: .* is not supported$`, nil}},
		"encoding":   {request{header: http.Header{"Content-Encoding": {"br"}}}, answer{400, octet, `^unsupported content encoding br: only gzip, lz4 and zstd are supported$`, nil}},
		"broken":     {request{pack: func([]byte) []byte { return []byte("no protobuf") }}, answer{400, octet, ``, nil}},
		"path":       {request{path: "/v1/logs"}, answer{404, plain, `^404 page not found`, nil}},
	} {
		t.Run(name, func(t *testing.T) {
			response, text := e.send(t, name, test.request)
			test.verify(t, response, text)
			var stored []string
			for _, line := range e.lokiLines(t, fmt.Sprintf("{service_name=%q}", name)) {
				stored = append(stored, line["_msg"])
			}
			assert.ElementsMatch(t, test.stored, stored)
		})
	}
}

func (a answer) verify(t *testing.T, response *http.Response, text string) {
	t.Helper()
	assert.Equal(t, a.status, response.StatusCode, text)
	assert.Equal(t, a.media, response.Header.Get("Content-Type"))
	assert.Regexp(t, a.says, message(text))
	t.Logf("%d %s: %.400q", response.StatusCode, response.Header.Get("Content-Type"), message(text))
}

// VictoriaLogs drops what it does not take, and answers as if it had.
func TestWhatVictoriaLogsAnswers(t *testing.T) {
	t.Parallel()
	e := newVictoriaLogs(t).start(t)
	for name, test := range map[string]struct {
		request
		answer
	}{
		"taken":      {request{}, answer{200, "", "^$", all}},
		"JSON":       {request{json: true}, answer{400, plain, "^json encoding isn't supported", nil}},
		"gzip":       {request{pack: zipped(t), header: http.Header{"Content-Encoding": {"gzip"}}}, answer{200, "", "^$", all}},
		"zstd":       {request{pack: zstandard(t), header: http.Header{"Content-Encoding": {"zstd"}}}, answer{200, "", "^$", all}},
		"too old":    {request{second: aged(30 * day)}, answer{200, "", "^$", around}},
		"too new":    {request{second: aged(-5 * day)}, answer{200, "", "^$", around}},
		"too long":   {request{second: long(2 << 20)}, answer{200, "", "^$", around}},
		"too many":   {request{second: attributes(1001, 1)}, answer{200, "", "^$", around}},
		"long name":  {request{second: func(r plog.LogRecord) { r.Attributes().PutStr(strings.Repeat("n", 129), "") }}, answer{200, "", "^$", around}},
		"long names": {request{second: func(r plog.LogRecord) { r.Attributes().PutStr(strings.Repeat("n", 129), "x") }}, answer{200, "", "^$", around}},
		"long scope": {request{scope: func(m pcommon.Map) { m.PutStr(strings.Repeat("n", 112), "x") }}, answer{200, "", "^$", nil}},
		"scope":      {request{scope: func(m pcommon.Map) { m.PutStr(strings.Repeat("n", 111), "x") }}, answer{200, "", "^$", all}},
		"a type":     {request{header: http.Header{"Content-Type": {"text/plain"}}}, answer{200, "", "^$", all}},
		"encoding":   {request{header: http.Header{"Content-Encoding": {"br"}}}, answer{400, plain, "unsupported contentType: br", nil}},
		"broken":     {request{pack: func([]byte) []byte { return []byte("no protobuf") }}, answer{400, plain, "cannot decode LogsData request", nil}},
		"path":       {request{path: "/v1/logs"}, answer{400, plain, "unsupported path requested", nil}},
		"tenant":     {request{header: http.Header{"Accountid": {"x"}}}, answer{400, plain, "", nil}},
	} {
		t.Run(name, func(t *testing.T) {
			response, text := e.send(t, name, test.request)
			test.verify(t, response, text)
			var stored []string
			for _, record := range e.found(t, fmt.Sprintf(`"service.name":=%q`, name)) {
				stored = append(stored, record["_msg"])
			}
			assert.ElementsMatch(t, test.stored, stored)
		})
	}
}
