package minaprocessor

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/corpus"
	"github.com/mina-observability/otelcol-mina/internal/evaluation"
)

// record is what a secret is planted in.
type record struct {
	resource plog.ResourceLogs
	scope    plog.ScopeLogs
	log      plog.LogRecord
}

// places are where a text can be in a record.
var places = []func(r record, text string){
	func(r record, text string) { r.log.Body().SetStr(text) },
	func(r record, text string) { r.log.Attributes().PutStr("detail", text) },
	func(r record, text string) { r.log.Attributes().PutInt(text, 1) },
	func(r record, text string) {
		r.log.Attributes().PutEmptyMap("request").PutEmptyMap("body").PutStr("note", text)
	},
	func(r record, text string) {
		list := r.log.Attributes().PutEmptySlice("items")
		list.AppendEmpty().SetInt(7)
		list.AppendEmpty().SetEmptyMap().PutStr("v", text)
		list.AppendEmpty().SetStr(text)
	},
	func(r record, text string) {
		r.log.Attributes().PutStr("payload", jsonOf(map[string]any{"note": text}))
	},
	func(r record, text string) { r.log.Body().SetStr(jsonOf([]any{1, map[string]any{text: nil}})) },
	func(r record, text string) {
		r.log.Body().SetStr(jsonOf(map[string]any{"inner": jsonOf(map[string]any{"note": text})}))
	},
	func(r record, text string) {
		r.log.Attributes().PutStr("exception.stacktrace", "Traceback (most recent call last):\n  File \"/srv/mina/pay.py\", line 41, in charge\n    raise ValueError(text)\nValueError: "+text)
		r.log.Attributes().PutStr("exception.message", text)
	},
	func(r record, text string) {
		r.log.Attributes().PutStr("url.full", "https://api.mina.example/v1?page=2&q="+url.QueryEscape(text)+"&sort=asc")
	},
	func(r record, text string) {
		r.log.Attributes().PutStr("url.query", "q="+url.PathEscape(text)+"&page=2")
	},
	func(r record, text string) { r.resource.Resource().Attributes().PutStr("deployment.note", text) },
	func(r record, text string) { r.scope.Scope().SetName(text) },
	func(r record, text string) {
		r.scope.Scope().Attributes().PutEmptySlice("tags").AppendEmpty().SetStr(text)
	},
	func(r record, text string) { r.log.Attributes().PutEmptyBytes("raw").FromRaw([]byte(text)) },
	func(r record, text string) { r.log.SetEventName(text) },
	func(r record, text string) { r.log.SetSeverityText(text) },
	func(r record, text string) {
		r.log.Body().SetEmptyMap().PutEmptySlice("rows").AppendEmpty().SetStr(text)
	},
	func(r record, text string) {
		m := r.log.Attributes().PutEmptyMap("deep")
		for range 70 {
			m = m.PutEmptyMap("deeper")
		}
		m.PutStr("v", text)
	},
	func(r record, text string) {
		r.log.Attributes().PutStr("log.record.original", jsonOf(map[string]any{"level": "INFO", "message": text}))
	},
}

func jsonOf(value any) string {
	text, _ := json.Marshal(value)
	return string(text)
}

// separators are what may be before and behind a secret.
var separators = [][2]string{
	{" ", " "}, {"\n", "\n"}, {", ", ", "}, {"\t", "\t"}, {"|", "|"}, {"; ", ";"}, {"'", "'"}, {`"`, `"`}, {"(", ")"}, {"<", ">"}, {"→", "←"}, {"\r\n", "\r\n"}, {"=> ", " "}, {"é", "é"}, {"{", "}"}, {"[", "]."}, {"=", "&"},
}

// Kinds besides those of the corpus: what only its key gives away, under it in a map, and
// behind it in one of the forms in which a text has both.
const underKey, inForm = 0, 255

// plant puts a secret of a kind somewhere in a new record, among other text. The secret is
// empty if that text makes it none.
func plant(forms []string, seed uint64, kind, place, separator uint8, before, after string) (logs plog.Logs, rule, secret string) {
	logs = plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	sl := rl.ScopeLogs().AppendEmpty()
	r := record{rl, sl, sl.LogRecords().AppendEmpty()}
	r.log.Attributes().PutInt("thread.id", 140245896464960)
	put := places[int(place)%len(places)]
	if kind == inForm {
		key, value := corpus.UnderKey(seed)
		value = plain(value)
		put(r, strings.NewReplacer("KEY", key, "VALUE", value).Replace(forms[seed%uint64(len(forms))]))
		return logs, "sensitive_key", value
	}
	number := int(kind) % (corpus.Kinds() + 1)
	if number == underKey {
		key, value := corpus.UnderKey(seed)
		plantUnderKey(r, place, key, value)
		return logs, "sensitive_key", value
	}
	rule, secret, phrase := corpus.Secret(seed, number-1)
	between := separators[int(separator)%len(separators)]
	text := before + between[0] + phrase + between[1] + after
	put(r, text)
	if rule == "credit_card" && isCounted(text, secret) {
		return logs, rule, ""
	}
	return logs, rule, secret
}

