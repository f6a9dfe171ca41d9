package truncate

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Record cuts a record that has more than so many bytes in OTLP, and reports whether it
// had: its longest texts, and where there are too many short ones, the last of them.
func Record(record plog.LogRecord, most int) bool {
	if recordBound(record) <= most {
		return false
	}
	marshaler := plog.ProtoMarshaler{}
	if marshaler.LogRecordSize(record) <= most {
		return false
	}
	attributes := record.Attributes()
	cut := takeMark(attributes)
	dropped := dropLongKeys(attributes)
	if dropLongKeysOf(record.Body()) {
		cut.add(body)
	}
	cut.addAll(cutTexts(marshaler.LogRecordSize(record)-most+markBound, func(t *texts) { t.record(record) }))
	if marshaler.LogRecordSize(record)+markBound > most {
		left := most - fixed - len(record.SeverityText()) - len(record.EventName())
		if keepValue(record.Body(), max(left/2, left-mapBound(attributes))) {
			cut.add(body)
		}
		dropped += keepEntries(attributes, left-valueBound(record.Body()), &cut)
	}
	if dropped > 0 || len(cut) == 0 { // or keys in attributes
		cut.add(entries)
	}
	putMark(attributes, cut)
	record.SetDroppedAttributesCount(record.DroppedAttributesCount() + uint32(dropped))
	return true
}

// Resource cuts what records share of a resource to so many bytes in OTLP, and reports
// whether it had more.
func Resource(rl plog.ResourceLogs, most int) bool {
	rl.SetSchemaUrl(schemaURL(rl.SchemaUrl()))
	return attributes(rl.Resource().Attributes(), most-2*longestKey)
}

// Scope cuts what records share of a scope to so many bytes in OTLP, and reports whether
// it had more.
func Scope(sl plog.ScopeLogs, most int) bool {
	scope := sl.Scope()
	scope.SetName(Text(scope.Name(), longestKey))
	scope.SetVersion(Text(scope.Version(), longestKey))
	sl.SetSchemaUrl(schemaURL(sl.SchemaUrl()))
	return attributes(scope.Attributes(), most-4*longestKey)
}

func attributes(values pcommon.Map, most int) bool {
	if mapBound(values) <= most {
		return false
	}
	cut := takeMark(values)
	most -= markBound
	dropped := dropLongKeys(values)
	cut.addAll(cutTexts(mapBound(values)-most, func(t *texts) { t.attributes(values) }))
	dropped += keepEntries(values, most, &cut)
	if dropped > 0 || len(cut) == 0 {
		cut.add(entries)
	}
	putMark(values, cut)
	return true
}

// schemaURL returns a schema's address, unless it is none.
func schemaURL(address string) string {
	if len(address) > longestKey {
		return ""
	}
	return address
}

// AnyLong reports whether some of the records' texts can be cut.
func AnyLong(logs plog.Logs) bool { return len(lengthsOf(textsOf(logs))) > 0 }

// Halve returns a copy of records whose longest texts are half as long. It is for
// destinations that do not say how much they take.
func Halve(logs plog.Logs) plog.Logs {
	shorter, longest := plog.NewLogs(), 0
	for _, length := range lengthsOf(textsOf(logs)) {
		longest = max(longest, length)
	}
	logs.CopyTo(shorter)
	eachRecord(shorter, func(record plog.LogRecord) {
		t := texts{cut: max(longest/2, shortest), names: takeMark(record.Attributes())}
		t.record(record)
		putMark(record.Attributes(), t.names)
	})
	return shorter
}

func textsOf(logs plog.Logs) func(*texts) {
	return func(t *texts) { eachRecord(logs, t.record) }
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
