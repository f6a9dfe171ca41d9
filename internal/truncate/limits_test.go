package truncate

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// tight are limits that all the records of fill break, some in many ways.
var tight = Limits{AttributesBytes: 64 << 10, Attributes: 128, ValueBytes: 32 << 10, BodyBytes: 256 << 10, NameBytes: 255, ResourceBytes: 16 << 10}

// flatten makes names and texts of attributes, as Loki does.
func flatten(values pcommon.Map, prefix string, to map[string]string) {
	for key, value := range values.All() {
		if value.Type() == pcommon.ValueTypeMap {
			flatten(value.Map(), prefix+key+"_", to)
			continue
		}
		to[prefix+key] = value.AsString()
	}
}

func bytesOf(flat map[string]string) (n int) {
	for key, value := range flat {
		n += len(key) + len(value)
	}
	return n
}

// requireWithin holds records against limits, counting as Loki and CloudWatch do.
func requireWithin(t *testing.T, l Limits, logs plog.Logs) {
	t.Helper()
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			shared := map[string]string{"scope_name": sl.Scope().Name(), "scope_version": sl.Scope().Version()}
			flatten(rl.Resource().Attributes(), "resource ", shared)
			flatten(sl.Scope().Attributes(), "scope ", shared)
			if l.ResourceBytes > 0 {
				require.LessOrEqual(t, bytesOf(shared), l.ResourceBytes)
			}
			for _, record := range sl.LogRecords().All() {
				flat := map[string]string{"severity_text": record.SeverityText(), "event_name": record.EventName()}
				flatten(sl.Scope().Attributes(), "scope ", flat)
				flatten(rl.Resource().Attributes(), "resource ", flat)
				flatten(record.Attributes(), "", flat)
				for key, value := range flat {
					require.True(t, utf8.ValidString(value), key)
					require.LessOrEqual(t, len(strings.TrimPrefix(key, "resource ")), orAny(l.NameBytes))
					if key != "severity_text" && key != "event_name" {
						require.LessOrEqual(t, len(value), orAny(l.ValueBytes), "%.80q", key)
					}
				}
				require.LessOrEqual(t, len(record.Body().AsString()), orAny(l.BodyBytes))
				require.LessOrEqual(t, len(flat), orAny(l.Attributes)-scopeFields)
				require.LessOrEqual(t, bytesOf(flat), orAny(l.AttributesBytes))
			}
		}
	}
}

func logsWith(put func(plog.ResourceLogs, plog.LogRecord)) plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "mina")
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName("services.billing")
	record := sl.LogRecords().AppendEmpty()
	record.Body().SetStr("Charge failed")
	record.SetSeverityText("ERROR")
	record.Attributes().PutStr(minaattr.RequestID, "0f8fad5b")
	put(rl, record)
	return logs
}

func onlyRecord(logs plog.Logs) plog.LogRecord {
	return logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
}

func str(values pcommon.Map, key string) string {
	if value, ok := values.Get(key); ok {
		return value.AsString()
	}
	return ""
}

func long(c string, n int) string { return strings.Repeat(c, n) }

func fiveLong(a pcommon.Map) {
	for i := range 5 {
		a.PutStr(fmt.Sprintf("text.%d", i), long("ä", 8<<10))
	}
}

func numberedAttributes(a pcommon.Map, n int) {
	for i := range n {
		a.PutStr(fmt.Sprintf("field.%d", i), fmt.Sprintf("value %d", i))
	}
}

