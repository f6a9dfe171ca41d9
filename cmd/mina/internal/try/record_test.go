package try

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const batch = `{"resourceLogs":[{"resource":{"attributes":[{"key":"host.name","value":{"stringValue":"web-1"}},{"key":"mina.try.redactions","value":{"arrayValue":{"values":[{"stringValue":"resource.key us_ssn"}]}}}]},
"scopeLogs":[{"scope":{"name":"app","version":"1","attributes":[{"key":"a","value":{"boolValue":true}}]},"logRecords":[{
"timeUnixNano":"1759335125785000000","observedTimeUnixNano":"17","severityNumber":17,"severityText":"ERROR","body":{"stringValue":"failed"},"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","eventName":"e",
"attributes":[{"key":"n","value":{"intValue":"7"}},{"key":"d","value":{"doubleValue":1.5}},{"key":"b","value":{"bytesValue":"AQ=="}},{"key":"nothing","value":{}},
{"key":"http","value":{"kvlistValue":{"values":[{"key":"method","value":{"stringValue":"GET"}},{"key":"deep","value":{"kvlistValue":{"values":[{"key":"er","value":{"intValue":1}}]}}}]}}},
{"key":"list","value":{"arrayValue":{"values":[{"stringValue":"x"},{"kvlistValue":{"values":[{"key":"k","value":{"intValue":"2"}}]}}]}}},
{"key":"log.record.uid","value":{"stringValue":"0000000000ff0123456789abcdef"}},{"key":"log.record.original","value":{"stringValue":"the line"}},
{"key":"mina.try.redactions","value":{"arrayValue":{"values":[{"stringValue":"body sensitive_key"}]}}}]},{}]}]}]}`

func TestRecordsAreReadFromJSON(t *testing.T) {
	records, err := parseRecords([]byte(batch), ownReport, nil)
	require.NoError(t, err)
	require.Len(t, records, 2)
	assert.Equal(t, &record{
		observed: "17", original: "the line", offset: 255, redacted: []string{"body sensitive_key", "resource.key us_ssn"},
		fields: []field{
			{"time", "2025-10-01T16:12:05.785Z"},
			{"severity", "ERROR (17)"},
			{"event_name", "e"},
			{"body", "failed"},
			{"trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"},
			{"span_id", "00f067aa0ba902b7"},
			{"scope", "app"},
			{"scope.version", "1"},
			{"n", "7"},
			{"d", "1.5"},
			{"b", "base64:AQ=="},
			{"nothing", "null"},
			{"http.method", "GET"},
			{"http.deep.er", "1"},
			{"list", `["x",{"k":2}]`},
			{"scope.a", "true"},
			{"resource.host.name", "web-1"},
		},
	}, records[0])
	records, err = parseRecords([]byte(batch), ownReport, map[string]bool{uidAttribute: true})
	require.NoError(t, err)
	assert.Contains(t, records[0].fields, field{uidAttribute, "0000000000ff0123456789abcdef"})
}

func FuzzRecords(f *testing.F) {
	f.Add([]byte(batch))
	f.Fuzz(func(_ *testing.T, line []byte) { _, _ = parseRecords(line, ownReport, nil) })
}

func TestRecordsArePairedByWhenTheyWereRead(t *testing.T) {
	first, second, third := &record{observed: "2", offset: 0}, &record{observed: "3", offset: 40}, &record{observed: "1", offset: 90}
	kept, made := &record{observed: "1"}, &record{observed: "9"}
	o := pair([]*record{third, first, second}, []*record{made, kept, {observed: "2"}})
	assert.Equal(t, []attempt{{first, &record{observed: "2"}}, {decoded: second}, {third, kept}}, o.attempts)
	assert.Equal(t, []*record{made}, o.more)
}
