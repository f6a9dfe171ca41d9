package minalog

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/pyformat"
)

// layout is how the lines of text records are printed.
type layout struct {
	*pyformat.Layout
	format Format
	// logger is the one whose lines these are.
	logger []byte
	// levels is the kind of levels that it has.
	levels pyformat.Levels
	// plausible says that what stands in the logger's place may be something else, such
	// as the message's first word where the message follows.
	plausible bool
	// anyLogger says that it never is.
	anyLogger bool
	// attributes is how many of its fields become one.
	attributes int
	// pairs says that attributes are printed behind the message, as structlog does.
	pairs bool
}

// family is a group of layouts that the README's table has in one row.
type family struct {
	name    string
	example string
	formats []string
	layout
}

// families are the layouts that are read by themselves. Of two that fit a line the one
// that stands first is taken.
var families = []family{
	{name: "Mina", example: "2025-10-01 16:12:05,785 INFO app: Booting", formats: []string{
		"%(asctime)s %(levelname)-8s %(name)s: %(message)s",
	}, layout: layout{levels: customLevels}},
	{name: "logger's place", example: "2025-10-01 16:12:05,785 ERROR app.views:41: no such meeting", formats: []string{
		"%(asctime)s %(levelname)-8s %(name)s:%(lineno)d: %(message)s",
		"%(asctime)s %(levelname)-8s %(name)s:%(lineno)d - %(message)s",
		"%(asctime)s %(levelname)-8s %(name)s:%(funcName)s:%(lineno)d: %(message)s",
		"%(asctime)s %(levelname)-8s %(name)s:%(funcName)s:%(lineno)d - %(message)s",
		"%(asctime)s [%(levelname)-8s] %(name)s:%(lineno)d: %(message)s",
		"%(asctime)s [%(levelname)-8s] %(name)s:%(lineno)d - %(message)s",
		"%(asctime)s [%(levelname)-8s] %(name)s:%(funcName)s:%(lineno)d: %(message)s",
		"%(asctime)s [%(levelname)-8s] %(name)s:%(funcName)s:%(lineno)d - %(message)s",
	}},
	{name: "OpenTelemetry", example: "2025-10-01 16:12:05,785 INFO [app] [pay.py:41] [trace_id=4bf92f3577b34da6a3ce929d0e0e4736 " +
		"span_id=00f067aa0ba902b7 resource.service.name=mina trace_sampled=True] - Paid", formats: []string{
		"%(asctime)s %(levelname)s [%(name)s] [%(filename)s:%(lineno)d] [trace_id=%(otelTraceID)s span_id=%(otelSpanID)s " +
			"resource.service.name=%(otelServiceName)s trace_sampled=%(otelTraceSampled)s] - %(message)s",
		"%(asctime)s %(levelname)s [%(name)s] [%(filename)s:%(lineno)d] [trace_id=%(otelTraceID)s span_id=%(otelSpanID)s " +
			"resource.service.name=%(otelServiceName)s] - %(message)s",
	}},
	{name: "structlog", example: "2025-10-01 16:12:05 [info     ] meeting ended                  [app] meeting_id=7 words=812", formats: []string{
		"%(asctime)s [%(levelname)-8s ] %(message)s",
	}, layout: layout{levels: lowerLevels, pairs: true}},
	{name: "level in brackets", example: "2025-10-01 16:12:05,785 [ERROR] app: Disk is full", formats: []string{
		"%(asctime)s [%(levelname)-8s] %(name)s: %(message)s",
		"%(asctime)s [%(levelname)-8s] [%(name)s] %(message)s",
		"%(asctime)s [%(levelname)-8s] %(name)s - %(message)s",
		"%(asctime)s [%(levelname)-8s]: %(message)s",
		"%(asctime)s [%(levelname)-8s] %(message)s",
	}, layout: layout{levels: anyCase}},
	{name: "process in brackets", example: "2025-10-01 16:12:06.785 UTC [31] ERROR:  duplicate key value", formats: []string{
		"%(asctime)s [%(process)d] %(levelprefix)s %(message)s",
		"%(asctime)s [%(process)d] %(levelname)-8s %(name)s: %(message)s",
		"%(asctime)s [%(process)d] [%(levelname)-8s] %(name)s: %(message)s",
		"%(asctime)s [%(process)d] [%(levelname)-8s] %(message)s",
		"%(asctime)s [%(process)d] %(levelname)-8s %(message)s",
	}, layout: layout{levels: customLevels}},
	{name: "logger in brackets", example: "2025-10-01 16:12:05,785 INFO  [app.pay] Payment done", formats: []string{
		"%(asctime)s %(levelname)-8s [%(name)s] %(message)s",
		"%(asctime)s %(levelname)-8s [%(name)s:%(lineno)s] %(message)s",
		"%(asctime)s %(levelname)-8s [%(name)s:%(lineno)s][%(threadName)s] %(message)s",
		"%(asctime)s %(levelname)-8s (%(threadName)s) [%(name)s] %(message)s",
		"%(asctime)s [%(name)s] %(levelprefix)s %(message)s",
		"%(asctime)s [%(name)s] [%(levelname)-8s] %(message)s",
		"%(asctime)s [%(name)s] %(levelname)-8s %(message)s",
	}, layout: layout{plausible: true}},
	{name: "thread in brackets", example: "2025-10-01 16:12:05,785 [MainThread] [INFO ]  Booting", formats: []string{
		"%(asctime)s [%(threadName)-12s] [%(levelname)-8s] %(name)s: %(message)s",
		"%(asctime)s [%(threadName)-12s] [%(levelname)-8s] %(message)1s",
		"%(asctime)s [%(threadName)-12s] %(levelname)-8s %(name)s: %(message)s",
		"%(asctime)s [%(threadName)-12s] %(levelname)-8s %(name)s - %(message)s",
		"%(asctime)s [%(threadName)-12s] %(levelname)-8s %(message)s",
	}},
	{name: "dashes", example: "2025-10-01 16:12:05,785 - app - ERROR - Disk is full", formats: []string{
		"%(asctime)s - %(name)-1s - %(levelname)-8s - %(message)s",
		"%(asctime)s - %(name)-1s - [%(levelname)-8s] - %(message)s",
		"%(asctime)s - %(process)d - %(levelname)-8s - %(message)s",
		"%(asctime)s - %(levelname)-8s - %(name)s - %(message)s",
		"%(asctime)s - %(levelname)-8s - %(message)s",
		"%(asctime)s - [%(levelname)-8s] - %(message)s",
		"%(asctime)s - %(levelname)-8s: %(message)s",
	}, layout: layout{levels: anyCase}},
	{name: "loguru", example: "2025-10-01 16:12:05.785 | ERROR    | app.pay:pay:41 - Payment failed", formats: []string{
		"%(asctime)s | %(levelname)-8s | %(name)s:%(funcName)s:%(lineno)d - %(message)s",
		"%(asctime)s | %(levelname)-8s | %(name)s | %(message)s",
		"%(asctime)s | %(levelname)-8s | %(name)s: %(message)s",
		"%(asctime)s | %(levelname)-8s | %(message)s",
		"%(asctime)s | %(name)-1s | %(levelname)-8s | %(message)s",
	}, layout: layout{levels: configured}},
	{name: "place behind the message", example: "2025-10-01 16:12:05,785 ERROR: Payment failed [in /srv/mina/app.py:41]", formats: []string{
		"%(asctime)s %(levelprefix)s %(message)s [in %(pathname)s:%(lineno)d]",
		"[%(asctime)s] %(levelprefix)s %(message)s [in %(pathname)s:%(lineno)d]",
	}},
	{name: "colons", example: "2025-10-01 16:12:05,785:ERROR:app:Disk is full", formats: []string{
		"%(asctime)s:%(levelname)s:%(name)s:%(message)s",
		"%(asctime)s:%(name)s:%(levelname)s:%(message)s",
		"%(asctime)s:%(levelname)s:%(message)s",
		"%(asctime)s: %(levelname)s: %(name)s: %(message)s",
		"%(asctime)s: %(levelname)s: %(message)s",
		"%(asctime)s %(levelname)s:%(name)s:%(message)s",
		"%(asctime)s %(levelname)s:%(message)s",
	}},
	{name: "no logger", example: "2025-10-01 16:12:05,785 ERROR Could not reach the database", formats: []string{
		"%(asctime)s %(levelname)-8s - %(message)s",
		"%(asctime)s %(levelname)-8s %(message)s",
	}},
	{name: "gunicorn", example: "[2025-10-01 16:12:05 +0000] [10177] [INFO] Booting worker with pid: 10177", formats: []string{
		"[%(asctime)s] [%(process)d] [%(levelname)s] %(message)s",
	}, layout: layout{format: FormatOfGunicorn, levels: configured, logger: []byte("gunicorn.error")}},
	{name: "Flask", example: "[2025-10-01 16:12:05,900] ERROR in app: Exception on /api/pay [POST]", formats: []string{
		"[%(asctime)s] %(levelname)s in %(module)s: %(message)s",
	}, layout: layout{levels: customLevels}},
	{name: "time in brackets", example: "[2025-10-01 16:12:05,785] [INFO] app: Booting", formats: []string{
		"[%(asctime)s] [%(levelname)-8s] %(name)s: %(message)s",
		"[%(asctime)s] [%(levelname)-8s] [%(name)s] %(message)s",
		"[%(asctime)s] [%(name)s] [%(levelname)-8s] %(message)s",
		"[%(asctime)s] [%(levelname)-8s] %(message)s",
		"[%(asctime)s] %(levelname)-8s [%(name)s] %(message)s",
		"[%(asctime)s] %(levelname)-8s [%(name)s:%(lineno)s] %(message)s",
		"[%(asctime)s] %(levelname)-8s %(name)s: %(message)s",
		"[%(asctime)s] %(levelname)-8s - %(message)s",
		"[%(asctime)s] %(levelname)-8s %(message)s",
		"[%(asctime)s] {%(filename)s:%(lineno)d} %(levelname)-8s - %(message)s",
	}, layout: layout{plausible: true}},
	{name: "Celery", example: "[2025-10-01 16:12:05,785: INFO/MainProcess] Task tasks.transcribe[0f8fad5b] received", formats: []string{
		"[%(asctime)s: %(levelname)s/%(processName)s] %(task_name)s[%(task_id)s]: %(message)s",
		"[%(asctime)s: %(levelname)s/%(processName)s] %(message)s",
		"[%(asctime)s: %(levelname)s] %(message)s",
	}, layout: layout{levels: customLevels}},
	{name: "Uvicorn", example: "INFO:     Started server process [10177]", formats: []string{
		"%(levelprefix)s %(message)s",
	}},
	{name: "logging.basicConfig", example: "ERROR:app.pay:Payment failed", formats: []string{
		"%(levelname)s:%(name)s:%(message)s",
		"%(levelname)s:%(message)s",
	}},
	{name: "level first", example: "INFO  [alembic.runtime.migration] Context impl PostgresqlImpl.", formats: []string{
		"%(levelname)-8s [%(name)s] %(message)s",
		"%(levelname)-8s %(asctime)s %(name)s: %(message)s",
		"%(levelname)-8s %(asctime)s %(module)s %(process)d %(thread)d %(message)s",
		"%(levelname)-8s %(asctime)s %(message)s",
		"%(levelname)-8s %(name)s: %(message)s",
		"%(levelname)-8s - %(message)s",
		"[%(levelname)s]\t%(asctime)s\t%(aws_request_id)s\t%(message)s",
		"[%(levelname)-8s] %(asctime)s %(message)s",
		"[%(levelname)-8s] %(name)s: %(message)s",
		"[%(levelname)-8s] %(message)s",
	}},
	{name: "level's initial", example: "I1001 16:12:05.785000 12345 file.py:41] Booting", formats: []string{
		"%(levelname)-1.1s%(asctime)s %(process)7d %(filename)s:%(lineno)d] %(message)s",
		"[%(levelname)-1.1s %(asctime)s %(module)s:%(lineno)d] %(message)s",
		"[%(levelname)-1.1s %(asctime)s %(name)s] %(message)s",
	}, layout: layout{levels: initials, anyLogger: true}},
}

