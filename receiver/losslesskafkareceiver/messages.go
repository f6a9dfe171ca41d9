package losslesskafkareceiver

import (
	"errors"
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// errNoRecords says that a message can be read, and is something else than logs.
var errNoRecords = errors.New("the message holds no log records")

// read decodes a message of OTLP, in protobuf or JSON: no message in protobuf begins with
// a brace. One of no bytes, which marks a deletion, has no records.
func read(message []byte) (logs plog.Logs, err error) {
	switch {
	case len(message) == 0:
		return plog.NewLogs(), nil
	case message[0] == '{':
		logs, err = (&plog.JSONUnmarshaler{}).UnmarshalLogs(message)
	default:
		logs, err = (&plog.ProtoUnmarshaler{}).UnmarshalLogs(message)
	}
	if err == nil && logs.LogRecordCount() == 0 {
		err = errNoRecords
	}
	return logs, err
}

// unread is a message that is no OTLP logs, and why.
type unread struct {
	message *kgo.Record
	err     error
}

// readAll returns the records of all messages, in their order, and the messages that
// cannot be read.
func readAll(messages []*kgo.Record) (plog.Logs, []unread) {
	all := plog.NewLogs()
	var others []unread
	for _, message := range messages {
		logs, err := read(message.Value)
		if err != nil {
			others = append(others, unread{message, err})
			continue
		}
		logs.ResourceLogs().MoveAndAppendTo(all.ResourceLogs())
	}
	return all, others
}

// letterOf returns a message that cannot be read as a record with its bytes, and with
// where it is.
func letterOf(message *kgo.Record) plog.Logs {
	logs := plog.NewLogs()
	record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.SetTimestamp(pcommon.NewTimestampFromTime(message.Timestamp))
	record.Body().SetEmptyBytes().FromRaw(message.Value)
	attributes := record.Attributes()
	attributes.PutStr("messaging.system", "kafka")
	attributes.PutStr("messaging.destination.name", message.Topic)
	attributes.PutStr("messaging.destination.partition.id", strconv.Itoa(int(message.Partition)))
	attributes.PutInt("messaging.kafka.offset", message.Offset)
	return logs
}
