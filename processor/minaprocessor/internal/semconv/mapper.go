package semconv

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/xpdata"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/names"
)

// Options are the choices that the conventions leave.
type Options struct {
	// Service describes the application. Empty fields are left out.
	ServiceName, ServiceVersion, ServiceNamespace, DeploymentEnvironment string
	// OTelSeverityText replaces the level's text by OpenTelemetry's short name.
	OTelSeverityText bool
	// RequestIDHeader says that request_id is the header X-Request-Id.
	RequestIDHeader bool
	// CustomPrefix goes in front of the attributes that have no place in the
	// conventions, unless their name has a namespace of its own.
	CustomPrefix string
}

// Mapper maps records. It may be used by several goroutines at once.
type Mapper struct {
	options Options
	// keys has what is known of an attribute's name, on the outside and inside an object.
	keys     map[string]*key
	children map[string]map[string]*move
	// The targets that a second attribute of toMethod and toPath goes to.
	methodOriginal, query uint64
	walks                 sync.Pool
}

// key is what is known of the name of an attribute.
type key struct {
	move *move
	// bit is set if the name is itself the target of a move.
	bit uint64
	// container says that the conventions have a place for what is inside.
	container bool
}

// NewMapper returns a mapper.
func NewMapper(options Options) *Mapper {
	m := &Mapper{options: options, keys: map[string]*key{}, children: map[string]map[string]*move{}}
	table := moves(options.RequestIDHeader)
	targets := []string{
		string(semconv.HTTPRequestMethodOriginalKey), string(semconv.URLQueryKey),
	}
	for _, mv := range table {
		if mv.target != "" && !slices.Contains(targets, mv.target) {
			targets = append(targets, mv.target)
		}
	}
	slices.Sort(targets)
	bits := map[string]uint64{}
	for i, target := range targets {
		bits[target] = 1 << i
		m.keys[target] = &key{bit: 1 << i}
	}
	for _, name := range slices.Sorted(maps.Keys(table)) {
		mv := table[name]
		mv.bit = bits[mv.target]
		if mv.target != name { // user.id is where it belongs, unless it is inside user
			m.key(name).move = &mv
		}
		if container, child, nested := strings.Cut(name, "."); nested {
			if m.children[container] == nil {
				m.children[container] = map[string]*move{}
			}
			m.children[container][child] = &mv
			m.key(container).container = true
		}
	}
	m.walks.New = func() any { return m.newWalk() }
	m.methodOriginal, m.query = bits[string(semconv.HTTPRequestMethodOriginalKey)], bits[string(semconv.URLQueryKey)]
	return m
}

// Origin is what a record tells of the process that it comes from, which belongs
// to the resource.
type Origin struct {
	Host    string
	PID     int64
	HasPID  bool
	Service string
}

func (m *Mapper) key(name string) *key {
	if m.keys[name] == nil {
		m.keys[name] = &key{}
	}
	return m.keys[name]
}

// apply maps one record and returns what belongs to its resource. What the
// resource has already, the record keeps.
func (w *walk) apply(record plog.LogRecord) Origin {
	m := w.mapper
	if m.options.OTelSeverityText && record.SeverityNumber() != plog.SeverityNumberUnspecified {
		record.SetSeverityText(shortName(record.SeverityNumber()))
	}
	w.names.Begin()
	w.known, w.more, w.taken, w.origin, w.qualifier, w.module = w.known[:0], 0, 0, Origin{}, "", ""
	attributes := record.Attributes()
	if !w.survey(attributes) {
		return Origin{}
	}
	w.out.EnsureCapacity(attributes.Len() + w.more)
	i := 0
	for name, value := range attributes.All() {
		w.attribute(w.known[i], name, value)
		i++
	}
	w.out.UnsafeIntoMap(attributes)
	return w.origin
}

// name is what a walk knows of the name of an attribute.
type name struct {
	// key is nil if the name says nothing.
	key *key
	// inside knows the names in an object under this one, if they have places.
	inside *names.Index[*move]
}

