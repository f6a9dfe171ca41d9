package redaction

import (
	"math"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// maxDepth is how deep attributes are looked into. What lies deeper goes whole.
const maxDepth = 64

// attribute is what is known of a key, and the last text and number under it that
// had no hit. Values repeat from record to record, and what comes again is not
// searched again.
type attribute struct {
	keyKnown
	cleanText   []byte
	cleanNumber int64
}

// keyKnown is what a key says of the values under it.
type keyKnown struct {
	verdict verdict
	// context is what the key says of the rules; see text.Rules.Context.
	context []int
	// hasHit says that the key itself shows something.
	hasHit bool
	// role is that of the key in a pair such as {"name": "API_KEY", "value": "…"}.
	role role
	// inList says that it is no key, but the place in a list.
	inList bool
}

// learn finds out about a key.
func (s *Session) learn(key string) keyKnown {
	known := keyKnown{hasHit: len(key) >= minSecret && len(s.scanner.Scan(s.r.inTexts, key, nil)) > 0}
	// A placeholder in a key names a rule, and that is no word of the key.
	judged := text.Seen(s.withoutPlaceholders(key))
	known.verdict = s.r.judge(judged)
	known.context = s.r.inTexts.Context(judged)
	known.role = roleOf(key)
	return known
}

func (s *Session) withoutPlaceholders(key string) string {
	for i := 0; i < len(key); i++ {
		if n := s.r.placeholderLen(key[i:]); n > 0 {
			key = key[:i] + key[i+n:]
			i--
		}
	}
	return key
}

// maxCleanText is the length in bytes of the longest text that is remembered.
const maxCleanText = 128

func (a *attribute) isClean(v pcommon.Value) bool {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return v.Str() == string(a.cleanText)
	case pcommon.ValueTypeInt:
		return v.Int() == a.cleanNumber
	default:
		return false
	}
}

func (a *attribute) setClean(v pcommon.Value) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		if value := v.Str(); len(value) <= maxCleanText {
			a.cleanText = append(a.cleanText[:0], value...)
		}
	case pcommon.ValueTypeInt:
		a.cleanNumber = v.Int()
	default:
	}
}

// beginAt starts with the first place of a record, a resource or a scope.
func (s *Session) beginAt(place Location) {
	s.place = place
	s.keys.Begin()
}

// count counts a hit at the place that is looked at.
func (s *Session) count(r *rule) {
	s.counts[s.place][r.number]++
	if s.r.report != "" {
		s.report.add(s.place, r.name)
	}
}

// countOnce counts a hit that changes nothing, in the first pass.
func (s *Session) countOnce(r *rule) {
	if !s.again {
		s.count(r)
	}
}

// attributes redacts a map that is under a name.
func (s *Session) attributes(m pcommon.Map, under verdict, depth int) {
	drop, rename := false, false
	for key, value := range m.All() {
		known := &s.keys.Find(key).Known
		rename = rename || known.hasHit
		name := known.verdict
		if known.role >= valueRole && name.rule == nil {
			name = s.nameIn(m, under)
		}
		if name.rule == nil && under.rule != nil {
			name = s.r.member(under, key)
		}
		s.enter(key, known.hasHit)
		if name != known.verdict || !known.isClean(value) {
			switch s.named(value, name, depth+1, known.context) {
			case unchanged:
				known.setClean(value)
			case removed:
				drop = true
			default:
			}
		}
		s.leave()
	}
	if drop {
		m.RemoveIf(func(_ string, value pcommon.Value) bool { return isDropped(value) })
	}
	if rename {
		s.rename(m)
	}
}

// named redacts a value that is under a name.
func (s *Session) named(v pcommon.Value, name verdict, depth int, context []int) outcome {
	if name.rule == nil {
		return s.value(v, name, depth, context)
	}
	result := unchanged
	if name.hides(v) {
		if result = s.whole(v, name.rule); result >= replaced {
			return result
		}
		name = verdict{} // it has had its say
	}
	return max(result, s.value(v, name, depth, context))
}

// hides reports whether a value goes that is under the name.
func (n verdict) hides(v pcommon.Value) bool {
	switch v.Type() {
	case pcommon.ValueTypeEmpty, pcommon.ValueTypeBool:
		return false
	case pcommon.ValueTypeMap:
		return n.HidesAll() && v.Map().Len() > 0 && !wraps(v.Map())
	case pcommon.ValueTypeSlice:
		return n.HidesAll() && n.hidesAny(v.Slice())
	default:
		return n.rule != nil && n.Hides(v.AsString())
	}
}

// hidesAny reports whether anything in a list goes that is under the name.
func (n verdict) hidesAny(list pcommon.Slice) bool {
	for _, element := range list.All() {
		if n.hides(element) {
			return true
		}
	}
	return false
}

