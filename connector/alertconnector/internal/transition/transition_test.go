package transition

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/goleak"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var began = time.Date(2026, 11, 26, 13, 0, 5, 123456789, time.UTC)

// failedLogin returns a record of the application as the processor leaves it.
func failedLogin() *field.Source {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.SetSchemaUrl("https://opentelemetry.io/schemas/1.40.0")
	resource.Resource().Attributes().PutStr("service.name", "mina")
	resource.Resource().Attributes().PutInt("process.pid", 4711)
	scope := resource.ScopeLogs().AppendEmpty()
	scope.Scope().SetName("app.auth")
	record := scope.LogRecords().AppendEmpty()
	record.SetTimestamp(pcommon.NewTimestampFromTime(began))
	record.SetSeverityNumber(plog.SeverityNumberWarn)
	record.SetSeverityText("WARNING")
	record.Body().SetStr("Login failed for user 42")
	record.Attributes().PutStr("client.address", "203.0.113.9")
	record.Attributes().PutInt("processing_time_ms", 6000)
	record.Attributes().PutEmptyMap("user").PutStr("name", "eve")
	return &field.Source{Resource: resource, Scope: scope, Record: record}
}

func failedLogins(example *field.Source) Moment {
	return Moment{
		Fingerprint: 0xab12,
		At:          began,
		Value:       6,
		Group:       []Label{{"client.address", "203.0.113.9"}},
		First:       began.Add(-40 * time.Second),
		Last:        began,
		Example:     example,
	}
}

var byAddress = Facts{Kind: "count", GroupBy: []string{"client.address"}, Window: time.Minute, Threshold: 5}

func written(tb testing.TB, cfg Config, facts Facts) *Writer {
	tb.Helper()
	w, err := Parse("FailedLogins", cfg, nil, facts)
	require.NoError(tb, err)
	return w
}

// TestRecordsOfTransitions compares with testdata; MINA_UPDATE_GOLDEN=1 writes them anew.
func TestRecordsOfTransitions(t *testing.T) {
	security := Config{
		Severity: "critical",
		Labels:   map[string]string{"team": "security", "service": "{{ .Name }} of {{ group \"client.address\" }}"},
		Annotations: map[string]string{
			"summary":     `{{ .Value }} failed logins from {{ group "client.address" }} within {{ .Window }}`,
			"description": `More than {{ .Threshold }} from {{ .First }} to {{ .Last }}, at last: {{ .Example.Body }} ({{ example "processing_time_ms" }} ms, {{ example "user.name" }}).`,
		},
		RunbookURL: "https://wiki.example/{{ .Name }}",
		Search:     `"Login failed" or "Password wrong"`,
	}
	for name, c := range map[string]struct {
		cfg      Config
		external map[string]string
		facts    Facts
		moment   Moment
	}{
		"everything": {security, map[string]string{"cluster": "eu", "team": "nobody"}, byAddress, failedLogins(failedLogin())},
		"nothing":    {Config{}, nil, Facts{Window: 5 * time.Minute, Threshold: 10}, Moment{Fingerprint: 1, At: began, Value: 11, Last: began}},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := Parse("FailedLogins", c.cfg, c.external, c.facts)
			require.NoError(t, err)
			firing := w.Firing(c.moment)
			before := plog.NewLogs()
			firing.CopyTo(before)
			resolved := Resolved(firing, began.Add(10*time.Minute), 0)
			assert.NoError(t, plogtest.CompareLogs(before, firing), "the firing one stays as it is")
			compare(t, name+"_firing.yaml", firing)
			compare(t, name+"_resolved.yaml", resolved)
		})
	}
}

func compare(t *testing.T, file string, logs plog.Logs) {
	t.Helper()
	path := filepath.Join("testdata", file)
	s, ok := field.First(logs)
	require.True(t, ok)
	s.Record.SetObservedTimestamp(0)
	if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
		require.NoError(t, golden.WriteLogsToFile(path, logs))
	}
	want, err := golden.ReadLogs(path)
	require.NoError(t, err)
	require.NoError(t, plogtest.CompareLogs(want, logs))
}

func TestObservedWhenTheyAreWritten(t *testing.T) {
	before := time.Now()
	firing := written(t, Config{}, byAddress).Firing(failedLogins(nil))
	for _, logs := range []plog.Logs{firing, Resolved(firing, began, 0)} {
		s, ok := field.First(logs)
		require.True(t, ok)
		assert.WithinRange(t, s.Record.ObservedTimestamp().AsTime(), before, time.Now())
	}
}

