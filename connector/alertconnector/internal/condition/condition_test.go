package condition

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/goleak"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// failedLogin returns a record of the application as the processor leaves it.
func failedLogin() field.Source {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "mina")
	resource.Resource().Attributes().PutInt("process.pid", 4711)
	scope := resource.ScopeLogs().AppendEmpty()
	scope.Scope().SetName("app.auth")
	scope.Scope().Attributes().PutStr("team", "security")
	record := scope.LogRecords().AppendEmpty()
	record.SetSeverityNumber(plog.SeverityNumberWarn)
	record.SetSeverityText("WARNING")
	record.SetEventName("login")
	record.Body().SetStr("Login failed for user 42")
	attributes := record.Attributes()
	for _, key := range []string{"code.function.name", "code.line.number", "thread.id", "mina.request.id", "http.request.method", "url.path"} {
		attributes.PutStr(key, "some value of it")
	}
	attributes.PutStr("client.address", "203.0.113.9")
	attributes.PutInt("processing_time_ms", 6000)
	attributes.PutDouble("ratio", 0.5)
	attributes.PutBool("cached", true)
	attributes.PutEmpty("nothing")
	attributes.PutEmptyBytes("bytes")
	attributes.PutEmptyMap("user").PutStr("name", "x")
	attributes.PutEmptySlice("roles").AppendEmpty().SetStr("admin")
	return field.Source{Resource: resource, Scope: scope, Record: record}
}

func TestConditions(t *testing.T) {
	for text, want := range map[string]struct{ met, admitted bool }{
		`severity_number >= SEVERITY_NUMBER_WARN`:                             {true, true},
		`log.severity_number >= SEVERITY_NUMBER_WARN`:                         {true, true},
		`severity_number >= SEVERITY_NUMBER_ERROR`:                            {false, false},
		`log.severity_number>=SEVERITY_NUMBER_ERROR`:                          {false, false},
		`SEVERITY_NUMBER_ERROR <= severity_number`:                            {false, false},
		`SEVERITY_NUMBER_WARN <= log.severity_number`:                         {true, true},
		`severity_number >= 17 and Len(attributes) > 3`:                       {false, false},
		`not severity_number >= 17`:                                           {true, true},
		`not (severity_number >= 13)`:                                         {false, true},
		`(severity_number >= 17 or severity_text == "CRITICAL")`:              {false, false},
		`severity_number >= 17 or severity_text == "WARNING"`:                 {true, true},
		`severity_number >= 17 or Len(attributes) > 100`:                      {false, true},
		`severity_text == "CRITICAL"`:                                         {false, false},
		`log.severity_text == "WARNING"`:                                      {true, true},
		`scope.name == "app.auth"`:                                            {true, true},
		`instrumentation_scope.name == "app.db"`:                              {false, false},
		`scope.attributes["team"] == "security"`:                              {true, true},
		`resource.attributes["service.name"] == "mina"`:                       {true, true},
		`resource.attributes["service.name"] == "other"`:                      {false, false},
		`event_name == "login"`:                                               {true, true},
		`event_name == "logout"`:                                              {false, false},
		`body == "Login failed for user 42"`:                                  {true, true},
		`body == "Login failed"`:                                              {false, false},
		`log.body.string == "Login failed for user 42"`:                       {true, true},
		`body["name"] == "x"`:                                                 {false, true},
		`IsMatch(body, "Login failed")`:                                       {true, true},
		`IsMatch(log.body, "Login failed.*42$")`:                              {true, true},
		`IsMatch(body, "Log?in (failed|refused)")`:                            {true, true},
		`IsMatch(body, "Password changed")`:                                   {false, false},
		`IsMatch(body, "(?i)LOGIN FAILED")`:                                   {true, true},
		`IsMatch(body, "(?i)password changed")`:                               {false, false},
		`IsMatch(body, "locked out|too many attempts")`:                       {false, false},
		`IsMatch(body, "locked out|failed")`:                                  {true, true},
		`IsMatch(body, "\\d+ attempts")`:                                      {false, false},
		`IsMatch(body, "^\\d+$")`:                                             {false, true},
		`IsMatch(attributes["client.address"], "^203\\.")`:                    {true, true},
		`IsMatch(attributes["absent"], ".*")`:                                 {false, false},
		`IsMatch(attributes["user"], "name")`:                                 {true, true},
		`IsMatch(attributes["processing_time_ms"], "^6")`:                     {true, true},
		`HasPrefix(attributes["absent"], "a") or severity_number >= 9`:        {false, true},
		`severity_number >= 9 or HasPrefix(attributes["absent"], "a")`:        {true, true},
		`HasPrefix(body, "Login")`:                                            {true, true},
		`HasPrefix(body, "Logout")`:                                           {false, false},
		`HasSuffix(body, "42")`:                                               {true, true},
		`HasSuffix(attributes["absent"], "42")`:                               {false, false},
		`attributes["processing_time_ms"] > 5000`:                             {true, true},
		`attributes["processing_time_ms"] > 5000.5`:                           {true, true},
		`attributes["processing_time_ms"] > 6000`:                             {false, false},
		`attributes["absent"] > 5000`:                                         {false, false},
		`attributes["absent"] != 5000`:                                        {true, true},
		`attributes["absent"] != nil`:                                         {false, false},
		`attributes["absent"] == nil`:                                         {true, true},
		`attributes["nothing"] == nil`:                                        {true, true},
		`attributes["bytes"] == nil`:                                          {true, true},
		`attributes["client.address"] > 5000`:                                 {false, false},
		`attributes["ratio"] >= 0.5 and attributes["ratio"] < 1`:              {true, true},
		`attributes["ratio"] > -1`:                                            {true, true},
		`attributes["ratio"] < -.5`:                                           {false, false},
		`attributes["cached"] == true`:                                        {true, true},
		`attributes["cached"] == false`:                                       {false, false},
		`attributes["user"]["name"] == "x"`:                                   {true, true},
		`attributes["user"]["name"] == "y"`:                                   {false, false},
		`attributes["roles"][0] == "admin"`:                                   {true, true},
		`attributes["roles"]["x"] == "admin"`:                                 {false, true},
		`attributes["processing_time_ms"] > 1000 * 7`:                         {false, true},
		`attributes["processing_time_ms"] > 1000 * 7 and severity_number < 9`: {false, false},
		`attributes["quote\"d and )"] == "or"`:                                {false, false},
		`severity_text == "a or b" or severity_text == "and (not"`:            {false, false},
		`true and severity_text == "CRITICAL"`:                                {false, false},
		`false`:                                                               {false, false},
		`not false`:                                                           {true, true},
		`false or severity_number >= 9`:                                       {true, true},
		`true`:                                                                {true, true},
	} {
		t.Run(text, func(t *testing.T) {
			c, err := Parse(text, componenttest.NewNopTelemetrySettings())
			require.NoError(t, err)
			s := failedLogin()
			decided, known := c.guard.decides(&s)
			assert.Equal(t, want.admitted, decided || !known, "admitted")
			met, _ := c.Match(t.Context(), s)
			assert.Equal(t, want.met, met, "met")
		})
	}
}

