package destination

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

const (
	// shortest is the length in bytes below which a text is not cut any more.
	shortest = 256
	// truncatedKey marks a record whose texts were cut.
	truncatedKey = "mina.truncated"
)

// CutMark is where a text was cut.
const CutMark = "… [truncated]"

// Truncate cuts a text that is longer than so many bytes, and says so at its end. A
// text that is cut again says so once.
func Truncate(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(strings.TrimSuffix(text, CutMark)[:most-len(CutMark)], "") + CutMark
}

// longestText returns the length in bytes of the longest text of some records.
func longestText(logs plog.Logs) (longest int) {
	eachText(logs, func(text string) (string, bool) {
		longest = max(longest, len(text))
		return "", false
	})
	return longest
}

// shortened returns a copy whose longest texts are half as long.
func shortened(logs plog.Logs) plog.Logs {
	shorter, most := plog.NewLogs(), max(longestText(logs)/2, shortest)
	logs.CopyTo(shorter)
	eachText(shorter, func(text string) (string, bool) {
		return Truncate(text, most), len(text) > most
	})
	eachRecord(shorter, func(record plog.LogRecord) { record.Attributes().PutBool(truncatedKey, true) })
	return shorter
}

func eachRecord(logs plog.Logs, do func(plog.LogRecord)) {
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				do(record)
			}
		}
	}
}

// eachText gives every text of the bodies and attributes to a function, which may
// replace it.
func eachText(logs plog.Logs, replace func(string) (string, bool)) {
	eachRecord(logs, func(record plog.LogRecord) {
		eachTextOf(record.Body(), replace)
		for _, value := range record.Attributes().All() {
			eachTextOf(value, replace)
		}
	})
}

func eachTextOf(value pcommon.Value, replace func(string) (string, bool)) {
	switch value.Type() {
	case pcommon.ValueTypeStr:
		if text, ok := replace(value.Str()); ok {
			value.SetStr(text)
		}
	case pcommon.ValueTypeMap:
		for _, inner := range value.Map().All() {
			eachTextOf(inner, replace)
		}
	case pcommon.ValueTypeSlice:
		for _, inner := range value.Slice().All() {
			eachTextOf(inner, replace)
		}
	}
}