func TestRecordsKeepToLimits(t *testing.T) {
	for name, test := range map[string]struct {
		limits Limits
		put    func(plog.ResourceLogs, plog.LogRecord)
		mark   string
		check  func(*testing.T, plog.LogRecord)
	}{
		"five values that are too long together": {
			limits: Limits{AttributesBytes: 64 << 10},
			put:    func(_ plog.ResourceLogs, r plog.LogRecord) { fiveLong(r.Attributes()) },
			mark:   "text.0, text.1, text.2, text.3, text.4",
			check: func(t *testing.T, r plog.LogRecord) {
				assert.InDelta(t, 13<<10, len(str(r.Attributes(), "text.3")), 500, "all equally")
			},
		},
		"the longest first": {
			limits: Limits{AttributesBytes: 16 << 10},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				r.Attributes().PutStr("a", long("a", 4000))
				r.Attributes().PutStr("b", long("b", 40000))
			},
			mark:  "b",
			check: func(t *testing.T, r plog.LogRecord) { assert.Len(t, str(r.Attributes(), "a"), 4000) },
		},
		"a value": {
			limits: Limits{ValueBytes: 4095},
			put:    func(_ plog.ResourceLogs, r plog.LogRecord) { r.Attributes().PutStr("a", long("ä", 4000)) },
			mark:   "a",
			check: func(t *testing.T, r plog.LogRecord) {
				assert.InDelta(t, 4095, len(str(r.Attributes(), "a")), 1)
				assert.True(t, strings.HasSuffix(str(r.Attributes(), "a"), "ä"+Mark))
			},
		},
		"a traceback": {
			limits: Limits{ValueBytes: 4095},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				r.Attributes().PutStr("exception.stacktrace", "Traceback (most recent call last):\n"+long("  File \"a.py\", line 1\n", 300)+"ValueError: no")
			},
			mark: "exception.stacktrace",
			check: func(t *testing.T, r plog.LogRecord) {
				text := str(r.Attributes(), "exception.stacktrace")
				assert.True(t, strings.HasPrefix(text, firstLine+"  File"), text[:50])
				assert.True(t, strings.HasSuffix(text, "\nValueError: no"))
				assert.Greater(t, len(text), 4000)
			},
		},
		"a list": {
			limits: Limits{ValueBytes: 4095},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				for range 3000 {
					r.Attributes().PutEmptyMap("m").PutEmptySlice("list").AppendEmpty().SetStr("<item>")
				}
				list := r.Attributes().PutEmptySlice("list")
				for range 3000 {
					list.AppendEmpty().SetInt(7)
				}
			},
			mark:  "list",
			check: func(t *testing.T, r plog.LogRecord) { assert.Contains(t, str(r.Attributes(), "list"), "[7,7,7,") },
		},
		"bytes": {
			limits: Limits{ValueBytes: 4095},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				r.Attributes().PutEmptyBytes("b").FromRaw(make([]byte, 9000))
			},
			mark: "b",
		},
		"a body": {
			limits: Limits{BodyBytes: 256 << 10},
			put:    func(_ plog.ResourceLogs, r plog.LogRecord) { r.Body().SetStr(long("ä", 200<<10)) },
			mark:   "body",
			check:  func(t *testing.T, r plog.LogRecord) { assert.InDelta(t, 256<<10, len(r.Body().Str()), 2) },
		},
		"a body that is a map": {
			limits: Limits{BodyBytes: 256 << 10},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				r.Body().SetEmptyMap().PutStr("text", long("x", 300<<10))
			},
			mark:  "body",
			check: func(t *testing.T, r plog.LogRecord) { assert.Contains(t, r.Body().AsString(), `{"text":"xxx`) },
		},
		"too many": {
			limits: Limits{Attributes: 128, AttributesBytes: 64 << 10},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				numberedAttributes(r.Attributes(), 200)
				r.Attributes().PutStr("exception.type", "ValueError")
				r.Attributes().PutDouble("limit", 1.5)
			},
			mark: "attributes",
			check: func(t *testing.T, r plog.LogRecord) {
				assert.Equal(t, "ValueError", str(r.Attributes(), "exception.type"), "what matters stays")
				assert.Equal(t, "0f8fad5b", str(r.Attributes(), minaattr.RequestID))
				assert.Equal(t, "value 99", str(r.Attributes(), "field.99"), "the first stay")
				assert.Greater(t, r.Attributes().Len(), 105)
				rest := map[string]any{}
				require.NoError(t, json.Unmarshal([]byte(str(r.Attributes(), minaattr.Rest)), &rest))
				assert.Equal(t, "value 199", rest["field.199"])
				assert.InDelta(t, 1.5, rest["limit"], 0)
				assert.Equal(t, 200+3, r.Attributes().Len()-2+len(rest), "none is lost")
				assert.Zero(t, r.DroppedAttributesCount())
			},
		},
		"too many in maps": {
			limits: Limits{Attributes: 128},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				numberedAttributes(r.Attributes().PutEmptyMap("m"), 200)
				r.Attributes().PutStr("last", "one")
			},
			mark: "attributes",
			check: func(t *testing.T, r plog.LogRecord) {
				assert.Equal(t, "one", str(r.Attributes(), "last"))
				assert.Contains(t, str(r.Attributes(), minaattr.Rest), `{"m":{"field.0":"value 0",`)
			},
		},
		"more than there is room for in any form": {
			limits: Limits{Attributes: 128, AttributesBytes: 64 << 10},
			put:    func(_ plog.ResourceLogs, r plog.LogRecord) { numberedAttributes(r.Attributes(), 5000) },
			mark:   "attributes",
			check: func(t *testing.T, r plog.LogRecord) {
				rest := map[string]any{}
				require.NoError(t, json.Unmarshal([]byte(str(r.Attributes(), minaattr.Rest)), &rest))
				assert.Equal(t, 5000+1, r.Attributes().Len()-2+len(rest)+int(r.DroppedAttributesCount()), "what is lost is counted")
				assert.Greater(t, len(str(r.Attributes(), minaattr.Rest)), 50_000)
			},
		},
		"names": {
			limits: Limits{NameBytes: 255, ValueBytes: 4095},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				r.Attributes().PutStr(long("n", 300), "value")
				r.Attributes().PutEmptyMap("m").PutStr(long("k", 254), "nested")
			},
			mark: "attributes",
			check: func(t *testing.T, r plog.LogRecord) {
				assert.Equal(t, `{"`+long("n", 300)+`":"value","m":{"`+long("k", 254)+`":"nested"}}`, str(r.Attributes(), minaattr.Rest))
			},
		},
		"many and long": {
			limits: Limits{Attributes: 128, AttributesBytes: 64 << 10, ValueBytes: 8 << 10},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				for i := range 300 {
					r.Attributes().PutStr(fmt.Sprintf("field.%d", i), long("v", 500)+fmt.Sprint("\n\"", i))
				}
			},
			mark: "attributes, field.0, field.1, field.2, field.3, field.4, field.5, field.6, field.7, field.8, field.9, field.10, field.11, field.12, " +
				"field.13, field.14, field.15, field.16, field.17, field.18, field.19, field.20, field.21, field.22, field.23, …",
		},
		"a resource": {
			limits: Limits{ResourceBytes: 16 << 10},
			put: func(rl plog.ResourceLogs, _ plog.LogRecord) {
				fiveLong(rl.Resource().Attributes())
				rl.ScopeLogs().At(0).Scope().SetName(long("n", 10<<10))
			},
		},
		"a resource that leaves no room": {
			limits: Limits{Attributes: 128, AttributesBytes: 64 << 10},
			put: func(rl plog.ResourceLogs, r plog.LogRecord) {
				numberedAttributes(rl.Resource().Attributes(), 5000)
				numberedAttributes(rl.ScopeLogs().At(0).Scope().Attributes(), 500)
				numberedAttributes(r.Attributes(), 200)
				r.SetSeverityText(long("s", 70<<10))
			},
			mark: "severity_text, attributes",
		},
		"the smallest": {
			limits: Limits{Attributes: 32, AttributesBytes: 4096, ValueBytes: 256, BodyBytes: 256, NameBytes: 32, ResourceBytes: 2048},
			put: func(rl plog.ResourceLogs, r plog.LogRecord) {
				numberedAttributes(rl.Resource().Attributes(), 500)
				numberedAttributes(rl.ScopeLogs().At(0).Scope().Attributes(), 500)
				rl.ScopeLogs().At(0).Scope().SetName(long("n", 10<<10))
				rl.ScopeLogs().At(0).Scope().SetVersion(long("n", 10<<10))
				fiveLong(r.Attributes())
				numberedAttributes(r.Attributes(), 500)
				r.Body().SetStr(long("b", 500))
				r.SetEventName(long("e", 500))
			},
			mark: "body, event_name, text.0, text.1, text.2, text.3, text.4, attributes",
		},
		"marked before": {
			limits: Limits{ValueBytes: 4095},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				r.Attributes().PutStr(minaattr.Truncated, "body, a")
				r.Attributes().PutStr("a", long("a", 5000))
				r.Attributes().PutStr("b", long("b", 5000))
			},
			mark: "body, a, b",
		},
		"marked as before there were names": {
			limits: Limits{ValueBytes: 4095},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				r.Attributes().PutBool(minaattr.Truncated, true)
				r.Attributes().PutStr("b", long("b", 5000))
			},
			mark: "b",
		},
		"gathered before": {
			limits: Limits{Attributes: 128},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				r.Attributes().PutStr(minaattr.Rest, `{"old":"one"}`)
				numberedAttributes(r.Attributes(), 200)
			},
			mark:  "attributes",
			check: func(t *testing.T, r plog.LogRecord) { assert.Contains(t, str(r.Attributes(), minaattr.Rest), "old") },
		},
		"names of the resource": {
			limits: Limits{UniqueNames: true},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				r.Attributes().PutStr("service.name", "billing")
				r.Attributes().PutEmptyMap("service").PutStr("name", "charging")
				r.Attributes().PutStr("service.id", "7")
			},
			mark: "attributes",
			check: func(t *testing.T, r plog.LogRecord) {
				assert.Equal(t, `{"service.name":"billing","service":{"name":"charging"}}`, str(r.Attributes(), minaattr.Rest))
				assert.Equal(t, "7", str(r.Attributes(), "service.id"))
			},
		},
		"names of what is no attribute": {
			limits: Limits{UniqueNames: true},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				for _, name := range []string{"scope.name", "severity_text", "_msg", "_time", "_stream_id", "", "trace_id"} {
					r.Attributes().PutStr(name, "mine")
				}
				r.Attributes().PutEmptyMap("a").PutStr("", "mine")
			},
			mark: "attributes",
			check: func(t *testing.T, r plog.LogRecord) {
				assert.Equal(t, `{"scope.name":"mine","severity_text":"mine","_msg":"mine","_time":"mine","_stream_id":"mine","":"mine","a":{"":"mine"}}`, str(r.Attributes(), minaattr.Rest))
				assert.Equal(t, "mine", str(r.Attributes(), "trace_id"), "there is no trace")
			},
		},
		"a trace's names": {
			limits: Limits{UniqueNames: true},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				r.SetTraceID([16]byte{1})
				r.SetSpanID([8]byte{1})
				r.SetEventName("mina.alert")
				for _, name := range []string{"trace_id", "span_id", "event_name"} {
					r.Attributes().PutStr(name, "mine")
				}
			},
			mark: "attributes",
			check: func(t *testing.T, r plog.LogRecord) {
				assert.Equal(t, `{"trace_id":"mine","span_id":"mine","event_name":"mine"}`, str(r.Attributes(), minaattr.Rest))
			},
		},
		"a name twice in a record": {
			limits: Limits{UniqueNames: true},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				r.Attributes().PutStr(minaattr.Rest, `{"old":"one"}`)
				r.Attributes().PutStr("user.id", "42")
				r.Attributes().PutEmptyMap("user").PutInt("id", 43)
			},
			mark: "attributes",
			check: func(t *testing.T, r plog.LogRecord) {
				assert.Equal(t, `{"user":{"id":43},"mina.attributes":"{\"old\":\"one\"}"}`, str(r.Attributes(), minaattr.Rest))
				assert.Equal(t, "42", str(r.Attributes(), "user.id"))
			},
		},
		"a body with names of the resource": {
			limits: Limits{UniqueNames: true},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				r.Body().SetEmptyMap().PutEmptyMap("service").PutStr("name", "billing")
			},
			mark: "body",
			check: func(t *testing.T, r plog.LogRecord) {
				assert.Equal(t, `{"service":{"name":"billing"}}`, r.Body().Str())
			},
		},
		"a body with too many names": {
			limits: Limits{UniqueNames: true, Attributes: 128},
			put:    func(_ plog.ResourceLogs, r plog.LogRecord) { numberedAttributes(r.Body().SetEmptyMap(), 200) },
			mark:   "body",
			check:  func(t *testing.T, r plog.LogRecord) { assert.Contains(t, r.Body().Str(), `"field.199":"value 199"`) },
		},
		"a body with a long name": {
			limits: Limits{UniqueNames: true, NameBytes: 128},
			put: func(_ plog.ResourceLogs, r plog.LogRecord) {
				r.Body().SetEmptyMap().PutEmptyMap("m").PutStr(long("k", 127), "nested")
			},
			mark:  "body",
			check: func(t *testing.T, r plog.LogRecord) { assert.Contains(t, r.Body().Str(), `{"m":{"kkk`) },
		},
		"a name twice in a resource": {
			limits: Limits{UniqueNames: true, ResourceBytes: 16 << 10},
			put: func(rl plog.ResourceLogs, r plog.LogRecord) {
				rl.Resource().Attributes().PutEmptyMap("service").PutStr("name", "billing")
				r.Attributes().PutInt("service.name", 7)
			},
			mark: "attributes",
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, test.limits.Validate())
			logs, before := logsWith(test.put), plog.NewLogs()
			logs.CopyTo(before)
			logs.MarkReadOnly()
			kept, cut := test.limits.Apply(logs)
			assert.Equal(t, 1, cut)
			require.NoError(t, plogtest.CompareLogs(before, logs), "the batch itself is as it was")
			requireWithin(t, test.limits, kept)
			record := onlyRecord(kept)
			assert.Equal(t, test.mark, str(record.Attributes(), minaattr.Truncated))
			if test.check != nil {
				test.check(t, record)
			}
			again, cut := test.limits.Apply(kept)
			assert.Zero(t, cut, "what has been cut keeps to the limits")
			assert.Equal(t, kept, again)
		})
	}
}