func attribute(t *testing.T, logs plog.Logs, name string) string {
	t.Helper()
	s, ok := field.First(logs)
	require.True(t, ok)
	value, _ := s.Record.Attributes().Get(name)
	return value.AsString()
}

func TestTemplates(t *testing.T) {
	for template, want := range map[string]string{
		``:                                        "",
		`plain`:                                   "plain",
		`{{ .Value }}/{{ .Threshold }}`:           "6/5",
		`{{ printf "%.1f" .Value }}`:              "6.0",
		`{{ if gt .Value 5.0 }}many{{ end }}`:     "many",
		`{{ .Name }} {{ .Severity }}`:             "FailedLogins warning",
		`{{ .Window }} {{ .Group }}`:              "1m client.address=203.0.113.9",
		`{{ .First }} {{ .Last }}`:                "2026-11-26T12:59:25Z 2026-11-26T13:00:05Z",
		`{{ .Last.Format "15:04" }}`:              "13:00",
		`{{ group "client.address" | print }}`:    "203.0.113.9",
		`{{ .Example.Body }}`:                     "Login failed for user 42",
		`{{ .Example.Time }}`:                     "2026-11-26T13:00:05Z",
		`{{ with .Example }}{{ .Scope }}{{end}}`:  "app.auth",
		`{{ .Example.Severity }}`:                 "WARNING",
		`{{ example "processing_time_ms" }}`:      "6000",
		`{{ example "user.name" }}`:               "eve",
		`{{ example "absent" }}.`:                 ".",
		`{{ example "service.name" }}`:            "mina",
		`{{ $x := .Value }}{{ $x }} {{ $.Name }}`: "6 FailedLogins",
		`{{/* silent */}}`:                        "",
		`{{ urlquery "a b" }}{{ html "<" }}{{ js "'" }}{{ println "x" }}`:                           "a+b&lt;\\'x\n",
		`{{ printf "%500d" 1 }}{{ printf "%500d" 1 }}{{ printf "%500d" 1 }}`:                        strings.Repeat(" ", 499) + "1" + strings.Repeat(" ", 499) + "1" + strings.Repeat(" ", 9) + "… [truncated]",
		`{{ $x := "0123456789" }}` + strings.Repeat(`{{ $x = print $x $x }}`, 100) + `{{ len $x }}`: "1024",
		`{{ "\\" ` + strings.Repeat(`| js `, 100) + `| len }}`:                                      "1024",
	} {
		t.Run(template, func(t *testing.T) {
			w := written(t, Config{Annotations: map[string]string{"a": template}}, byAddress)
			assert.Equal(t, want, attribute(t, w.Firing(failedLogins(failedLogin())), "alert.annotations.a"))
		})
	}
}

func TestNumbersSpansAndInstants(t *testing.T) {
	for want, value := range map[string]interface{ String() string }{
		"6": number(6), "6.5": number(6.5), "12345678": number(12345678), "0.1": number(0.1), "10000000000000000000000": number(1e22),
		"1m": span(time.Minute), "1h": span(time.Hour), "1h1m": span(61 * time.Minute), "1m30s": span(90 * time.Second), "0s": span(0), "10s": span(10 * time.Second),
		"1h0m5s": span(time.Hour + 5*time.Second), "100ms": span(100 * time.Millisecond),
		"never": instant{}, "1970-01-01T00:00:01Z": instant{time.Unix(1, 0)},
	} {
		assert.Equal(t, want, value.String())
	}
}