// list redacts the elements of a list that is under a name, and maybe among others in one.
func (s *Session) list(list pcommon.Slice, name verdict, amongLists bool, depth int, context []int) {
	drop := false
	s.overSeveral(list.Len(), func(i int) (string, bool) {
		return list.At(i).Str(), list.At(i).Type() == pcommon.ValueTypeStr
	}, func(i int, value string, result outcome) {
		drop = setText(list.At(i), value, result, depth+1) == removed || drop
	})
	for i, element := range list.All() {
		if element.Type() == pcommon.ValueTypeSlice && depth < maxDepth {
			s.list(element.Slice(), name, true, depth+1, context)
			continue
		}
		under := name
		if under.rule == nil {
			under = s.nameBefore(list, i, amongLists)
		}
		drop = s.named(element, under, depth+1, context) == removed || drop
	}
	if drop {
		list.RemoveIf(isDropped)
	}
}

// rename gives attributes other keys whose keys show something.
func (s *Session) rename(m pcommon.Map) {
	outer := s.place
	s.place = AttributeKeys
	renamed := pcommon.NewMap()
	renamed.EnsureCapacity(m.Len())
	for key, value := range m.All() {
		if s.keys.Find(key).Known.hasHit {
			redacted, result := s.redact(key, nil)
			if result == removed {
				continue
			}
			key = redacted
		}
		value.MoveTo(renamed.PutEmpty(unusedKey(renamed, key)))
	}
	renamed.MoveTo(m)
	s.place = outer
}

// unusedKey returns the key, or with a number where there is one of that name.
func unusedKey(m pcommon.Map, key string) string {
	unused := key
	for i := 2; ; i++ {
		if _, found := m.Get(unused); !found {
			return unused
		}
		unused = key + "#" + strconv.Itoa(i)
	}
}

// dropped stands for an attribute until it is removed.
const dropped = "\x00dropped"

func isDropped(v pcommon.Value) bool {
	return v.Type() == pcommon.ValueTypeStr && v.Str() == dropped
}

// value redacts a value of any type, of which the name, if there is one, does not say that
// it goes whole. Of what is removed the value says so, but for a body, from which only the
// hit goes.
func (s *Session) value(v pcommon.Value, name verdict, depth int, context []int) outcome {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return s.textual(v, v.Str(), depth, context)
	case pcommon.ValueTypeInt, pcommon.ValueTypeDouble:
		return s.numeric(v, depth, context)
	case pcommon.ValueTypeBytes:
		text, result := s.redact(string(v.Bytes().AsRaw()), context)
		switch {
		case result == removed && depth > 0:
			v.SetStr(dropped)
		case result >= replaced:
			v.SetEmptyBytes().FromRaw([]byte(text))
		}
		return result
	case pcommon.ValueTypeMap:
		if depth > maxDepth {
			return s.whole(v, s.r.tooDeep)
		}
		s.attributes(v.Map(), name, depth)
	case pcommon.ValueTypeSlice:
		if depth > maxDepth {
			return s.whole(v, s.r.tooDeep)
		}
		s.list(v.Slice(), name, false, depth, context)
	default:
	}
	return counted // what is in a container is not remembered as clean
}

// minNumber is the number of digits of the shortest number that a rule finds
// without a word near it.
const minNumber = 13

// looksAtNumbers reports whether shorter numbers are looked at as well.
func (s *Session) looksAtNumbers(context []int) bool {
	return len(context) > 0 && context[0] >= 0 || s.r.inTexts.TriesAll()
}

// numeric redacts the decimal form of a number.
func (s *Session) numeric(v pcommon.Value, depth int, context []int) outcome {
	const smallest = 1e12
	var text string
	switch n, f := v.Int(), v.Double(); {
	case v.Type() == pcommon.ValueTypeInt:
		if n < smallest && n > -smallest && !s.looksAtNumbers(context) {
			return unchanged
		}
		text = strconv.FormatInt(n, 10)
	case math.Abs(f) < smallest && !s.looksAtNumbers(context) || math.IsNaN(f) || math.IsInf(f, 0):
		return unchanged
	default:
		text = strconv.FormatFloat(f, 'f', -1, 64)
	}
	return s.textual(v, text, depth, context)
}

// textual redacts a value that is written as the text.
func (s *Session) textual(v pcommon.Value, text string, depth int, context []int) outcome {
	redacted, result := s.redact(text, context)
	return setText(v, redacted, result, depth)
}

// setText gives a value what redaction has made of its text.
func setText(v pcommon.Value, redacted string, result outcome, depth int) outcome {
	switch {
	case result == removed && depth > 0:
		v.SetStr(dropped)
	case result >= replaced:
		v.SetStr(redacted)
	}
	return result
}

// whole replaces a whole value.
func (s *Session) whole(v pcommon.Value, r *rule) outcome {
	if v.Type() == pcommon.ValueTypeStr && s.r.isPlaceholder(v.Str()) {
		return unchanged
	}
	text := v.AsString()
	if s.r.allows(r, text) {
		return unchanged
	}
	s.count(r)
	switch r.action {
	case Audit:
		return counted
	case Drop:
		v.SetStr(dropped)
		return removed
	default:
		v.SetStr(s.r.replacement(r, text))
		return replaced
	}
}