func (m *Mapper) newWalk() *walk {
	return &walk{mapper: m, names: names.NewIndex(func(text string) name {
		known := name{key: m.keys[text]}
		if children := m.children[text]; children != nil {
			known.inside = names.NewIndex(func(child string) *move { return children[child] })
		}
		return known
	})}
}

// walk is the way through the attributes of records, one after the other.
type walk struct {
	mapper *Mapper
	has    resourceAttributes
	out    xpdata.MapBuilder
	names  *names.Index[name]
	// known has what is known of each attribute's name.
	known []*name
	// more is how many attributes may come out of objects and queries.
	more int
	// taken is the set of targets that have a value.
	taken  uint64
	origin Origin
	// qualifier is the text that goes in front of the function, and module the
	// name of the attribute that it comes from.
	qualifier, module string
}

// survey notes which targets the record has, and reports whether anything moves.
func (w *walk) survey(attributes pcommon.Map) (moves bool) {
	var function *move
	for text, value := range attributes.All() {
		known := &w.names.Find(text).Known
		w.known = append(w.known, known)
		k := known.key
		if k == nil {
			moves = moves || w.prefixed(text) != text
			continue
		}
		w.taken |= k.bit
		moves = moves || k.move != nil
		if k.container && value.Type() == pcommon.ValueTypeMap {
			moves = true
			w.more += value.Map().Len()
		}
		if k.move != nil && k.move.conversion == toFunction && value.Type() == pcommon.ValueTypeStr && function == nil {
			function = k.move
		}
	}
	if function != nil && w.taken&function.bit == 0 {
		if qualifier, ok := attributes.Get(function.qualifier); ok && qualifier.Type() == pcommon.ValueTypeStr {
			w.module, w.qualifier = function.qualifier, qualifier.Str()
		}
	}
	return moves
}

func (w *walk) attribute(known *name, name string, value pcommon.Value) {
	switch k := known.key; {
	case k == nil:
		value.MoveTo(w.out.AppendEmpty(w.prefixed(name)))
	case name == w.module:
		// It is in front of the function.
	case k.container && value.Type() == pcommon.ValueTypeMap:
		w.container(known.inside, name, value)
	case k.move == nil || !w.move(k.move, value):
		value.MoveTo(w.out.AppendEmpty(name))
	}
}

// container moves what the conventions have a place for out of an object, and
// keeps the object for the rest.
func (w *walk) container(children *names.Index[*move], name string, value pcommon.Value) {
	object := value.Map()
	empty := object.Len() == 0
	children.Begin()
	object.RemoveIf(func(child string, value pcommon.Value) bool {
		mv := children.Find(child).Known
		return mv != nil && w.move(mv, value)
	})
	if empty || object.Len() > 0 {
		value.MoveTo(w.out.AppendEmpty(name))
	}
}

// move puts a value where it belongs, and reports whether it could.
func (w *walk) move(mv *move, value pcommon.Value) bool {
	if w.taken&mv.bit != 0 || mv.target == "" {
		return false
	}
	var moved bool
	switch mv.conversion {
	case asIs:
		if moved = value.Type() != pcommon.ValueTypeEmpty; moved {
			value.MoveTo(w.out.AppendEmpty(mv.target))
		}
	case toText:
		var text string
		if text, moved = textOf(value); moved {
			if value.Type() != pcommon.ValueTypeStr {
				value.SetStr(text)
			}
			value.MoveTo(w.out.AppendEmpty(mv.target))
		}
	case toInt, toStatus:
		var n int64
		if n, moved = intOf(value); moved && mv.conversion == toStatus {
			moved = 100 <= n && n <= 599
		}
		if moved {
			if value.Type() != pcommon.ValueTypeInt {
				value.SetInt(n)
			}
			value.MoveTo(w.out.AppendEmpty(mv.target))
		}
	case toMethod:
		moved = w.method(mv, value)
	case toPath:
		moved = w.path(mv, value)
	case toFunction:
		if moved = value.Type() == pcommon.ValueTypeStr; moved {
			w.out.AppendEmpty(mv.target).SetStr(qualified(w.qualifier, value.Str()))
		}
	case toList:
		var text string
		if text, moved = textOf(value); moved {
			w.out.AppendEmpty(mv.target).SetEmptySlice().AppendEmpty().SetStr(text)
		}
	case toHost, toPID, toService:
		return w.resource(mv.conversion, value)
	}
	if moved {
		w.taken |= mv.bit
	}
	return moved
}

