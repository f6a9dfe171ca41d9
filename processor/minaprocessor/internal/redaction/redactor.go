package redaction

import (
	"slices"
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/names"
)

// Location is where in a record a hit is.
type Location int

// The locations.
const (
	Body Location = iota
	Attributes
	AttributeKeys
	Resource
	Scope
	SeverityText
	EventName
)

var locationNames = [...]string{"body", "attributes", "attribute_keys", "resource", "scope", "severity_text", "event_name"}

// String returns the location as metrics and reports have it.
func (l Location) String() string { return locationNames[l] }

// Locations returns all locations.
func Locations() []Location {
	return []Location{Body, Attributes, AttributeKeys, Resource, Scope, SeverityText, EventName}
}

// Redactor redacts records. It may be used by several goroutines at once.
type Redactor struct {
	hashKey  []byte
	anchors  *anchors
	keyWords *keyWords
	allowed  *allowed
	// deepRule is for what lies too deep to be looked at, and cutRule for what may be
	// the beginning of anything.
	deepRule, cutRule *rule
	// custom are those of the user, and everywhere those of them that are tried on
	// every text.
	custom, everywhere []*rule
	// names are those of the rules by their number, and named finds them.
	names   []string
	named   map[string]bool
	actions map[Action]bool
	report  string

	scanners sync.Pool
}

// New returns a redactor. The options must be valid; see Options.Validate.
func New(o Options) *Redactor {
	r := &Redactor{
		hashKey: o.HashKey, keyWords: newKeyWords(o.Allowed.Keys), allowed: newAllowed(o.Allowed.Values, o.Allowed.Patterns),
		named: map[string]bool{}, actions: map[Action]bool{}, report: o.ReportAttribute,
	}
	var chosen []*rule
	for _, custom := range o.CustomRules {
		c := newCustomRule(custom)
		r.custom = append(r.custom, c)
		if len(c.keywords) == 0 {
			r.everywhere = append(r.everywhere, c)
		}
		chosen = append(chosen, c)
	}
	for _, candidate := range catalogue {
		if o.chooses(candidate) {
			own := *candidate
			chosen = append(chosen, &own)
		}
	}
	chosen = append(chosen, r.newKeyRules(o)...)
	r.deepRule, r.cutRule = &rule{name: tooDeep}, &rule{name: cutOff}
	chosen = append(chosen, r.deepRule, r.cutRule)
	for _, c := range chosen {
		r.prepare(c, o)
	}
	r.anchors = newAnchors(append(chosen, placeholder, encoded))
	r.scanners.New = func() any { return r.newScanner() }
	return r
}

// tooDeep names what is nested so deep that it is not looked at.
const tooDeep = "too_deep"

// cutOff names what the collector has cut in the middle, so that nobody can say what
// it is.
const cutOff = "cut_off"

// newKeyRules returns a rule for sensitive keys, and one for each key that has an
// action of its own.
func (r *Redactor) newKeyRules(o Options) []*rule {
	var list []*rule
	for phrase, action := range o.KeyActions {
		own := newKeyRule([]string{phrase}, action)
		addPhrase(r.keyWords.phrases, phrase, own)
		list = append(list, own)
	}
	if slices.Contains(o.DisabledRules, sensitiveKey) {
		return list
	}
	phrases := slices.Concat(defaultKeys, o.SensitiveKeys)
	common := newKeyRule(slices.Concat(phrases, defaultEndings), "")
	r.keyWords.common = common
	for _, phrase := range phrases {
		addPhrase(r.keyWords.phrases, phrase, common)
	}
	return append(list, common)
}

// prepare gives a rule its number, its action and its exemptions.
func (r *Redactor) prepare(c *rule, o Options) {
	if c.number = slices.Index(r.names, c.name); c.number < 0 {
		c.number = len(r.names)
		r.names = append(r.names, c.name)
		r.named[c.name] = true
	}
	if c.action == "" {
		c.action = o.Action
		if action, found := o.RuleActions[c.name]; found {
			c.action = action
		}
	}
	r.actions[c.action] = true
	exempt := o.Allowed.Rules[c.name]
	c.allowed = newAllowed(exempt.Values, exempt.Patterns)
}

// chooses reports whether a rule of the catalogue is applied.
func (o *Options) chooses(r *rule) bool {
	if slices.Contains(o.DisabledRules, r.name) {
		return false
	}
	sets := o.Sets
	if len(sets) == 0 && len(o.Rules) == 0 {
		sets = []string{setDefault}
	}
	return slices.Contains(o.Rules, r.name) || slices.ContainsFunc(sets, r.in)
}

// writes reports whether a rule has the action.
func (r *Redactor) writes(action Action) bool { return r.actions[action] }

// Names returns the names of the rules that Session.End counts by.
func (r *Redactor) Names() []string { return r.names }

func (r *Redactor) newScanner() *scanner {
	s := &scanner{Redactor: r, textKeys: names.NewIndex(r.keyWords.find)}
	for i := range s.counts {
		s.counts[i] = make([]int64, len(r.names))
	}
	learn := func(key string) attribute { return attribute{keyKnown: s.learn(key)} }
	s.keys, s.jsonKeys = names.NewIndex(learn), names.NewIndex(learn)
	return s
}

// Session redacts the records of one batch.
type Session struct{ s *scanner }

// Begin starts a session. End it when the batch is done.
func (r *Redactor) Begin() Session { return Session{r.scanners.Get().(*scanner)} }

// End calls count with the number of hits of each rule and location that had any,
// and ends the session.
func (s Session) End(count func(rule string, location Location, hits int64)) {
	for location := range s.s.counts {
		for i, n := range s.s.counts[location] {
			if n > 0 {
				count(s.s.names[i], Location(location), n)
				s.s.counts[location][i] = 0
			}
		}
	}
	s.s.text = ""
	s.s.scanners.Put(s.s)
}

// Resource redacts the attributes of a resource.
func (s Session) Resource(resource pcommon.Resource) {
	s.s.beginAt(Resource)
	s.s.attributes(resource.Attributes(), 0)
	s.s.writeReport(resource.Attributes())
}

// Scope redacts a scope's name and attributes.
func (s Session) Scope(scope pcommon.InstrumentationScope) {
	s.s.beginAt(Scope)
	if name, result := s.s.redact(scope.Name(), nil); result >= replaced {
		scope.SetName(name)
	}
	s.s.attributes(scope.Attributes(), 0)
	s.s.writeReport(scope.Attributes())
}

// Record redacts a log record.
func (s Session) Record(record plog.LogRecord) {
	s.s.beginAt(Body)
	if !s.s.cutBody(record) {
		s.s.value(record.Body(), 0, nil)
	}
	s.s.place = Attributes
	s.s.attributes(record.Attributes(), 0)
	s.s.place = SeverityText
	if text, result := s.s.redact(record.SeverityText(), nil); result >= replaced {
		record.SetSeverityText(text)
	}
	s.s.place = EventName
	if name, result := s.s.redact(record.EventName(), nil); result >= replaced {
		record.SetEventName(name)
	}
	s.s.writeReport(record.Attributes())
}