func TestRecordsOfAllShapesKeepToLimits(t *testing.T) {
	for name, put := range fill {
		t.Run(name, func(t *testing.T) {
			logs := logsWith(func(rl plog.ResourceLogs, r plog.LogRecord) {
				put(r)
				r.Attributes().CopyTo(rl.Resource().Attributes())
			})
			kept, _ := tight.Apply(logs)
			requireWithin(t, tight, kept)
			_, cut := tight.Apply(kept)
			assert.Zero(t, cut)
		})
	}
}

func TestNeighboursStayAsTheyAre(t *testing.T) {
	logs := logsWith(func(rl plog.ResourceLogs, r plog.LogRecord) {
		r.Attributes().PutStr("a", long("a", 5000))
		r.CopyTo(rl.ScopeLogs().At(0).LogRecords().AppendEmpty())
		rl.ScopeLogs().At(0).LogRecords().AppendEmpty().Attributes().PutStr("b", long("b", 4095))
	})
	kept, cut := (&Limits{ValueBytes: 4095}).Apply(logs)
	assert.Equal(t, 2, cut)
	records := kept.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	assert.NoError(t, plogtest.CompareLogRecord(logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(2), records.At(2)))
}

func TestLimitsAreChecked(t *testing.T) {
	require.NoError(t, (&Limits{}).Validate())
	require.NoError(t, tight.Validate())
	require.EqualError(t, (&Limits{ValueBytes: -1, Attributes: 3}).Validate(),
		"attributes must be at least 32 (got 3); 0 is no limit\nvalue_bytes must be at least 256 (got -1); 0 is no limit")
}