// layouts are tried in turn.
type layouts struct {
	list     []*layout
	compiled pyformat.Layouts
}

func (s *layouts) add(l *layout) {
	if l.format == 0 {
		l.format = FormatOfText
	}
	at := slices.IndexFunc(l.Fields, func(f pyformat.Field) bool { return f.Term == pyformat.Name })
	l.plausible = at >= 0 && (l.plausible || l.Fields[at].BeforeMessage && !l.anyLogger)
	for _, field := range l.Fields {
		if field.Term == pyformat.Extra || attributeNames[field.Term] != "" {
			l.attributes++
		}
	}
	s.list = append(s.list, l)
	s.compiled.Add(l.Layout)
}

// compileLayouts compiles the layouts that are configured.
func compileLayouts(formats []string) (s layouts, err error) {
	for i, format := range formats {
		compiled, err := pyformat.Compile(format, configured)
		if err != nil {
			return s, fmt.Errorf("text::layouts::%d: the format %q: %w", i, format, err)
		}
		s.add(&layout{Layout: compiled, anyLogger: !endsInColon(compiled.Fields)})
	}
	return s, nil
}

// endsInColon reports whether a colon ends the logger's name, as it may end a word.
func endsInColon(fields []pyformat.Field) bool {
	for _, field := range fields {
		if field.Term == pyformat.Name {
			return strings.HasPrefix(field.Behind, ":")
		}
	}
	return false
}