// TestComparisonsAreThoseOfOTTL compares whatever can be compared.
func TestComparisonsAreThoseOfOTTL(t *testing.T) {
	s, paths := failedLogin(), []string{"severity_number", "severity_text", "body", "body.string"}
	s.Record.Attributes().PutStr("empty", "")
	s.Record.Attributes().PutDouble("nan", math.NaN())
	s.Record.Attributes().PutInt("large", 1<<53+1)
	for _, key := range []string{"absent", "processing_time_ms", "ratio", "cached", "nothing", "bytes", "user", "roles", "client.address", "empty", "nan", "large"} {
		paths = append(paths, fmt.Sprintf("attributes[%q]", key))
	}
	literals := []string{"0", "6000", "6000.0", "-1", "9007199254740992.0", "0.5", `""`, `"a"`, `"WARNING"`, "true", "false", "nil", "SEVERITY_NUMBER_WARN"}
	for _, path := range paths {
		for op := range operators {
			for _, literal := range literals {
				for _, text := range []string{path + " " + op + " " + literal, literal + " " + op + " " + path} {
					c := parsed(t, text)[0]
					if met, known := c.guard.decides(&s); known {
						byOTTL, err := c.decide(t.Context(), s)
						assert.NoError(t, err, text)
						assert.Equal(t, byOTTL, met, text)
					}
				}
			}
		}
	}
}

