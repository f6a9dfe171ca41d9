package endpoint

import "google.golang.org/protobuf/encoding/protowire"

// The fields on the way from an ExportLogsServiceRequest to a record's text, as
// opentelemetry/proto/logs/v1/logs.proto declares them.
const (
	requestResourceLogs protowire.Number = 1
	resourceLogsScopes  protowire.Number = 2
	scopeLogsRecords    protowire.Number = 2
	recordBody          protowire.Number = 5
	valueString         protowire.Number = 1
)

// records counts a request's records and visits their text. Only what leads to
// the text is looked at: an endpoint that is measured against must cost little.
func records(request []byte, visit func(body []byte)) (n int64) {
	each(request, requestResourceLogs, func(resourceLogs []byte) {
		each(resourceLogs, resourceLogsScopes, func(scopeLogs []byte) {
			each(scopeLogs, scopeLogsRecords, func(record []byte) {
				n++
				if visit != nil {
					each(record, recordBody, func(value []byte) { each(value, valueString, visit) })
				}
			})
		})
	})
	return n
}

// wellFormed reports whether a text is a message whose fields are whole.
func wellFormed(message []byte) bool {
	for len(message) > 0 {
		_, _, size := protowire.ConsumeField(message)
		if size < 0 {
			return false
		}
		message = message[size:]
	}
	return true
}

// each visits the fields of a message that have the number and hold bytes.
func each(message []byte, number protowire.Number, visit func([]byte)) {
	for len(message) > 0 {
		found, kind, tag := protowire.ConsumeTag(message)
		if tag < 0 {
			return
		}
		if found == number && kind == protowire.BytesType {
			value, size := protowire.ConsumeBytes(message[tag:])
			if size < 0 {
				return
			}
			visit(value)
			message = message[tag+size:]
			continue
		}
		size := protowire.ConsumeFieldValue(found, kind, message[tag:])
		if size < 0 {
			return
		}
		message = message[tag+size:]
	}
}