// plain takes from a value what would end it in a form without quotes, and makes sure that
// it is no word, which prose may go on with.
func plain(value string) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune("!$%*+-_.~^#@", c) {
			return 'x'
		}
		return c
	}, value) + "42"
}

// readForms reads the ways in which a key and its value are written. What is encoded, has
// blanks alone between the two, or goes over several lines is none within a URL.
func readForms(f *testing.F) (forms []string) {
	f.Helper()
	paths, err := filepath.Glob("internal/redaction/testdata/positions/*.txt")
	if err != nil || len(paths) == 0 {
		f.Fatal("there are no positions", err)
	}
	for _, path := range paths {
		examples, err := corpus.ReadExamples(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, example := range examples {
			if !strings.Contains(path, "encoded") && !strings.Contains(example.Text, "KEY VALUE") && !strings.Contains(example.Text, "\n") {
				forms = append(forms, example.Text)
			}
		}
	}
	return forms
}

func plantUnderKey(r record, place uint8, key, value string) {
	switch place % 6 {
	case 0:
		r.log.Attributes().PutStr(key, value)
	case 1:
		r.log.Attributes().PutEmptyMap("user").PutEmptySlice(key).AppendEmpty().SetStr(value)
	case 2:
		r.log.Attributes().PutStr("payload", jsonOf(map[string]any{"a": []any{map[string]any{key: value}}}))
	case 3:
		r.log.Body().SetStr("form " + jsonOf(map[string]any{key: value}) + " rejected")
	case 4:
		r.resource.Resource().Attributes().PutStr(key, value)
	default:
		pair := r.log.Attributes().PutEmptySlice("env").AppendEmpty().SetEmptyMap()
		pair.PutStr("name", key)
		pair.PutStr("value", value)
	}
}

// What says of a number that it counts or identifies something, which makes a card of none:
// a name with an operator behind it, and a unit. "us" alone is a word: he paid us 4111….
var (
	countedBy = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:ns|nanos|us|micros|ms|millis|trace|span|block|blk|offset|duration|elapsed|timestamp)[ "'\[]*[=:\[][ "'\[=:]*$`)
	countedIn = regexp.MustCompile(`^ ?(?:ns|us|µs|ms|bytes)(?:[^0-9A-Za-z]|$)`)
)

// isCounted reports whether a text says so of a number in it.
func isCounted(text, number string) bool {
	before, after, _ := strings.Cut(text, number)
	return countedBy.MatchString(before) || countedIn.MatchString(after)
}

// FuzzNoLeak plants a secret at a random place of a record, in random text, and
// looks for it in what is delivered. testdata/planted.txt has what fuzzing has come
// upon: seed, kind, place, separator, and the text before and behind.
func FuzzNoLeak(f *testing.F) {
	planted, err := os.ReadFile("testdata/planted.txt")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(planted)) {
		var seed uint64
		var kind, place, separator uint8
		var before, after string
		if _, err = fmt.Sscanf(line, "%d %d %d %d %q %q", &seed, &kind, &place, &separator, &before, &after); err != nil {
			f.Fatalf("%q: %v", line, err)
		}
		f.Add(seed, kind, place, separator, before, after)
	}
	for kind := range corpus.Kinds() + 1 {
		for place := range places {
			f.Add(uint64(kind*31+place), uint8(kind), uint8(place), uint8(kind+place), "Upstream answered", "to the request")
		}
	}
	forms := readForms(f)
	for form := range forms {
		f.Add(uint64(form), uint8(inForm), uint8(form%len(places)), uint8(0), "", "")
	}
	p := newTestProcessor(f, map[string]any{"redaction": map[string]any{"sets": []any{"all"}}})
	marshaler := plog.ProtoMarshaler{}
	f.Fuzz(func(t *testing.T, seed uint64, kind, place, separator uint8, before, after string) {
		logs, rule, secret := plant(forms, seed, kind, place, separator, before, after)
		if strings.Contains(before, secret) || strings.Contains(after, secret) {
			t.Skip("the text around it holds it as well, or says that it is none")
		}
		logs, err := p.process(t.Context(), logs)
		if err != nil {
			t.Fatal(err)
		}
		wire, err := marshaler.MarshalLogs(logs)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), strings.Trim(jsonOf(secret), `"`)} {
			if evaluation.Leaks(string(wire), form) {
				t.Fatalf("%s: %q is left in %s", rule, form, describe(logs))
			}
		}
	})
}

func describe(logs plog.Logs) string {
	rl := logs.ResourceLogs().At(0)
	sl := rl.ScopeLogs().At(0)
	record := pcommon.NewValueMap()
	sl.LogRecords().At(0).Body().CopyTo(record.Map().PutEmpty("body"))
	sl.LogRecords().At(0).Attributes().CopyTo(record.Map().PutEmptyMap("attributes"))
	rl.Resource().Attributes().CopyTo(record.Map().PutEmptyMap("resource"))
	record.Map().PutStr("scope", sl.Scope().Name())
	return record.AsString()
}
