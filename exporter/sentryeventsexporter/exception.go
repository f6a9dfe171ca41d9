package sentryeventsexporter

import (
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

// exception is one of an event
// (develop.sentry.dev/sdk/data-model/event-payloads/exception).
type exception struct {
	Type       string     `json:"type"`
	Value      string     `json:"value"`
	Module     string     `json:"module,omitempty"`
	Mechanism  *mechanism `json:"mechanism"`
	Stacktrace *frames    `json:"stacktrace,omitempty"`
}

type mechanism struct {
	Type    string `json:"type"`
	Handled bool   `json:"handled"`
	// The following are set where an exception group is involved.
	ID       *int   `json:"exception_id,omitempty"`
	ParentID *int   `json:"parent_id,omitempty"`
	IsGroup  bool   `json:"is_exception_group,omitempty"`
	Source   string `json:"source,omitempty"`
}

type frames struct {
	Frames []frame `json:"frames"`
}

type frame struct {
	Filename    string `json:"filename"`
	AbsPath     string `json:"abs_path"`
	Function    string `json:"function,omitempty"`
	Module      string `json:"module,omitempty"`
	Lineno      int    `json:"lineno"`
	ContextLine string `json:"context_line,omitempty"`
	InApp       bool   `json:"in_app"`
}

// maxExceptions is how many are sent: Sentry shows 50.
const maxExceptions = 50

// exceptions returns what a record tells of exceptions, oldest first.
func (s *sender) exceptions(record plog.LogRecord) []exception {
	attribute := func(key string) string {
		if value, ok := record.Attributes().Get(key); ok {
			return value.AsString()
		}
		return ""
	}
	kind, message := attribute(string(semconv.ExceptionTypeKey)), attribute(string(semconv.ExceptionMessageKey))
	last := pytrace.Parse(attribute(string(semconv.ExceptionStacktraceKey)))
	if last == nil {
		if kind == "" {
			return nil
		}
		last = &pytrace.Exception{}
	}
	if last.Type == "" { // cut off, or not printed
		last.Type, last.Value = kind, message
	}
	if last.Type == "" {
		last.Type = "Exception"
	}
	f := flattening{sender: s, grouped: hasGroup(last)}
	f.add(last, -1, "")
	slices.Reverse(f.all)
	return f.all
}

func hasGroup(e *pytrace.Exception) bool {
	for ; e != nil; e = e.Before {
		if len(e.Group) > 0 {
			return true
		}
	}
	return false
}

// flattening makes a list of exceptions of the tree that they are: each comes before
// the ones that led to it.
type flattening struct {
	*sender
	grouped bool
	all     []exception
}

func (f *flattening) add(e *pytrace.Exception, parent int, source string) {
	if len(f.all) >= maxExceptions {
		return
	}
	id := len(f.all)
	m := &mechanism{Type: "logging", Handled: true}
	if f.grouped {
		m.ID, m.Source, m.IsGroup = &id, source, len(e.Group) > 0
		if parent >= 0 {
			m.Type, m.ParentID = "chained", &parent
		}
	}
	x := exception{Type: e.Type, Value: e.Value, Module: e.Module, Mechanism: m}
	if len(e.Frames) > 0 {
		x.Stacktrace = &frames{}
		for _, call := range e.Frames {
			x.Stacktrace.Frames = append(x.Stacktrace.Frames, f.frame(call))
		}
	}
	f.all = append(f.all, x)
	if e.Before != nil {
		source := "__context__"
		if e.Cause {
			source = "__cause__"
		}
		f.add(e.Before, id, source)
	}
	for i, child := range e.Group {
		f.add(child, id, fmt.Sprintf("exceptions[%d]", i))
	}
}

// frame names a frame's file and module as Sentry's SDK does: from where Python has begun to
// look for modules, or below one of the roots, outside of which nothing is the application's.
func (s *sender) frame(call pytrace.Frame) frame {
	f := frame{AbsPath: call.Path, Function: call.Function, Lineno: call.Line, ContextLine: call.Source, InApp: call.Application()}
	if f.InApp && len(s.cfg.ProjectRoots) > 0 {
		call.Path, f.InApp = s.belowRoot(call.Path)
	}
	f.Filename, f.Module = call.File(), call.Module()
	if strings.HasPrefix(f.Module, "<") { // <string>
		f.Module = ""
	}
	if !strings.Contains(f.Module, ".") { // as the SDK names the file of a package: json/__init__.py
		f.Filename = f.Filename[strings.LastIndexAny(f.Filename, `/\`)+1:]
	}
	return f
}

// belowRoot returns the path of a file below the application's root that it is in.
func (s *sender) belowRoot(path string) (below string, ok bool) {
	for _, root := range s.cfg.ProjectRoots {
		rest, found := strings.CutPrefix(path, strings.TrimRight(root, `/\`))
		if found && rest != "" && strings.ContainsRune(`/\`, rune(rest[0])) {
			return rest[1:], true
		}
	}
	return path, false
}