func TestBodies(t *testing.T) {
	group := []Label{{"client.address", "203.0.113.9"}}
	for want, c := range map[string]struct {
		cfg    Config
		facts  Facts
		moment Moment
	}{
		"FIRING FailedLogins (client.address=203.0.113.9): 6 in 1m": {facts: byAddress, moment: Moment{Value: 6, Group: group}},
		"FIRING FailedLogins: 11 in 5m":                             {facts: Facts{Kind: "count", Window: 5 * time.Minute}, moment: Moment{Value: 11}},
		"FIRING FailedLogins: 3 in a row":                           {facts: Facts{Kind: "consecutive"}, moment: Moment{Value: 3}},
		"FIRING FailedLogins: none for 10m5s":                       {facts: Facts{Kind: "absence"}, moment: Moment{Value: 605.2}},
		"FIRING FailedLogins: 4 different user.id in 1h":            {facts: Facts{Kind: "distinct", Attribute: "user.id", Window: time.Hour}, moment: Moment{Value: 4}},
		"FIRING FailedLogins: look here":                            {cfg: Config{Annotations: map[string]string{"summary": "look\n here"}}},
		"FIRING FailedLogins: red [31m alert":                       {cfg: Config{Annotations: map[string]string{"summary": "red \x1b[31m\x00 alert\u009b"}}},
		"FIRING FailedLogins: 0 in 2s":                              {facts: Facts{Window: 2 * time.Second}, moment: Moment{Group: []Label{{"a", ""}}}},
		"FIRING FailedLogins: 0 in 0s":                              {cfg: Config{Annotations: map[string]string{"summary": "{{ if gt .Value 5.0 }}many{{ end }}"}}},
		`FIRING FailedLogins (b="x\ny"): 0 in 0s`:                   {moment: Moment{Group: []Label{{"a", ""}, {"b", "x\ny"}}}},
	} {
		t.Run(want, func(t *testing.T) {
			s, _ := field.First(written(t, c.cfg, c.facts).Firing(c.moment))
			assert.Equal(t, want, s.Record.Body().Str())
			s, _ = field.First(Resolved(written(t, c.cfg, c.facts).Firing(c.moment), began, 0))
			assert.Equal(t, strings.Replace(want, "FIRING", "RESOLVED", 1), s.Record.Body().Str())
		})
	}
}

func TestWhatARuleCannotSay(t *testing.T) {
	annotation := func(text string) Config { return Config{Annotations: map[string]string{"summary": text}} }
	for want, cfg := range map[string]Config{
		`severity must be critical, error, warning or info (got "fatal")`:                               {Severity: "fatal"},
		`labels::severity cannot be given: use the key severity of the rule`:                            {Labels: map[string]string{"severity": "x"}},
		`labels::alertname cannot be given: it is the name of the rule`:                                 {Labels: map[string]string{"alertname": "x"}},
		`labels::client.address cannot be given: group_by makes a label of that name`:                   {Labels: map[string]string{"client.address": "x"}},
		`labels::team: there is no field "Value"; there are Group, Name, Severity, Threshold, Window`:   {Labels: map[string]string{"team": "{{ .Value }}"}},
		`labels::team: 1: function "example" not defined`:                                               {Labels: map[string]string{"team": `{{ example "x" }}`}},
		`annotations::runbook_url cannot be given beside the key runbook_url of the rule`:               {RunbookURL: "a", Annotations: map[string]string{"runbook_url": "b"}},
		`runbook_url: there is no field "Nam"; did you mean "Name"?`:                                    {RunbookURL: "{{ .Nam }}"},
		`search: must be a filter without pipes (|)`:                                                    {Search: "error | fields a"},
		`search: must be a filter without comments (#)`:                                                 {Search: "error # or so"},
		`search: must be a single filter (;)`:                                                           {Search: "error; fatal"},
		`search: has a text without its end (")`:                                                        {Search: `"error`},
		"search: has a text without its end (`)":                                                        {Search: "\"a`b\" `error"},
		`search: must be 1024 bytes at most (got 1025)`:                                                 {Search: strings.Repeat("x", 1025)},
		`annotations::summary: there is no field "Valu"; did you mean "Value"?`:                         annotation("{{ .Valu }}"),
		`annotations::summary: there is no field "Vale"; did you mean "Value"?`:                         annotation("{{ if eq .Name `x` }}{{ .Vale }}{{ end }}"),
		`annotations::summary: there is no field "Valu2"; did you mean "Value"?`:                        annotation("{{ with .Example }}{{ $.Valu2 }}{{ end }}"),
		`annotations::summary: there is no field "Bod"; did you mean "Body"?`:                           annotation("{{ .Example.Bod }}"),
		`annotations::summary: there is no field "Bo"; there are Body, Scope, Severity, Time`:           annotation("{{ with .Example }}{{ if .Scope }}{{ .Bo }}{{ end }}{{ end }}"),
		`annotations::summary: there is no field "at"; there are Format, String`:                        annotation("{{ .Last.at }}"),
		`annotations::summary: there is no field "X"; there are `:                                       annotation("{{ .Name.X }}"),
		`annotations::summary: group "user.id": group_by has [client.address]`:                          annotation(`{{ group "user.id" }}`),
		`annotations::summary: group "other": group_by has [client.address]`:                            annotation(`{{ if eq .Name "x" }}{{ group "other" }}{{ end }}`),
		`annotations::summary: 1: unexpected "}" in operand`:                                            annotation("{{ . }"),
		`annotations::summary: 1: function "grup" not defined`:                                          annotation("{{ grup }}"),
		`annotations::summary: 1: unclosed action`:                                                      annotation("{{ .Value"),
		`annotations::summary: range is not possible here: there is nothing of which there are several`: annotation("{{ range 1000000000000 }}{{ end }}"),
		`annotations::summary: define is not possible here`:                                             annotation(`{{ define "a" }}x{{ template "a" }}{{ end }}`),
		`annotations::summary: template "a" is not possible here`:                                       annotation(`{{ template "a" }}`),
		`annotations::summary: must be 4096 bytes at most (got 5000)`:                                   annotation(strings.Repeat("x", 5000)),
		`widths and precisions may have 3 digits at most`:                                               annotation(`{{ printf "%1000000d" 1 }}`),
		`printf "%*d": widths`:                             annotation(`{{ printf "%*d" 1000000 1 }}`),
		`a layout may have 64 characters at most (got 65)`: annotation("{{ .Last.Format `" + strings.Repeat("1", 65) + "` }}"),
		`error calling slice: index out of range: 80`:      annotation("{{ slice .Example.Body 0 80 }}"),
	} {
		t.Run(want, func(t *testing.T) {
			_, err := Parse("FailedLogins", cfg, nil, byAddress)
			require.ErrorContains(t, err, want)
			assert.NotContains(t, err.Error(), "\n")
			t.Log(err)
		})
	}
}