// ordinary returns records of which nothing is cut.
func ordinary(n int) plog.Logs {
	return logsWith(func(rl plog.ResourceLogs, r plog.LogRecord) {
		numberedAttributes(r.Attributes(), 20)
		r.Attributes().PutInt("line", 7)
		numberedAttributes(r.Attributes().PutEmptyMap("m"), 3)
		r.Attributes().PutEmptySlice("list").AppendEmpty().SetStr("item")
		for range n - 1 {
			r.CopyTo(rl.ScopeLogs().At(0).LogRecords().AppendEmpty())
		}
	})
}

// A name may be of one record and of the next, and what was made of a resource is no name of
// a record's.
func TestNamesAreOfOneRecord(t *testing.T) {
	logs := logsWith(func(rl plog.ResourceLogs, r plog.LogRecord) {
		rl.Resource().Attributes().PutStr(minaattr.Truncated, "host.name")
		r.Attributes().PutStr(minaattr.Truncated, "a")
		r.Body().SetEmptyMap().PutStr("a", "b")
		r.CopyTo(rl.ScopeLogs().At(0).LogRecords().AppendEmpty())
		rl.ScopeLogs().At(0).CopyTo(rl.ScopeLogs().AppendEmpty())
	})
	other := logs.ResourceLogs().AppendEmpty()
	logs.ResourceLogs().At(0).CopyTo(other)
	other.Resource().Attributes().Remove("service.name")
	other.Resource().Attributes().PutStr("a.b", "c")
	other.ScopeLogs().At(0).LogRecords().At(0).Attributes().PutStr("service.name", "of a record")
	kept, cut := (&Limits{UniqueNames: true}).Apply(logs)
	assert.Zero(t, cut)
	assert.Equal(t, logs, kept)
}