// builtins are the layouts that are read by themselves.
var builtins = compileFamilies()

// layoutIndex finds the layouts that a line may have.
type layoutIndex struct {
	// dated and bracketed begin with a time, or with one in brackets, and are found by
	// what follows that; see keyOf.
	dated, bracketed [1 << 8]layouts
	// others are found by their first byte.
	others [1 << 8]layouts
}

func compileFamilies() *layoutIndex {
	var index layoutIndex
	for i := range families {
		f := &families[i]
		for _, format := range f.formats {
			compiled, err := pyformat.Compile(format, f.levels)
			if err != nil {
				panic(fmt.Sprintf("layout %q %v", format, err))
			}
			l := f.layout
			l.Layout = compiled
			index.at(format).add(&l)
		}
	}
	return &index
}

const timeField = "%(asctime)s"

func (x *layoutIndex) at(format string) *layouts {
	if rest, ok := strings.CutPrefix(format, timeField); ok {
		return &x.dated[keyOfFormat(rest)]
	}
	if rest, ok := strings.CutPrefix(format, "["+timeField); ok {
		return &x.bracketed[keyOfFormat(rest)]
	}
	return &x.others[keyOfFormat(format)]
}

// keyOfFormat is the key of the lines that a format prints.
func keyOfFormat(format string) byte {
	format = strings.TrimLeft(format, keyless)
	switch {
	case strings.HasPrefix(format, "%(process)"):
		return '0'
	case strings.HasPrefix(format, "%"):
		return 'a'
	}
	return format[0]
}

