package truncate

import (
	"errors"
	"fmt"
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Limits are what a destination can hold of a record. 0 is no limit, which is the default
// of all. Of what exceeds one, the longest is cut: the ends of texts, and the beginnings
// of tracebacks.
type Limits struct {
	// AttributesBytes is how long the names and values of a record's attributes may be
	// together, in bytes. Those of its resource and its scope count, and so do its other
	// fields, which destinations keep beside them.
	AttributesBytes int `mapstructure:"attributes_bytes"`
	// Attributes is how many there may be, counted likewise; of a map each value counts.
	// Those that there is no room for become one, mina.attributes, as JSON text.
	Attributes int `mapstructure:"attributes"`
	// ValueBytes is how long the value of an attribute may be, in bytes.
	ValueBytes int `mapstructure:"value_bytes"`
	// BodyBytes is how long the body may be, in bytes.
	BodyBytes int `mapstructure:"body_bytes"`
	// NameBytes is how long the name of an attribute may be, in bytes, with those of the
	// maps around it. Others go to mina.attributes.
	NameBytes int `mapstructure:"name_bytes"`
	// ResourceBytes is how long the attributes of a resource and a scope may be
	// together as JSON, in bytes.
	ResourceBytes int `mapstructure:"resource_bytes"`
	// UniqueNames says that the destination keeps what is of a resource and of a record,
	// also in its body, under names of one kind, map.name for what is in a map, and each
	// once. Attributes whose name is taken go to mina.attributes: the resource's come first.
	UniqueNames bool `mapstructure:"unique_names"`
	_           struct{}
}

// Validate reports limits that leave no room for what says that something was cut.
func (l *Limits) Validate() error {
	var errs []error
	for _, limit := range []struct {
		key          string
		value, least int
	}{
		{"attributes_bytes", l.AttributesBytes, 4096},
		{"attributes", l.Attributes, 32},
		{"value_bytes", l.ValueBytes, shortest},
		{"body_bytes", l.BodyBytes, shortest},
		{"name_bytes", l.NameBytes, 32},
		{"resource_bytes", l.ResourceBytes, 2048},
	} {
		if limit.value != 0 && limit.value < limit.least {
			errs = append(errs, fmt.Errorf("%s must be at least %d (got %d); 0 is no limit", limit.key, limit.least, limit.value))
		}
	}
	return errors.Join(errs...)
}

// Apply returns records that keep to the limits, and how many had to be cut: the same
// records where none had to, else a copy.
func (l *Limits) Apply(logs plog.Logs) (kept plog.Logs, cut int) {
	if *l == (Limits{}) || l.hold(logs) && l.unique(logs) {
		return logs, 0
	}
	kept = plog.NewLogs()
	logs.CopyTo(kept)
	names := newTaken()
	for _, rl := range kept.ResourceLogs().All() {
		names.nextResource()
		shared := l.UniqueNames && names.setAside(rl.Resource().Attributes())
		shared = l.cutShared(rl) || shared
		resource := extentOf(rl.Resource().Attributes())
		for _, sl := range rl.ScopeLogs().All() {
			around := resource.and(scopeExtent(sl.Scope()))
			for _, record := range sl.LogRecords().All() {
				own := l.UniqueNames && names.setAsideOf(record)
				if !l.holdRecord(record, around) {
					l.cutRecord(record, around)
					own = true
				}
				if own || shared {
					cut++
				}
			}
		}
	}
	return kept, cut
}

// hold reports whether records keep to the limits. It is asked of every batch.
func (l *Limits) hold(logs plog.Logs) bool {
	for _, rl := range logs.ResourceLogs().All() {
		resource := extentOf(rl.Resource().Attributes())
		for _, sl := range rl.ScopeLogs().All() {
			around := resource.and(scopeExtent(sl.Scope()))
			if !l.within(around, l.shared()) {
				return false
			}
			for _, record := range sl.LogRecords().All() {
				if !l.holdRecord(record, around) {
					return false
				}
			}
		}
	}
	return true
}

// holdRecord reports whether a record does with what is around it.
func (l *Limits) holdRecord(record plog.LogRecord, around extent) bool {
	if l.BodyBytes > 0 && textLength(record.Body()) > l.BodyBytes {
		return false
	}
	return l.within(extentOf(record.Attributes()).and(l.membersOf(record.Body())).and(fieldsOf(record)).and(around), l.all())
}

// membersOf returns the extent of a body whose members are kept as attributes are.
func (l *Limits) membersOf(body pcommon.Value) extent {
	if !l.UniqueNames || body.Type() != pcommon.ValueTypeMap {
		return extent{}
	}
	return extentOf(body.Map())
}

// within reports whether names and values are short enough, and there is room for them.
func (l *Limits) within(e, room extent) bool {
	return e.entries <= room.entries && e.bytes <= room.bytes && e.name <= orAny(l.NameBytes) && e.value <= orAny(l.ValueBytes)
}

// all is the room for everything of a record.
func (l *Limits) all() extent {
	return extent{entries: orAny(l.Attributes), bytes: orAny(l.AttributesBytes)}
}

// shared is the room for a resource and a scope: half of all, since records need the other.
func (l *Limits) shared() extent {
	all := l.all()
	return extent{entries: all.entries / 2, bytes: min(all.bytes/2, orAny(l.ResourceBytes))}
}

func orAny(limit int) int {
	if limit == 0 {
		return math.MaxInt
	}
	return limit
}

// cutShared cuts a resource and its scopes, and reports whether anything had to be.
func (l *Limits) cutShared(rl plog.ResourceLogs) (cut bool) {
	room, most := l.shared(), extent{}
	resource := rl.Resource()
	for _, sl := range rl.ScopeLogs().All() {
		if around := extentOf(resource.Attributes()).and(scopeExtent(sl.Scope())); !l.within(around, room) {
			cut = l.cutScope(sl.Scope(), extent{entries: room.entries / 4, bytes: room.bytes / 4}) || cut
		}
		e := scopeExtent(sl.Scope())
		most = extent{entries: max(most.entries, e.entries), bytes: max(most.bytes, e.bytes)}
	}
	if room = room.less(most); l.within(extentOf(resource.Attributes()), room) {
		return cut
	}
	dropped := l.cutAttributes(resource.Attributes(), room, nil)
	resource.SetDroppedAttributesCount(resource.DroppedAttributesCount() + dropped)
	return true
}

func (l *Limits) cutScope(scope pcommon.InstrumentationScope, room extent) bool {
	if l.within(scopeExtent(scope), room) {
		return false
	}
	t, attributes := texts{cut: max(room.bytes/4, shortest)}, scope.Attributes()
	scope.SetName(t.field("scope.name").text(scope.Name()))
	scope.SetVersion(t.field("scope.version").text(scope.Version()))
	dropped := l.cutAttributes(attributes, room.less(scopeExtent(scope)).and(extentOf(attributes)), t.names)
	scope.SetDroppedAttributesCount(scope.DroppedAttributesCount() + dropped)
	return true
}

// cutRecord cuts a record that has so much around it.
func (l *Limits) cutRecord(record plog.LogRecord, around extent) {
	t := texts{cut: shortest}
	if textLength(record.Body()) > orAny(l.BodyBytes) || l.membersOf(record.Body()) != (extent{}) {
		t.names.add(body)
		toText(body, record.Body(), orAny(l.BodyBytes))
	}
	if l.AttributesBytes > 0 {
		record.SetSeverityText(t.field("severity_text").text(record.SeverityText()))
		record.SetEventName(t.field("event_name").text(record.EventName()))
	}
	dropped := l.cutAttributes(record.Attributes(), l.all().less(fieldsOf(record).and(around)), t.names)
	record.SetDroppedAttributesCount(record.DroppedAttributesCount() + dropped)
}

// toText makes a value a text of so many bytes.
func toText(key string, value pcommon.Value, most int) {
	text := value.AsString()
	if endsMatter(key, text) {
		value.SetStr(Tail(text, most))
	} else {
		value.SetStr(Text(text, most))
	}
}
