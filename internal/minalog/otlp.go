package minalog

import (
	"bytes"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// otlpReader knows no field that it would have to leave out.
var otlpReader = plog.JSONUnmarshaler{DisallowUnknownFields: true}

// decodeOTLP appends the records of a line of OTLP JSON, as they are in a dead-letter
// file, but for what is written on them there. Any other line is kept as it is.
func (d *Decoder) decodeOTLP(b *Batch, line []byte, env envelope) {
	logs, ok := readOTLP(line)
	if !ok {
		b.Lines[FormatOfUnknown]++
		d.decodeRaw(b, line, env, failureOf(line))
		return
	}
	b.Lines[FormatOfOTLP]++
	if env.origin.Text != 0 {
		putUIDs(b, logs, &env)
	}
	b.adopt(logs)
}

// putUIDs tells the records of a line apart by which of them they are.
func putUIDs(b *Batch, logs plog.Logs, env *envelope) {
	at := env.place
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				putUID(b, record.Attributes(), env.origin.Text, at)
				at.within++
			}
		}
	}
}

// readOTLP reads a line that is one object with records.
func readOTLP(line []byte) (logs plog.Logs, ok bool) {
	line = bytes.TrimSpace(line)
	if !isObject(line) {
		return logs, false
	}
	logs, err := otlpReader.UnmarshalLogs(line)
	if err != nil || logs.LogRecordCount() == 0 {
		return logs, false
	}
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				record.Attributes().RemoveIf(isInscription)
			}
		}
	}
	return logs, true
}

func isInscription(name string, _ pcommon.Value) bool {
	return strings.HasPrefix(name, minaattr.DeadLetter)
}