func (w *walk) method(mv *move, value pcommon.Value) bool {
	if value.Type() != pcommon.ValueTypeStr {
		return false
	}
	if knownMethods[value.Str()] {
		value.MoveTo(w.out.AppendEmpty(mv.target))
		return true
	}
	if w.taken&w.mapper.methodOriginal != 0 {
		return false
	}
	w.taken |= w.mapper.methodOriginal
	w.out.AppendEmpty(mv.target).SetStr(methodOther)
	value.MoveTo(w.out.AppendEmpty(string(semconv.HTTPRequestMethodOriginalKey)))
	return true
}

func (w *walk) path(mv *move, value pcommon.Value) bool {
	if value.Type() != pcommon.ValueTypeStr {
		return false
	}
	path, query, hasQuery := strings.Cut(value.Str(), "?")
	if !hasQuery {
		value.MoveTo(w.out.AppendEmpty(mv.target))
		return true
	}
	if w.taken&w.mapper.query != 0 {
		return false
	}
	w.taken |= w.mapper.query
	w.out.AppendEmpty(string(semconv.URLQueryKey)).SetStr(query)
	w.out.AppendEmpty(mv.target).SetStr(path)
	return true
}

// resource takes what belongs to the resource.
func (w *walk) resource(c conversion, value pcommon.Value) bool {
	switch {
	case c == toHost && !w.has.Host && w.origin.Host == "" && value.Type() == pcommon.ValueTypeStr:
		w.origin.Host = value.Str()
		return w.origin.Host != ""
	case c == toService && !w.has.Service && w.origin.Service == "" && value.Type() == pcommon.ValueTypeStr:
		w.origin.Service = value.Str()
		return w.origin.Service != ""
	case c == toPID && !w.has.PID && !w.origin.HasPID:
		w.origin.PID, w.origin.HasPID = intOf(value)
		return w.origin.HasPID
	}
	return false
}

// prefixed returns the name of an attribute that the conventions do not know.
func (w *walk) prefixed(name string) string {
	if w.mapper.options.CustomPrefix == "" || strings.Contains(name, ".") {
		return name
	}
	return w.mapper.options.CustomPrefix + name
}

func qualified(qualifier, name string) string {
	if qualifier == "" {
		return name
	}
	return qualifier + "." + name
}

// textOf returns the text of a string or a number.
func textOf(value pcommon.Value) (string, bool) {
	switch value.Type() {
	case pcommon.ValueTypeStr, pcommon.ValueTypeInt, pcommon.ValueTypeDouble:
		return value.AsString(), true
	default:
		return "", false
	}
}

// intOf returns the integer that a value is or spells.
func intOf(value pcommon.Value) (int64, bool) {
	switch value.Type() {
	case pcommon.ValueTypeInt:
		return value.Int(), true
	case pcommon.ValueTypeDouble:
		f := value.Double()
		return int64(f), f == math.Trunc(f) && math.Abs(f) < 1<<53
	case pcommon.ValueTypeStr:
		n, err := strconv.ParseInt(value.Str(), 10, 64)
		return n, err == nil
	default:
		return 0, false
	}
}

// shortName is the name that the log data model gives a severity number: INFO,
// INFO2, INFO3, INFO4.
func shortName(number plog.SeverityNumber) string {
	return strings.ToUpper(number.String())
}