func TestWhatIsNoCondition(t *testing.T) {
	for text, want := range map[string]string{
		``:                           `condition has invalid syntax: 1:1: unexpected token "<EOF>"`,
		`severity_number >=`:         `condition has invalid syntax: 1:19: unexpected token "<EOF>"`,
		`severity_number => 17`:      `1:17: unexpected token "=>"`,
		`severity >= 17`:             `segment "severity" from path "severity" is not a valid path`,
		`severity_number >= ERROR`:   `enum symbol, ERROR, not found`,
		"body\n== \"a\" and\n":       `unexpected token "<EOF>"`,
		`Contains(body, "a")`:        `undefined function "Contains"`,
		`IsMatch(body, "(")`:         `the regex pattern supplied to IsMatch '"("' is not a valid pattern`,
		`set(attributes["a"], true)`: `condition has invalid syntax`,
		`metric.name == "a"`:         `not a valid path`,
	} {
		t.Run(text, func(t *testing.T) {
			_, err := Parse(text, componenttest.NewNopTelemetrySettings())
			require.ErrorContains(t, err, want)
			assert.NotContains(t, err.Error(), "\n")
			t.Log(err)
		})
	}
}

func TestWhatOTTLCannotTellIsNotMet(t *testing.T) {
	c, err := Parse(`not HasPrefix(attributes["processing_time_ms"], "6")`, componenttest.NewNopTelemetrySettings())
	require.NoError(t, err)
	met, err := c.Match(t.Context(), failedLogin())
	require.ErrorContains(t, err, "expected string but got int64")
	assert.False(t, met)
}

func TestLambdasHaveNoGuard(t *testing.T) { // OTTL has them behind a feature gate
	assert.Equal(t, guard{}, guardOf(`severity_number > 17 and Any(attributes["a"], (x) => x == 1 or x == 2)`))
}

func TestNothingIsAllocatedForWhatTheGuardDecides(t *testing.T) {
	s := failedLogin()
	for _, text := range []string{
		`IsMatch(body, "Login failed")`, `severity_number >= SEVERITY_NUMBER_WARN and attributes["processing_time_ms"] > 5000`, `severity_text == "WARNING" or event_name == "x"`, `true`,
	} {
		c := parsed(t, text)[0]
		assert.Zero(t, testing.AllocsPerRun(100, func() {
			if met, err := c.Match(t.Context(), s); !met || err != nil {
				t.Error(text, met, err)
			}
		}))
	}
}

var unmet = []string{
	`severity_number >= SEVERITY_NUMBER_ERROR`,
	`severity_text == "CRITICAL"`,
	`attributes["processing_time_ms"] > 7000`,
	`IsMatch(body, "Password changed")`,
	`IsMatch(body, "(?i)out of memory|no space left")`,
	`attributes["http.response.status_code"] >= 500 and attributes["url.path"] != "/healthz"`,
	`resource.attributes["service.name"] == "other" and severity_number >= SEVERITY_NUMBER_WARN`,
	`scope.name == "app.db" and IsMatch(body, "slow query")`,
	`event_name == "logout"`,
	`attributes["exception.type"] != nil`,
}

func parsed(tb testing.TB, texts ...string) (all []*Condition) {
	for _, text := range texts {
		c, err := Parse(text, componenttest.NewNopTelemetrySettings())
		require.NoError(tb, err)
		all = append(all, c)
	}
	return all
}

func TestNothingIsAllocatedWithoutAMatch(t *testing.T) {
	conditions, s := parsed(t, unmet...), failedLogin()
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		for _, c := range conditions {
			if met, err := c.Match(t.Context(), s); met || err != nil {
				t.Error(met, err)
			}
		}
	}))
}

func BenchmarkTenConditionsUnmet(b *testing.B) {
	conditions, s := parsed(b, unmet...), failedLogin()
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range conditions {
			_, _ = c.Match(ctx, s)
		}
	}
}

func BenchmarkConditionMet(b *testing.B) {
	for _, text := range []string{`IsMatch(body, "Login failed")`, `attributes["processing_time_ms"] > 5000`, `severity_number >= SEVERITY_NUMBER_WARN`, `IsMatch(body, "Login failed.*4")`} {
		b.Run(text, func(b *testing.B) {
			c, s := parsed(b, text)[0], failedLogin()
			b.ReportAllocs()
			for b.Loop() {
				_, _ = c.Match(b.Context(), s)
			}
		})
	}
}

func BenchmarkUnmetByOTTLAlone(b *testing.B) {
	conditions, s := parsed(b, unmet...), failedLogin()
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range conditions {
			_, _ = c.decide(b.Context(), s)
		}
	}
}