// keyless are the bytes that say nothing of a layout.
const keyless = " ]:"

// keyOf returns the first byte of a text that says something of its layout, "a" for
// every letter and "0" for every digit.
func keyOf(text []byte) byte {
	for _, c := range text {
		switch {
		case strings.IndexByte(keyless, c) >= 0:
			continue
		case isLetter(c) || c == '_' || c >= 0x80:
			return 'a'
		case isDigit(c):
			return '0'
		}
		return c
	}
	return 0
}

// candidates returns the layouts that a line may have.
func (x *layoutIndex) candidates(line []byte, r *headReader) *layouts {
	if len(line) == 0 {
		return &x.others[0]
	}
	inner, dated := line, &x.dated
	if line[0] == '[' {
		inner, dated = line[1:], &x.bracketed
	}
	if _, n := r.Time(inner); n > 0 {
		return &dated[keyOf(inner[n:])]
	}
	if at := endOfClock(inner); at > 0 {
		at += max(0, bytes.IndexAny(inner[at:], " ]:-|"))
		return &dated[keyOf(inner[at:])]
	}
	switch isInitial := len(line) > 1 && isDigit(line[1]); {
	case line[0] == '[' || line[0] == ' ':
		return &x.others[line[0]]
	case isLetter(line[0]) && !isInitial && r.Level(line, configured) == 0:
		return &x.others[0] // which none has: what begins with a word begins with a level
	}
	return &x.others[keyOf(line)]
}

// endOfClock returns where the time of day ends that a text begins with, also behind a
// date of which nobody knows the order, or 0.
func endOfClock(text []byte) int {
	const length = len("16:12:05")
	clock := behindUnreadDate(text)
	if !isClock(clock[:min(len(clock), length)]) {
		return 0
	}
	return len(text) - len(clock) + length
}

// behindUnreadDate cuts a date in numbers that does not begin with a year, or that has
// other signs than ISO 8601 has between them. Any other would have been read.
func behindUnreadDate(text []byte) []byte {
	at := 0
	for at < len(text) && (isDigit(text[at]) || strings.IndexByte("/.-", text[at]) >= 0 || text[at] >= 0x80) {
		at++
	}
	beginsWithYear := at > 4 && text[4] < 0x80 && isDecimal(text[:4])
	if at < len("1/2/25") || !isDigit(text[0]) || beginsWithYear {
		return text
	}
	if clock, found := bytes.CutPrefix(bytes.TrimPrefix(text[at:], []byte(",")), []byte(" ")); found {
		return clock
	}
	return text
}

// isClock reports whether a text is a time of day.
func isClock(text []byte) bool {
	return len(text) == len("16:12:05") && text[2] == ':' && text[5] == ':' && isDigit(text[0]) && isDigit(text[1])
}
