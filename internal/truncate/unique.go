package truncate

import (
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// reserved are the names that a destination with unique names has for what is no attribute,
// and those under which it keeps none. A scope's attributes have names of their own there.
var reserved = []string{"_time", "_stream", "_stream_id", "scope.name", "scope.version", "severity_number", "severity_text"}

// taken are the names of one resource after the other, and of one of its records after the
// other.
type taken struct {
	// by is the number of who has taken a name.
	by map[string]*int
	// last, resource and record are numbers of those that there have been, and are.
	last, resource, record int
}

const byDestination = 0

func newTaken() *taken {
	t := &taken{by: map[string]*int{}}
	for _, name := range reserved {
		t.name(name)
	}
	return t
}

// nextResource goes on with another resource, whose names its records must not have.
func (t *taken) nextResource() {
	t.last++
	t.resource, t.record = t.last, t.last
}

// next takes the names of what another record has beside its attributes, and reports whether
// those of its body were free.
func (t *taken) next(record plog.LogRecord) bool {
	t.last++
	t.record = t.last
	for _, field := range []struct {
		name string
		has  bool
	}{
		{"trace_id", !record.TraceID().IsEmpty()},
		{"span_id", !record.SpanID().IsEmpty()},
		{"event_name", record.EventName() != ""},
	} {
		if field.has {
			t.name(field.name)
		}
	}
	switch record.Body().Type() {
	case pcommon.ValueTypeMap:
		return t.members("", record.Body().Map())
	case pcommon.ValueTypeEmpty:
	default:
		t.name("_msg")
	}
	return true
}

// members takes the names of attributes, or of what is in one, and reports whether all
// were free. Nothing is kept under the name "".
func (t *taken) members(prefix string, values pcommon.Map) bool {
	free := true
	for key, value := range values.All() {
		free = t.member(prefix, key, value) && free
	}
	return free
}

func (t *taken) member(prefix, key string, value pcommon.Value) bool {
	switch {
	case key == "":
		return false
	case value.Type() == pcommon.ValueTypeMap:
		return t.members(prefix+key+".", value.Map())
	case prefix != "":
		key = prefix + key
	}
	return t.name(key)
}

// name takes a name. What this package says of a resource, it may say of a record, too.
func (t *taken) name(name string) (free bool) {
	if name == minaattr.Truncated || name == minaattr.Rest {
		return true
	}
	by := t.by[name]
	switch {
	case by == nil:
		record := t.record
		t.by[name] = &record
		return true
	case *by == byDestination || *by == t.resource || *by == t.record:
		return false
	}
	*by = t.record
	return true
}

// unique reports whether all names are, or need not be.
func (l *Limits) unique(logs plog.Logs) bool {
	if !l.UniqueNames {
		return true
	}
	t := newTaken()
	for _, rl := range logs.ResourceLogs().All() {
		t.nextResource()
		if !t.members("", rl.Resource().Attributes()) {
			return false
		}
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				if !t.next(record) || !t.members("", record.Attributes()) {
					return false
				}
			}
		}
	}
	return true
}

// setAside moves the attributes whose names are taken into one, as JSON, and reports whether
// there were any.
func (t *taken) setAside(values pcommon.Map) bool {
	rest := moveOut(values, func(key string, value pcommon.Value) bool { return !t.member("", key, value) })
	if len(rest) == 0 {
		return false
	}
	if before, ok := values.Get(minaattr.Rest); ok {
		earlier := pcommon.NewValueEmpty()
		before.MoveTo(earlier)
		rest = append(rest, member{minaattr.Rest, earlier})
	}
	cut := takeMark(values)
	cut.add(entries)
	text, _ := rest.json(math.MaxInt)
	values.PutStr(minaattr.Rest, text)
	putMark(values, cut)
	return true
}

// setAsideOf does so for a record. A body whose names are taken becomes a text.
func (t *taken) setAsideOf(record plog.LogRecord) bool {
	free := t.next(record)
	if !free {
		toText(body, record.Body(), math.MaxInt)
		cut := takeMark(record.Attributes())
		cut.add(body)
		putMark(record.Attributes(), cut)
	}
	return t.setAside(record.Attributes()) || !free
}
