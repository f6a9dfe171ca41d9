package redaction

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/names"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// Session redacts the records of one batch. It is not safe for concurrent use.
type Session struct {
	r       *Redactor
	scanner text.Scanner
	// onlyCustom says that the other rules have seen the text as JSON, and nested
	// how deep in such texts it is.
	onlyCustom bool
	nested     int
	// again says that a text is passed over once more, and that what is only
	// counted has been.
	again bool

	// keys are those of attributes, and jsonKeys those in JSON.
	keys, jsonKeys *names.Index[attribute]

	// place is where in a record the value is that is looked at.
	place Location
	// window is the part of the text that goes on, where the text is only seen around it.
	window *window
	// counts has the number of hits by place and rule.
	counts [len(locationNames)][]int64
	report report
}

func (r *Redactor) newSession() *Session {
	s := &Session{r: r}
	for i := range s.counts {
		s.counts[i] = make([]int64, len(r.names))
	}
	learn := func(key string) attribute { return attribute{keyKnown: s.learn(key)} }
	s.keys, s.jsonKeys = names.NewIndex(learn), names.NewIndex(learn)
	return s
}

// Begin starts a session. End it when the batch is done.
func (r *Redactor) Begin() *Session { return r.sessions.Get().(*Session) }

// End calls count with the number of hits of each rule and location that had any,
// and ends the session.
func (s *Session) End(count func(rule string, location Location, hits int64)) {
	for location := range s.counts {
		for i, n := range s.counts[location] {
			if n > 0 {
				count(s.r.names[i], Location(location), n)
				s.counts[location][i] = 0
			}
		}
	}
	s.scanner.Forget()
	s.r.sessions.Put(s)
}

// Resource redacts the attributes of a resource.
func (s *Session) Resource(resource pcommon.Resource) {
	s.beginAt(Resource)
	s.attributes(resource.Attributes(), verdict{}, 0)
	s.writeReport(resource.Attributes())
}

// Scope redacts a scope's name and attributes.
func (s *Session) Scope(scope pcommon.InstrumentationScope) {
	s.beginAt(Scope)
	if name, result := s.redact(scope.Name(), nil); result >= replaced {
		scope.SetName(name)
	}
	s.attributes(scope.Attributes(), verdict{}, 0)
	s.writeReport(scope.Attributes())
}

// Record redacts a log record.
func (s *Session) Record(record plog.LogRecord) {
	s.beginAt(Body)
	if !s.cutBody(record) {
		s.value(record.Body(), verdict{}, 0, nil)
	}
	s.place = Attributes
	s.attributes(record.Attributes(), verdict{}, 0)
	s.place = SeverityText
	if text, result := s.redact(record.SeverityText(), nil); result >= replaced {
		record.SetSeverityText(text)
	}
	s.place = EventName
	if name, result := s.redact(record.EventName(), nil); result >= replaced {
		record.SetEventName(name)
	}
	s.writeReport(record.Attributes())
}
