package truncate

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// cutAttributes makes attributes short and few enough for a room, and marks them with what
// was cut of them or, as it is told, of others. It returns how many are lost.
func (l *Limits) cutAttributes(values pcommon.Map, room extent, others names) (dropped uint32) {
	cut := takeMark(values)
	cut.addAll(others)
	room = room.less(entryExtent(minaattr.Truncated, longestMark))
	if l.ValueBytes > 0 {
		l.cutValues(values, &cut)
	}
	if rest := l.takeOut(nil, values, extent{entries: room.entries, bytes: math.MaxInt}); len(rest) > 0 {
		dropped = l.gather(rest, values, room, &cut)
	} else if !l.within(cutTo(room.bytes, values, &cut), room) {
		dropped = l.gather(nil, values, room, &cut)
	}
	putMark(values, cut)
	return dropped
}

// cutTo cuts the longest texts of attributes so that all have so many bytes, if they can
// have, and returns how much they are then.
func cutTo(most int, values pcommon.Map, cut *names) extent {
	cut.addAll(cutTexts(extentOf(values).bytes-most, func(t *texts) { t.attributes(values) }))
	return extentOf(values)
}

// cutValues cuts each value that is too long.
func (l *Limits) cutValues(values pcommon.Map, cut *names) {
	t := texts{cut: l.ValueBytes}
	t.attributes(values)
	cut.addAll(t.names)
	for key, value := range values.All() {
		if l.listsToText(key, value) {
			cut.add(key)
		}
	}
}

// listsToText makes slices and bytes texts whose JSON is still too long, also in maps.
func (l *Limits) listsToText(key string, value pcommon.Value) (done bool) {
	switch value.Type() {
	case pcommon.ValueTypeMap:
		for inner, value := range value.Map().All() {
			done = l.listsToText(inner, value) || done
		}
	case pcommon.ValueTypeSlice, pcommon.ValueTypeBytes:
		if done = jsonLength(value) > l.ValueBytes; done {
			toText(key, value, l.ValueBytes)
		}
	default:
	}
	return done
}

// gather makes one attribute of those that there is no room for, as JSON. What is taken
// out already may have a quarter of the bytes; of the others, what does not fit joins it.
// It returns how many there is no room for even so.
func (l *Limits) gather(rest members, values pcommon.Map, room extent, cut *names) (dropped uint32) {
	cut.add(entries)
	room = room.less(entryExtent(minaattr.Rest, 0))
	own := room
	own.bytes -= min(rest.length(), room.bytes/4)
	cutTo(own.bytes, values, cut)
	rest = l.takeOut(rest, values, own)
	most := min(room.bytes-extentOf(values).bytes, orAny(l.ValueBytes))
	cut.addAll(cutTexts(rest.length()-most, rest.visit))
	text, dropped := rest.json(most)
	if dropped < uint32(len(rest)) {
		values.PutStr(minaattr.Rest, text)
	}
	return dropped
}

// member is an attribute that is gathered with others.
type member struct {
	key   string
	value pcommon.Value
}

type members []member

// takeOut moves attributes that there is no room for to others. Those that matter most
// have room first, and the others in their order.
func (l *Limits) takeOut(rest members, values pcommon.Map, room extent) members {
	if l.within(extentOf(values), room) {
		return rest
	}
	fits := make([]bool, values.Len())
	for _, first := range []bool{true, false} {
		n := 0
		for key, value := range values.All() {
			e := extent{}
			e.add(len(key), value)
			if matters(key) == first && key != minaattr.Rest && l.within(e, room) {
				fits[n] = true
				room = room.less(e)
			}
			n++
		}
	}
	n := -1
	return append(rest, moveOut(values, func(string, pcommon.Value) bool {
		n++
		return !fits[n]
	})...)
}

// moveOut takes out the attributes that are to go.
func moveOut(values pcommon.Map, goes func(key string, value pcommon.Value) bool) (gone members) {
	values.RemoveIf(func(key string, value pcommon.Value) bool {
		if !goes(key, value) {
			return false
		}
		moved := pcommon.NewValueEmpty()
		value.MoveTo(moved)
		gone = append(gone, member{key, moved})
		return true
	})
	return gone
}

// matters reports whether an attribute is one of those that records are looked for with:
// of Mina, of the semantic conventions, or of what a vendor makes of them.
func matters(key string) bool {
	namespace, _, _ := strings.Cut(key, ".")
	switch namespace {
	case "exception", "error", "mina", "http", "url", "user", "session", "client", "network", "user_agent", "logger", "usr", "ddsource", "trace_id", "span_id":
		return true
	}
	return false
}

func (m members) visit(t *texts) {
	for _, one := range m {
		t.field(one.key).value(one.value)
	}
}

// length returns no less than the length in JSON.
func (m members) length() (n int) {
	for _, one := range m {
		n += escapedLength(one.key) + jsonLength(one.value) + punctuation
	}
	return n
}

// json returns an object of so many bytes, and how many members it has no room for.
func (m members) json(most int) (text string, left uint32) {
	var object bytes.Buffer
	encoder := json.NewEncoder(&object)
	encoder.SetEscapeHTML(false)
	put := func(value any) error {
		err := encoder.Encode(value)
		object.Truncate(len(bytes.TrimSuffix(object.Bytes(), []byte("\n"))))
		return err
	}
	object.WriteByte('{')
	for _, one := range m {
		before := object.Len()
		if before > len("{") {
			object.WriteByte(',')
		}
		_ = put(one.key) // no text is an error
		object.WriteByte(':')
		if put(one.value.AsRaw()) != nil { // as of an infinite number
			_ = put(one.value.AsString())
		}
		if object.Len()+len("}") > most {
			object.Truncate(before)
			left++
		}
	}
	object.WriteByte('}')
	return object.String(), left
}
