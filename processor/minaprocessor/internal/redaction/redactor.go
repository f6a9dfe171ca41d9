package redaction

import (
	"maps"
	"slices"
	"sync"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/rules"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// Redactor redacts records. It may be used by several goroutines at once.
type Redactor struct {
	config Config
	// list has the rules in the order of inTexts, those that are compiled for texts.
	list    []*rule
	inTexts *text.Rules
	// custom are the rules of the user alone, which are the first of all.
	custom *text.Rules
	keys   *rules.Names
	// byData finds them.
	byData  map[*rules.Rule]*rule
	allowed *allowed
	// tooDeep is for what lies too deep to be looked at, and cutOff the place in the list
	// of the rule for what may be the beginning of anything.
	tooDeep *rule
	cutOff  int
	// names are those of the rules by their number, and named finds them.
	names   []string
	named   map[string]bool
	actions map[Action]bool
	report  string

	sessions sync.Pool
}

// rule is one as a redactor applies it.
type rule struct {
	name, separators string
	action           Action
	allowed          *allowed
	// number is that of the name, by which hits are counted.
	number int
}

const (
	// tooDeep names what is nested so deep that it is not looked at.
	tooDeep = "too_deep"
	// cutOff names what the collector has cut in the middle, so that nobody can say
	// what it is.
	cutOff = "cut_off"
)

// New returns a redactor. The configuration must be valid; see Config.Validate.
func New(c Config) *Redactor {
	r := &Redactor{
		config: c, keys: rules.NewNames(c.Allow.Keys), byData: map[*rules.Rule]*rule{}, allowed: newAllowed(c.Allow.Values, c.Allow.Patterns),
		named: map[string]bool{}, actions: map[Action]bool{},
	}
	if c.Report.HasValue() {
		r.report = c.Report.Get().Attribute
	}
	var inTexts []text.Rule
	add := func(data *rules.Rule, action Action) {
		applied := r.apply(data.Name, action)
		applied.separators = data.Separators
		r.byData[data] = applied
		inTexts = append(inTexts, data.InText())
	}
	for _, custom := range c.CustomRules {
		add(rules.NewCustom(custom), "")
	}
	custom := len(inTexts)
	for _, data := range rules.Catalogue {
		if c.chooses(data) {
			add(r.keys.Bind(data), "")
		}
	}
	for _, phrase := range slices.Sorted(maps.Keys(c.Actions.Keys)) {
		add(r.keys.Add(phrase), c.Actions.Keys[phrase])
	}
	if !slices.Contains(c.DisabledRules, rules.SensitiveKey) {
		add(r.keys.AddDefault(c.SensitiveKeys), "")
	}
	r.tooDeep = r.apply(tooDeep, "")
	r.cutOff = len(r.list)
	r.apply(cutOff, "")
	placeholders := text.Placeholders{Anchors: []string{maskPrefix, hashPrefix}, Len: r.placeholderLen}
	r.inTexts = text.NewRules(inTexts, placeholders, r.exempts)
	r.custom = text.NewRules(inTexts[:custom], placeholders, r.exempts)
	r.sessions.New = func() any { return r.newSession() }
	return r
}

// apply lists a rule, with its number, its action, if it has none of its own, and its
// exemptions.
func (r *Redactor) apply(name string, action Action) *rule {
	number := slices.Index(r.names, name)
	if number < 0 {
		number = len(r.names)
		r.names = append(r.names, name)
		r.named[name] = true
	}
	if action == "" {
		action = r.config.Action
		if other, found := r.config.Actions.Rules[name]; found {
			action = other
		}
	}
	r.actions[action] = true
	exempt := r.config.Allow.Rules[name]
	applied := &rule{name: name, action: action, allowed: newAllowed(exempt.Values, exempt.Patterns), number: number}
	r.list = append(r.list, applied)
	return applied
}

// writes reports whether a rule has the action.
func (r *Redactor) writes(action Action) bool { return r.actions[action] }

// exempts reports whether a hit of a rule stays.
func (r *Redactor) exempts(number int, value string) bool { return r.allows(r.list[number], value) }

func (r *Redactor) allows(applied *rule, value string) bool {
	return r.allowed.has(value) || applied.allowed.has(value)
}

// Names returns the names of the rules that Session.End counts by.
func (r *Redactor) Names() []string { return r.names }

// verdict is what a name says of its values, with the rule as it is applied.
type verdict struct {
	rules.Verdict
	rule *rule
}

// member says what applies to a value in a map under a label whose own name says nothing.
func (r *Redactor) member(under verdict, name string) verdict {
	v := r.keys.Member(under.Verdict, name)
	return verdict{v, r.byData[v.Rule]}
}

// judge says what applies to values that are called so.
func (r *Redactor) judge(name string) verdict {
	v := r.keys.Judge(name)
	return verdict{v, r.byData[v.Rule]}
}