func TestRecordsWithinTheLimitsCostNothing(t *testing.T) {
	logs := ordinary(10)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if kept, _ := tight.Apply(logs); kept != logs {
			panic("it is a copy")
		}
	}))
}

// FuzzLimits cuts records of all shapes.
func FuzzLimits(f *testing.F) {
	f.Add("text", "key", uint16(3000), uint8(3), uint8(0))
	f.Add("[REDACTED:x]", "ä", uint16(1), uint8(200), uint8(40))
	f.Add("\u2028<&\"\x00", "m.", uint16(200), uint8(60), uint8(2))
	f.Fuzz(func(t *testing.T, text, key string, times uint16, many, shared uint8) {
		text, key = strings.Repeat(strings.ToValidUTF8(text, "?"), int(times)%500), strings.ToValidUTF8(key, "?")
		l := Limits{Attributes: 64, AttributesBytes: 8 << 10, ValueBytes: 1 << 10, BodyBytes: 2 << 10, NameBytes: 64, ResourceBytes: 4 << 10}
		logs := logsWith(func(rl plog.ResourceLogs, r plog.LogRecord) {
			r.Body().SetStr(text)
			for i := range many {
				r.Attributes().PutEmptyMap(fmt.Sprint(key, i)).PutStr(key, text)
				r.Attributes().PutEmptySlice(fmt.Sprint(i, key)).AppendEmpty().SetEmptyMap().PutStr(key, text)
			}
			for i := range shared {
				rl.Resource().Attributes().PutStr(fmt.Sprint(key, i), text)
				rl.ScopeLogs().At(0).Scope().Attributes().PutStr(fmt.Sprint(key, i), text)
			}
		})
		for _, l.UniqueNames = range []bool{false, true} {
			kept, _ := l.Apply(logs)
			requireWithin(t, l, kept)
			require.True(t, l.unique(kept))
			_, cut := l.Apply(kept)
			require.Zero(t, cut)
		}
	})
}

// BenchmarkLimits is what a batch pays of which nothing is cut, and one of which one
// record in a hundred is.
func BenchmarkLimits(b *testing.B) {
	within, beyond := ordinary(1000), ordinary(1000)
	for i, record := range beyond.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		if i%100 == 0 {
			record.Attributes().PutStr("exception.stacktrace", long("  File \"a.py\", line 1\n", 3000))
		}
	}
	for name, run := range map[string]struct {
		limits Limits
		logs   plog.Logs
	}{
		"within": {tight, within}, "beyond": {tight, beyond}, "unique": {Limits{UniqueNames: true}, within},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				run.limits.Apply(run.logs)
			}
		})
	}
}
