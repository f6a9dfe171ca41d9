package semconv

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/xpdata"

	"github.com/mina-observability/otelcol-mina/internal/names"
)

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
	// taken has, for each target, the last record that has a value there.
	taken  []uint64
	record uint64
	// made numbers the targets that templates and the prefix make.
	made   map[string]int
	origin Origin
	// function is the row of a function that has its target to itself, for it takes along
	// the attribute module, whose text is the qualifier.
	function          *move
	qualifier, module string
}

// maxMade bounds the names that templates and the prefix make.
const maxMade = 4096

// name is what a walk knows of the name of an attribute, or of a member of an object.
type name struct {
	// move is nil if nothing is to be done.
	move *move
	// target is the number of the target that has this name, or 0.
	target int
	// inside knows the members of an object under this name, if some have places.
	inside *names.Index[name]
	// function tells which of them is a function, and which goes in front of it.
	function qualified
	// mark is the member without which the object is an application's own.
	mark string
	// prefixed is the name with the prefix in front, and its number, if it gets one.
	prefixed   string
	prefixedID int
	// otherwise is what is known where the condition of the move is not met.
	otherwise *name
}

func (m *Mapper) newWalk() *walk {
	w := &walk{mapper: m, taken: make([]uint64, len(m.targets)+1), made: map[string]int{}}
	w.names = names.NewIndex(func(text string) name {
		known := w.learn(text)
		// user.id is where it belongs, unless it is inside user.
		if mv := known.move; mv != nil && mv.target == text && !mv.conversion.ofResource() {
			known.move = nil
		}
		if mv := known.move; mv != nil && mv.when != nil {
			known.otherwise = &name{}
			w.prefix(known.otherwise, text)
		} else if own := m.objects[text]; !own && mv == nil && known.target == 0 {
			w.prefix(&known, text)
		}
		return known
	})
	return w
}

// prefix puts the prefix in front of a name that the conventions do not know, and
// numbers what has it, so that neither takes the other's place.
func (w *walk) prefix(known *name, text string) {
	prefix := w.mapper.config.CustomPrefix
	if prefix == "" {
		return
	}
	if strings.Contains(text, ".") {
		known.target = w.make(text)
		return
	}
	known.prefixed = prefix + text
	known.prefixedID = w.make(known.prefixed)
}

// learn finds what is known of a name, or of a member by the names that lead to it.
func (w *walk) learn(path string) name {
	m := w.mapper
	_, isObject := m.objects[path]
	known := name{move: m.moves[path], target: m.targets[path], function: m.qualified[path], mark: marks[path]}
	if known.move == nil {
		known.move = w.template(path)
	}
	if mv := known.move; mv != nil && mv.target == path {
		known.target = mv.id
	}
	if isObject {
		known.inside = names.NewMemberIndex(func(member string) name { return w.learn(path + "." + member) })
	}
	return known
}

// template returns the row that a template makes for a name.
func (w *walk) template(path string) *move {
	for _, t := range w.mapper.templates {
		if len(path) == len(t.prefix) || !strings.HasPrefix(path, t.prefix) {
			continue
		}
		if strings.HasPrefix(path, "http.") { // the names of headers are written in lower case
			path = strings.ToLower(path)
		}
		if id := w.make(path); id != 0 {
			return &move{target: path, conversion: t.conversion, id: id}
		}
	}
	return nil
}

// make returns the number of a target that is made on the way, or 0 if there are too many.
func (w *walk) make(target string) int {
	id, known := w.mapper.targets[target]
	if !known {
		id, known = w.made[target]
	}
	if !known && len(w.made) < maxMade {
		id = len(w.taken)
		w.made[target] = id
		w.taken = append(w.taken, 0)
	}
	return id
}

// apply maps one record and returns what belongs to its resource. What the
// resource has already, the record keeps.
func (w *walk) apply(record plog.LogRecord) Origin {
	m := w.mapper
	if m.config.SeverityText == SeverityTextOTel && record.SeverityNumber() != plog.SeverityNumberUnspecified {
		record.SetSeverityText(shortName(record.SeverityNumber()))
	}
	w.names.Begin()
	w.known, w.more, w.origin = w.known[:0], 0, Origin{}
	w.function, w.qualifier, w.module = nil, "", ""
	w.record++
	attributes := record.Attributes()
	if w.survey(attributes) {
		w.rename(attributes)
	}
	w.frame(attributes)
	return w.origin
}