func TestATextThatFailsLaterSaysSo(t *testing.T) {
	w := written(t, Config{Annotations: map[string]string{"a": `{{ if eq .Value 6.0 }}{{ slice .Example.Body 0 80 }}{{ end }}`}}, Facts{Threshold: 1})
	assert.Contains(t, attribute(t, w.Firing(failedLogins(failedLogin())), "alert.annotations.a"), "cannot be written: ")
}

func TestSearches(t *testing.T) {
	for want, c := range map[string]struct {
		search string
		group  []Label
	}{
		``:               {"", []Label{{"a", "b"}}},
		`error`:          {" error\n", nil},
		`error or fatal`: {"error or fatal", nil},
		`"Login failed" client.address:="203.0.113.9"`: {`"Login failed"`, []Label{{"client.address", "203.0.113.9"}}},
		`(error or fatal) "severity_text":="ERROR"`:    {"error or fatal", []Label{{"severity_text", "ERROR"}}},
		`(error OR "a | b") "a":="b"`:                  {`error OR "a | b"`, []Label{{"a", "b"}}},
		`"this or that | \" or" "a":="b"`:              {`"this or that | \" or"`, []Label{{"a", "b"}}},
		"`a or b` forum \"a\":=\"b\"":                  {"`a or b` forum", []Label{{"a", "b"}}},
		`x "a":="quote\" back\\slash :| ü\n"`:          {"x", []Label{{"a", "quote\" back\\slash :| ü\n"}}},
		`x "not.x":="1" "Odd name":="" "a:b\"":="2"`:   {"x", []Label{{"not.x", "1"}, {"Odd name", ""}, {`a:b"`, "2"}}},
		`x "options.colour":="red"`:                    {"x", []Label{{"options.colour", "red"}}},
	} {
		t.Run(want, func(t *testing.T) {
			s, err := parseSearch(c.search)
			require.NoError(t, err)
			assert.Equal(t, want, s.of(c.group))
		})
	}
}

func TestTheExampleIsShort(t *testing.T) {
	long := failedLogin()
	long.Scope.Scope().SetName(strings.Repeat("scope", 200))
	long.Record.SetSeverityText(strings.Repeat("loud", 2000))
	long.Record.Body().SetStr(strings.Repeat("ü", 5000))
	for i := range 300 {
		long.Record.Attributes().PutStr("k"+strings.Repeat("x", i), strings.Repeat("ö", i))
	}
	long.Resource.Resource().Attributes().PutStr("process.command_line", strings.Repeat("a", 1<<20))
	logs := written(t, Config{}, byAddress).Firing(failedLogins(long))
	s, _ := field.First(logs)
	example, _ := s.Record.Attributes().Get("alert.example")
	assert.LessOrEqual(t, size(example), 4096)
	assert.Greater(t, size(example), 2048)
	assert.Less(t, (&plog.ProtoMarshaler{}).LogsSize(logs), 16<<10)
	assert.True(t, utf8.ValidString(example.AsString()))
}

