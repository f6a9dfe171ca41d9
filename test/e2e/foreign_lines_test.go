package e2e

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// expectation is a record as a file beside the lines has it, written by hand. What it
// does not name is absent: the time, the severity, the scope, the ids, and of the
// attributes mina.parse_error and those of an exception. Other attributes may be there.
//
// Of a text that ends in … only the beginning counts, of one that begins with … only
// the end, and of * nothing. A severity is a number, or a choice of them, and a text,
// which may be missing.
type expectation struct {
	Time       string
	Severity   string
	Scope      string
	Body       any
	Trace      string
	Span       string
	Flags      uint32
	Attributes map[string]any
	Resource   map[string]any
	Without    []string
}

// ownAttributes are absent where an expectation does not name them.
var ownAttributes = []string{"mina.parse_error", "mina.cut", "exception.type", "exception.message", "exception.stacktrace", "exception"}

// TestLinesOfOtherApplications reads what other applications, servers and container
// runtimes write, each file of testdata/foreign_lines beside the records that a user
// expects of it.
func TestLinesOfOtherApplications(t *testing.T) {
	t.Parallel()
	const folder = "testdata/foreign_lines"
	paths, err := filepath.Glob(folder + "/*.yaml")
	require.NoError(t, err)
	expected := map[string][]expectation{}
	dir := t.TempDir()
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".yaml")
		expected[name] = readExpectations(t, path)
		lines, err := os.ReadFile(filepath.Join(folder, name+".log"))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".log"), lines, 0o600))
	}
	found := readAll(t, dir)
	for name, want := range expected {
		t.Run(name, func(t *testing.T) {
			if problems := compareRecords(want, found[name+".log"]); len(problems) > 0 {
				t.Error(strings.Join(problems, "\n"))
			}
		})
	}
}

func readExpectations(t *testing.T, path string) (all []expectation) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(&all), path)
	return all
}

// readAll reads the files of a folder to their end, and returns the records by file.
func readAll(t *testing.T, dir string, overrides ...string) map[string][]taken {
	t.Helper()
	e := newEndpoint(t)
	settings := program.OTLP(t.TempDir(), dir+"/*.log", e.URL, "acknowledged")
	settings.Overrides = append([]string{"receivers::mina::file::flush_after: 20ms", "receivers::mina::file::poll_interval: 50ms"}, overrides...)
	metrics := scraped(t, &settings)
	c := startCollector(t, settings)
	eventually(t, func() bool {
		backlog, found := metrics().of("otelcol_receiver_mina_backlog_bytes")
		return found && backlog == 0 && len(e.records()) > 0
	}, "every file is read to its end")
	c.Stop()
	found := map[string][]taken{}
	for _, record := range e.records() {
		name, _ := record.attributes["log.file.name"].(string)
		found[name] = append(found[name], record)
	}
	return found
}

// compareRecords says in what the records of a file are not those that are expected. Of
// a container's two streams each has an order of its own.
func compareRecords(want []expectation, got []taken) (problems []string) {
	slices.SortFunc(got, func(a, b taken) int { return cmp.Compare(a.ObservedTimestamp(), b.ObservedTimestamp()) })
	stream := func(attributes map[string]any) string {
		name, _ := attributes["log.iostream"].(string)
		return name
	}
	slices.SortStableFunc(got, func(a, b taken) int { return cmp.Compare(stream(a.attributes), stream(b.attributes)) })
	slices.SortStableFunc(want, func(a, b expectation) int { return cmp.Compare(stream(a.Attributes), stream(b.Attributes)) })
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(got):
			problems = append(problems, fmt.Sprintf("record %d is missing: %v", i+1, want[i].Body))
		case i >= len(want):
			problems = append(problems, fmt.Sprintf("record %d is not expected: %s", i+1, got[i].Body().AsString()))
		default:
			for _, problem := range want[i].compare(got[i]) {
				problems = append(problems, fmt.Sprintf("record %d (%v): %s", i+1, want[i].Body, problem))
			}
		}
	}
	return problems
}

func (x *expectation) compare(r taken) (problems []string) {
	check := func(name string, want, got any) {
		if !isAsExpected(want, got) {
			problems = append(problems, fmt.Sprintf("%s: want %#v, got %#v", name, want, got))
		}
	}
	check("time", x.Time, timeOf(r))
	number, text, hasText := strings.Cut(x.Severity, " ")
	if !isInRange(number, int(r.SeverityNumber())) {
		problems = append(problems, fmt.Sprintf("severity: want %s, got %d %s", x.Severity, r.SeverityNumber(), r.SeverityText()))
	}
	if hasText || x.Severity == "" {
		check("severity's text", text, r.SeverityText())
	}
	check("scope", x.Scope, r.scope)
	check("body", x.Body, r.Body().AsRaw())
	check("trace", x.Trace, r.TraceID().String())
	check("span", x.Span, r.SpanID().String())
	check("flags", int(x.Flags), int(r.Flags()))
	for _, name := range ownAttributes {
		if _, named := x.Attributes[name]; !named {
			check(name, nil, r.attributes[name])
		}
	}
	for _, name := range x.Without {
		check(name, nil, r.attributes[name])
	}
	for _, name := range slices.Sorted(maps.Keys(x.Attributes)) {
		check(name, x.Attributes[name], r.attributes[name])
	}
	for _, name := range slices.Sorted(maps.Keys(x.Resource)) {
		check("resource's "+name, x.Resource[name], r.resource[name])
	}
	return problems
}

func timeOf(r taken) string {
	if r.Timestamp() == 0 {
		return ""
	}
	return r.Timestamp().AsTime().Format(time.RFC3339Nano)
}

// isInRange reports whether a number is one of those that a text says: 21..24|0.
func isInRange(want string, got int) bool {
	for choice := range strings.SplitSeq(want, "|") {
		from, to, isRange := strings.Cut(choice, "..")
		if !isRange {
			to = from
		}
		least, _ := strconv.Atoi(from)
		most, _ := strconv.Atoi(to)
		if least <= got && got <= most {
			return true
		}
	}
	return false
}

func isAsExpected(want, got any) bool {
	text, isText := want.(string)
	if !isText {
		return fmt.Sprintf("%#v", widened(want)) == fmt.Sprintf("%#v", widened(got))
	}
	found, _ := got.(string)
	begin, isBegin := strings.CutSuffix(text, "…")
	end, isEnd := strings.CutPrefix(text, "…")
	switch {
	case text == "*":
		return true
	case isBegin:
		return strings.HasPrefix(found, begin)
	case isEnd:
		return strings.HasSuffix(found, end)
	}
	return got == want
}

// widened makes every integer an int64, as OTLP has them.
func widened(value any) any {
	switch v := value.(type) {
	case int:
		return int64(v)
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = widened(v[i])
		}
		return all
	case map[string]any:
		all := make(map[string]any, len(v))
		for key := range v {
			all[key] = widened(v[key])
		}
		return all
	}
	return value
}