// rename gives the attributes their names and places.
func (w *walk) rename(attributes pcommon.Map) {
	w.out.EnsureCapacity(attributes.Len() + w.more)
	i := 0
	for name, value := range attributes.All() {
		w.attribute(w.known[i], name, value)
		i++
	}
	w.out.UnsafeIntoMap(attributes)
}

// survey notes which targets the record has, and reports whether anything moves.
func (w *walk) survey(attributes pcommon.Map) (moves bool) {
	var function *move
	for text, value := range attributes.All() {
		known := &w.names.Find(text).Known
		w.take(known.target)
		switch mv := known.move; {
		case known.inside != nil && value.Type() == pcommon.ValueTypeMap:
			moves = true
			w.more += value.Map().Len()
		case mv == nil:
		case mv.when != nil && !mv.when.isMet(attributes):
			known = known.otherwise
		default:
			moves = true
			if mv.conversion == toFunction && value.Type() == pcommon.ValueTypeStr && function == nil {
				function = mv
			}
		}
		moves = moves || known.prefixed != ""
		w.known = append(w.known, known)
	}
	if function != nil && !w.isTaken(function.id) {
		w.qualify(attributes, function, function.qualifier)
	}
	return moves
}

// qualify looks for the text that goes in front of the function.
func (w *walk) qualify(attributes pcommon.Map, function *move, module string) {
	if text, ok := attributes.Get(module); ok && text.Type() == pcommon.ValueTypeStr {
		w.function, w.module, w.qualifier = function, module, text.Str()
		w.take(function.id)
	}
}

func (w *walk) take(target int) {
	if target != 0 {
		w.taken[target] = w.record
	}
}

func (w *walk) isTaken(target int) bool { return w.taken[target] == w.record }

func (w *walk) attribute(known *name, text string, value pcommon.Value) {
	if known.inside != nil && value.Type() == pcommon.ValueTypeMap {
		if w.object(known, value.Map()) {
			return
		}
	} else if known.move != nil && w.moves(known.move, text, value) {
		return
	}
	if known.prefixed != "" && !w.isTaken(known.prefixedID) {
		text = known.prefixed
		w.take(known.prefixedID)
	}
	value.MoveTo(w.out.AppendEmpty(text))
}

// moves moves an attribute, and reports whether it is gone from its name: also if it
// is the null of a field, or if it is in front of the function.
func (w *walk) moves(mv *move, text string, value pcommon.Value) bool {
	return text == w.module || value.Type() == pcommon.ValueTypeEmpty || w.move(mv, value)
}

// object moves what the conventions have a place for out of an object, and reports
// whether nothing is left of it.
func (w *walk) object(known *name, object pcommon.Map) (gone bool) {
	if object.Len() == 0 || known.mark != "" && !has(object, known.mark) {
		return false
	}
	function, qualifier, module := w.function, w.qualifier, w.module
	w.function, w.qualifier, w.module = nil, "", ""
	if f := known.function; f.move != nil && !w.isTaken(f.move.id) && isText(object, f.name) {
		w.qualify(object, f.move, f.module)
	}
	known.inside.Begin()
	object.RemoveIf(func(text string, value pcommon.Value) bool {
		member := &known.inside.Find(text).Known
		if member.inside != nil && value.Type() == pcommon.ValueTypeMap {
			return w.object(member, value.Map())
		}
		return member.move != nil && w.moves(member.move, text, value)
	})
	w.function, w.qualifier, w.module = function, qualifier, module
	return object.Len() == 0
}

func has(attributes pcommon.Map, name string) bool {
	_, ok := attributes.Get(name)
	return ok
}

func isText(attributes pcommon.Map, name string) bool {
	value, ok := attributes.Get(name)
	return ok && value.Type() == pcommon.ValueTypeStr
}
