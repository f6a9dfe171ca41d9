package condition

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
)

// dice chooses by given bytes, and the first of all when there are no more.
type dice struct{ rest []byte }

func (d *dice) upTo(n int) int {
	if len(d.rest) == 0 {
		return 0
	}
	face := int(d.rest[0]) % n
	d.rest = d.rest[1:]
	return face
}

func pick[T any](d *dice, of ...T) T { return of[d.upTo(len(of))] }

// keys, texts and patterns are few, so that records and conditions meet.
var (
	keys     = []string{"a", "b", "client.address", "", "or", `q"\`, "ü)"}
	texts    = []string{"", "a", "Login failed", "login FAILED", "LOGIN failed for ſue", "x or y", `q"\ and (`, "ü", "5", "\xff", "\uFFFD", "nil"}
	patterns = []string{
		"Login failed", "(?i)login failed", "(?i)SUE", "^a$", "a|Login", "(Login|login) (failed|FAILED)", "L(o)gin( failed)?", "[Ll]ogin", "o{2,}", "(ab)*", "(?:fail){1,3}ed",
		"x or y", `q"\\ and \(`, "ü", "\uFFFD", ".", "", "^$", `\d`, "(?s).*a.*", "(?i)K", `\Qa|b\E`, "a+?", "failed|", "(?i:login) failed", "(?i)ü", `\x41`, "5", "true", `"b":`,
	}
	numbers = []string{"0", "5", "9", "17", "5.0", ".5", "5.", "1.5e3", "9007199254740993", "9223372036854775807"}
)

func (d *dice) blank() string { return pick(d, " ", "", "  ", "\t", "\n ") }

func (d *dice) condition(depth int) string {
	part := d.part(depth)
	for depth > 0 && d.upTo(3) == 1 {
		part += " " + pick(d, "and", "or") + " " + d.blank() + d.part(depth-1)
	}
	return part
}

func (d *dice) part(depth int) string {
	not := pick(d, "", "", "", "not ")
	switch {
	case depth > 0 && d.upTo(4) == 1:
		return not + "(" + d.blank() + d.condition(depth-1) + d.blank() + ")"
	case d.upTo(3) == 1:
		return not + d.call()
	case d.upTo(12) == 1:
		return not + pick(d, "true", "false")
	}
	left, right := d.path(), d.operand()
	if d.upTo(4) == 1 {
		left, right = right, left
	}
	return not + left + d.blank() + pick(d, "==", "!=", "<", "<=", ">", ">=") + d.blank() + right
}

func (d *dice) call() string {
	switch d.upTo(4) {
	case 0, 1:
		target := pick(d, d.path(), d.path(), d.path(), strconv.Quote(pick(d, texts...)))
		return "IsMatch(" + d.blank() + pick(d, "", "", "", "target = ") + target + ", " + strconv.Quote(pick(d, patterns...)) + ")"
	case 2:
		return pick(d, "HasPrefix", "HasSuffix", "Is Match") + "(" + d.path() + d.blank() + "," + d.blank() + strconv.Quote(pick(d, texts...)) + ")"
	default:
		return pick(d, "IsString", "IsMap", "IsInt", "IsBool", "IsDouble") + "(" + d.path() + ")"
	}
}

func (d *dice) path() string {
	switch d.upTo(8) {
	case 0:
		return pick(d, "", "log.") + "severity_number"
	case 1:
		return pick(d, "", "log.") + pick(d, "severity_text", "event_name", "body.string", "time_unix_nano", "flags", "trace_id.string")
	case 2:
		return pick(d, "scope.", "instrumentation_scope.") + pick(d, "name", "version", d.keyed("attributes"))
	case 3:
		return "resource." + d.keyed("attributes")
	case 4:
		return pick(d, "", "log.") + "body" + pick(d, "", "", d.keyed(""))
	default:
		return pick(d, "", "log.") + d.keyed("attributes")
	}
}

func (d *dice) keyed(path string) string {
	path += "[" + d.blank() + strconv.Quote(pick(d, keys...)) + "]"
	for d.upTo(4) == 1 {
		path += pick(d, "["+strconv.Quote(pick(d, keys...))+"]", "[0]", `[body]`)
	}
	return path
}

func (d *dice) operand() string {
	switch d.upTo(8) {
	case 0, 1:
		return strconv.Quote(pick(d, texts...))
	case 2:
		return pick(d, "", "", "-", "- ", "+") + pick(d, numbers...)
	case 3:
		return pick(d, "SEVERITY_NUMBER_ERROR", "SEVERITY_NUMBER_UNSPECIFIED", "SEVERITY_NUMBER_FATAL4", "SEVERITY_NUMBER_INFO2")
	case 4:
		return pick(d, "nil", "true", "false", "0x00", "0xff", `[]`, `{}`, `["a"]`)
	case 5:
		return d.path()
	case 6:
		return pick(d, "Len(body)", "Int(body)", "2 * 3", "(5)", `Concat(["a"], "")`, `ToLowerCase(severity_text)`)
	default:
		return strconv.Quote(pick(d, texts...))
	}
}

func (d *dice) record() field.Source {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	d.fill(resource.Resource().Attributes(), 2)
	scope := resource.ScopeLogs().AppendEmpty()
	scope.Scope().SetName(pick(d, texts...))
	d.fill(scope.Scope().Attributes(), 2)
	record := scope.LogRecords().AppendEmpty()
	record.SetSeverityNumber(pick(d, plog.SeverityNumberUnspecified, plog.SeverityNumberInfo, plog.SeverityNumberError, plog.SeverityNumberFatal4, plog.SeverityNumber(99), plog.SeverityNumber(-1)))
	record.SetSeverityText(pick(d, texts...))
	record.SetEventName(pick(d, texts...))
	d.set(record.Body(), 3)
	d.fill(record.Attributes(), 3)
	return field.Source{Resource: resource, Scope: scope, Record: record}
}

func (d *dice) fill(values pcommon.Map, depth int) {
	for range d.upTo(5) {
		d.set(values.PutEmpty(pick(d, keys...)), depth-1)
	}
}

func (d *dice) set(value pcommon.Value, depth int) {
	switch d.upTo(10) {
	case 0, 1, 2:
		value.SetStr(pick(d, texts...))
	case 3:
		value.SetInt(pick(d, int64(0), 5, 17, -5, 9007199254740993, 1<<63-1, -1<<63))
	case 4:
		value.SetDouble(pick(d, 0.0, 5, -5, 0.5, 1500, 9007199254740992, nan))
	case 5:
		value.SetBool(d.upTo(2) == 1)
	case 6:
		value.SetEmptyBytes().FromRaw(pick(d, nil, []byte{}, []byte{0}, []byte{255}))
	case 7:
		if depth > 0 {
			d.fill(value.SetEmptyMap(), depth)
		}
	case 8:
		if slice := value.SetEmptySlice(); depth > 0 && d.upTo(2) == 1 {
			d.set(slice.AppendEmpty(), depth-1)
		}
	}
}

var nan = func() float64 { n, _ := strconv.ParseFloat("nan", 64); return n }()

// judge compares the guard of a condition with OTTL, which decides, on so many records. It
// returns nil for what is no condition, and how many the guard has decided.
func judge(t *testing.T, text string, d *dice, records int) (c *Condition, decided int) {
	t.Helper()
	c, err := Parse(text, componenttest.NewNopTelemetrySettings())
	if err != nil {
		assert.NotContains(t, err.Error(), "\n")
		return nil, 0
	}
	for range records {
		s := d.record()
		want, _ := c.decide(t.Context(), s)
		got, _ := c.Match(t.Context(), s)
		met, known := c.guard.decides(&s)
		if want != got || known && met != want {
			json, _ := (&plog.JSONMarshaler{}).MarshalLogs(logsOf(s))
			t.Fatalf("%s\nguard %+v\ndecided %v (%v), matched %v, by OTTL %v\n%s", text, c.guard, met, known, got, want, json)
		}
		if known {
			decided++
		}
	}
	return c, decided
}

func logsOf(s field.Source) plog.Logs {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	s.Resource.CopyTo(resource)
	return logs
}

// faces returns what dice show n times.
func faces(random *rand.Rand, n int) []byte {
	shown := make([]byte, n)
	for i := range shown {
		shown[i] = byte(random.Uint32())
	}
	return shown
}

// TestTheGuardDecidesAsOTTL tries conditions of all forms.
func TestTheGuardDecidesAsOTTL(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var conditions, guarded, decided int
	const tries, records = 3000, 20
	for i := range tries {
		d := &dice{faces(random, 50+50*records)}
		c, n := judge(t, d.condition(i%3), d, records)
		if c == nil {
			continue
		}
		conditions++
		decided += n
		if c.guard.form != open {
			guarded++
		}
	}
	t.Logf("of %d texts %d are conditions, %d have a guard, which has decided %d records", tries, conditions, guarded, decided)
	require.Greater(t, conditions, tries/2)
	require.Greater(t, guarded, conditions/4)
	require.Greater(t, decided, guarded*records/2)
}

// FuzzGuard tries conditions that are made of bytes, with records that are.
func FuzzGuard(f *testing.F) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		f.Add(faces(random, 200))
	}
	f.Fuzz(func(t *testing.T, shown []byte) {
		d := &dice{shown}
		judge(t, d.condition(3), d, 3)
	})
}

// FuzzParse tries texts that nobody has made for it, with records that are.
func FuzzParse(f *testing.F) {
	for _, text := range unmet {
		f.Add(text, []byte{1, 2, 3})
	}
	f.Add(`IsMatch(body, "(?i)x") and not (a["b"] == 0x00 or 1.5 > -log.attributes["\"x"][0])`, []byte("any"))
	f.Fuzz(func(t *testing.T, text string, shown []byte) {
		if len(text) > 1000 {
			return
		}
		judge(t, text, &dice{shown}, 3)
	})
}
