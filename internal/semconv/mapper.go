package semconv

import (
	"maps"
	"slices"
	"strings"
	"sync"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// Mapper maps records. It may be used by several goroutines at once.
type Mapper struct {
	config Config
	// resource has the names of config.Resource, in an order that stays.
	resource []string
	// moves has the table's rows by their names, and the conventions' names, which are
	// looked for inside of objects.
	moves map[string]*move
	// targets numbers the attributes that something may move to, from 1.
	targets map[string]int
	// objects are the names that others lead through, and says of each whether the table
	// has it.
	objects map[string]bool
	// qualified has the function of the objects that have one.
	qualified map[string]qualified
	templates []template
	// The targets that a part of a value goes to.
	methodOriginal, query, fragment, full, forwarded, port, line int
	// stacktrace is the target from which a frame is read, and frame the one that it has.
	stacktrace, frame int
	walks             sync.Pool
}

// qualified is the function among the members of an object, by its name and row, and
// the name of what goes in front of it.
type qualified struct {
	move         *move
	name, module string
}

// NewMapper returns a mapper.
func NewMapper(config Config) *Mapper {
	m := &Mapper{config: config, resource: slices.Sorted(maps.Keys(config.Resource)), moves: map[string]*move{}, targets: map[string]int{}, objects: map[string]bool{}, qualified: map[string]qualified{}}
	for name, mv := range moves(config.RequestID == RequestIDHeader) {
		m.add(name, mv, true)
	}
	var names map[string]conversion
	names, m.templates = conventions()
	for name, c := range names {
		if m.moves[name] == nil {
			m.add(name, move{target: name, conversion: c}, false)
		}
	}
	for _, t := range m.templates {
		m.lead(t.prefix, false)
	}
	m.methodOriginal = m.target(string(semconv.HTTPRequestMethodOriginalKey))
	m.query, m.fragment, m.full = m.target(string(semconv.URLQueryKey)), m.target(string(semconv.URLFragmentKey)), m.target(string(semconv.URLFullKey))
	m.forwarded, m.port, m.line = m.target(forwardedHeaderKey), m.target(string(semconv.ClientPortKey)), m.target(string(semconv.CodeLineNumberKey))
	m.stacktrace, m.frame = m.target(string(semconv.ExceptionStacktraceKey)), m.target(minaattr.ExceptionFrame)
	m.walks.New = func() any { return m.newWalk() }
	return m
}

// add enters a row.
func (m *Mapper) add(name string, mv move, own bool) {
	if mv.target != "" {
		mv.id = m.target(mv.target)
	}
	m.moves[name] = &mv
	m.lead(name, own)
	if object := parent(name); mv.qualifier != "" && object != "" {
		m.qualified[object] = qualified{&mv, name[len(object)+1:], mv.qualifier[len(object)+1:]}
	}
}

// lead enters the objects that a name may be in: a.b.c is c in a.b, or in b in a.
func (m *Mapper) lead(name string, own bool) {
	for object := parent(name); object != ""; object = parent(object) {
		m.objects[object] = m.objects[object] || own
	}
}

// parent returns the name without its last part, or "".
func parent(name string) string { return name[:max(strings.LastIndexByte(name, '.'), 0)] }

// target returns the number of an attribute that something may move to.
func (m *Mapper) target(name string) int {
	if m.targets[name] == 0 {
		m.targets[name] = len(m.targets) + 1
	}
	return m.targets[name]
}

// Origin is what a record tells of the process that it comes from, which belongs
// to the resource.
type Origin struct {
	Host    string
	PID     int64
	HasPID  bool
	Service string
}
