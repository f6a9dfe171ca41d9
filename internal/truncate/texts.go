package truncate

import (
	"slices"
	"sort"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// shortest is the length in bytes below which a text is not cut any more.
const shortest = 256

// texts visits what can be cut, wherever it is: cut says to how many bytes, or, if
// it is negative, that lengths are only asked for.
type texts struct {
	cut     int
	lengths []int
	// name is the attribute or field that is visited, and key what a text in it is called.
	name, key string
	// names are those of which something has been cut.
	names names
}

// text visits one text, and returns what it is now.
func (t *texts) text(text string) string {
	switch {
	case len(text) <= shortest:
	case t.cut < 0:
		t.lengths = append(t.lengths, len(text))
	case len(text) > t.cut:
		t.names.add(t.name)
		if endsMatter(t.key, text) {
			return Tail(text, t.cut)
		}
		return Text(text, t.cut)
	}
	return text
}

func (t *texts) bytes(value pcommon.ByteSlice) {
	switch {
	case value.Len() <= shortest:
	case t.cut < 0:
		t.lengths = append(t.lengths, value.Len())
	case value.Len() > t.cut:
		t.names.add(t.name)
		value.FromRaw(value.AsRaw()[:t.cut])
	}
}

func (t *texts) value(value pcommon.Value) {
	switch value.Type() {
	case pcommon.ValueTypeStr:
		if text := value.Str(); len(text) > shortest {
			value.SetStr(t.text(text))
		}
	case pcommon.ValueTypeBytes:
		t.bytes(value.Bytes())
	case pcommon.ValueTypeMap:
		for key, inner := range value.Map().All() {
			t.key = key
			t.value(inner)
		}
	case pcommon.ValueTypeSlice:
		for _, inner := range value.Slice().All() {
			t.value(inner)
		}
	}
}

func (t *texts) field(name string) *texts {
	t.name, t.key = name, name
	return t
}

func (t *texts) attributes(values pcommon.Map) {
	for key, value := range values.All() {
		t.field(key).value(value)
	}
}

func (t *texts) record(record plog.LogRecord) {
	record.SetSeverityText(t.field("severity_text").text(record.SeverityText()))
	record.SetEventName(t.field("event_name").text(record.EventName()))
	t.field(body).value(record.Body())
	t.attributes(record.Attributes())
}

// lengthsOf returns the lengths of the texts that a visit meets.
func lengthsOf(visit func(*texts)) []int {
	t := texts{cut: -1}
	visit(&t)
	return t.lengths
}

// cutTexts makes the longest texts of a visit equally long, so that all become shorter
// by so many bytes, if that can be. It returns whose they are.
func cutTexts(excess int, visit func(*texts)) names {
	lengths := lengthsOf(visit)
	if len(lengths) == 0 || excess <= 0 {
		return nil
	}
	longest := slices.Max(lengths)
	t := texts{cut: longest - sort.Search(longest-shortest, func(less int) bool {
		return beyond(lengths, longest-less) >= excess
	})}
	visit(&t)
	return t.names
}

// beyond returns by how much texts are longer than so many bytes, together.
func beyond(lengths []int, most int) (n int) {
	for _, length := range lengths {
		n += max(0, length-most)
	}
	return n
}
