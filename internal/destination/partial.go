package destination

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// encoding is how an answer is written.
type encoding int

const (
	asText encoding = iota
	asProtobuf
	asJSON
)

// encoding tells by the media type, and where that says nothing by the body.
func (a *Answer) encoding() encoding {
	media, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	switch {
	case strings.HasSuffix(media, "/json") || strings.HasSuffix(media, "+json"):
		return asJSON
	case strings.HasSuffix(media, "protobuf"):
		return asProtobuf
	case media != "" && media != "application/octet-stream" && media != "text/plain":
		return asText
	}
	switch text := bytes.TrimSpace(a.Body); {
	case bytes.HasPrefix(text, []byte("{")):
		return asJSON
	case bytes.HasPrefix(a.Body, []byte{statusMessage}), bytes.HasPrefix(a.Body, []byte{statusCode}), bytes.HasPrefix(a.Body, []byte{partialSuccess}):
		return asProtobuf
	}
	return asText
}

// The first bytes of answers in protobuf: the tags of google.rpc.Status and of
// ExportLogsServiceResponse. The last is a line break as well, and a text of its own is
// told by not being one of these messages.
const (
	statusCode     = 0x08
	statusMessage  = 0x12
	partialSuccess = 0x0a
)

// message returns the text of the answer. Destinations answer in protobuf (OTLP 1.9,
// "Failures"), or in a text of their own.
func (a *Answer) message() string {
	if a.encoding() == asProtobuf {
		status := &spb.Status{}
		if proto.Unmarshal(a.Body, status) == nil && utf8.ValidString(status.GetMessage()) {
			return status.GetMessage()
		}
	}
	return string(a.Body)
}

// PartialSuccess returns how many records of a request that was taken have not been, and
// what the destination says of it, which may also be a warning (OTLP 1.9, "Partial
// Success"). Such records must not be sent again.
func (a *Answer) PartialSuccess() (rejected int64, message string) {
	response := plogotlp.NewExportResponse()
	var err error
	switch a.encoding() {
	case asProtobuf:
		err = response.UnmarshalProto(a.Body)
	case asJSON:
		err = response.UnmarshalJSON(a.Body)
	default:
		return 0, ""
	}
	if err != nil || !utf8.ValidString(response.PartialSuccess().ErrorMessage()) {
		return 0, ""
	}
	return response.PartialSuccess().RejectedLogRecords(), response.PartialSuccess().ErrorMessage()
}