// size returns that of a value in OTLP.
func size(value pcommon.Value) int {
	record := plog.NewLogRecord()
	value.CopyTo(record.Body())
	return (&plog.ProtoMarshaler{}).LogRecordSize(record)
}

func TestTheExampleOutlivesItsBatch(t *testing.T) {
	example := failedLogin()
	logs := written(t, Config{}, byAddress).Firing(failedLogins(example))
	example.Record.Body().SetStr("overwritten")
	example.Record.Attributes().PutStr("client.address", "overwritten")
	example.Resource.Resource().Attributes().PutStr("service.name", "overwritten")
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "overwritten")
	assert.Contains(t, string(text), "Login failed for user 42")
	assert.Equal(t, "203.0.113.9", attribute(t, logs, "alert.labels.client.address"))
}

func TestABodyOfAnotherTypeIsText(t *testing.T) {
	example := failedLogin()
	example.Record.Body().SetEmptyMap().PutStr("event", "login")
	w := written(t, Config{Annotations: map[string]string{"a": "{{ .Example.Body }}"}}, byAddress)
	logs := w.Firing(failedLogins(example))
	assert.Equal(t, `{"event":"login"}`, attribute(t, logs, "alert.annotations.a"))
	assert.Contains(t, attribute(t, logs, "alert.example"), `"body":"{\"event\":\"login\"}"`)
}

func TestDamagedFiringRecords(t *testing.T) {
	assert.Zero(t, Resolved(plog.NewLogs(), began, 0).LogRecordCount())
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetInt(1)
	assert.Equal(t, "resolved", attribute(t, Resolved(logs, began, 0), "alert.state"))
}

func FuzzTransition(f *testing.F) {
	f.Add("{{ .Value }}", "critical", "203.0.113.9", "Login failed", 6.0)
	f.Add(`{{ group "client.address" }}{{ example "k" | printf "%q" }}`, "", "\xff\n", "\x00", 1e300)
	f.Add("{{ with $x := .Example }}{{ $x.Body | js | html }}{{ else }}{{ end }}", "", strings.Repeat("ü", 3000), "b", -0.5)
	f.Add("{{ if and .Value (or .Name $.Group) }}{{ break }}{{ end }}", "", "", "", 0.0)
	f.Fuzz(func(t *testing.T, template, severity, group, body string, value float64) {
		start := time.Now()
		w, err := Parse("Rule", Config{Severity: severity, Labels: map[string]string{"l": template}, Annotations: map[string]string{"a": template}, Search: template}, nil, byAddress)
		if err != nil {
			w, err = Parse("Rule", Config{Annotations: map[string]string{"a": template}}, nil, byAddress)
		}
		if err != nil {
			return
		}
		example := failedLogin()
		example.Record.Body().SetStr(body)
		example.Record.Attributes().PutStr("k", body)
		example.Record.Attributes().PutStr("client.address", group)
		text, _ := field.Parse("client.address").Of(*example)
		firing := w.Firing(Moment{Group: []Label{{"client.address", text}}, Value: value, Example: example})
		for _, logs := range []plog.Logs{firing, Resolved(firing, began, value)} {
			s, _ := field.First(logs)
			for key, value := range s.Record.Attributes().All() {
				limit := 1024
				switch key {
				case "alert.example":
					limit = 4096
				case "alert.search":
					limit = 4096
				}
				if size(value) > limit+8 {
					t.Fatalf("%s is too long: %d", key, size(value))
				}
				if key != "alert.example" && !utf8.ValidString(value.AsString()) {
					t.Fatalf("%s is no text: %q", key, value.AsString())
				}
			}
			if line := s.Record.Body().Str(); len(line) > 1024+16 || !utf8.ValidString(line) || strings.Contains(line, "\n") {
				t.Fatalf("%q", line)
			}
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Fatal(took)
		}
	})
}

func BenchmarkFiring(b *testing.B) {
	w := written(b, Config{Annotations: map[string]string{"summary": `{{ .Value }} from {{ group "client.address" }}: {{ .Example.Body }}`}}, byAddress)
	m := failedLogins(failedLogin())
	b.ReportAllocs()
	for b.Loop() {
		w.Firing(m)
	}
}
