package redaction_test

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/corpus"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction"
)

// kindSets are the rules for kinds that are off by default.
var kindSets = map[string][]string{
	"national_ids": {"default", "national_ids"},
	"people":       {"default", "pii"},
}

// ownLines are kinds that are only known where they begin or end a line: a protocol's
// commands, values that reach to the end of the line, and what stands below a name.
var ownLines = map[string]bool{"protocols": true, "key_material": true, "prose_ends": true, "shown_below": true, "aligned": true}

// carrier puts a text somewhere in a record, and says what became of it.
type carrier struct {
	name string
	put  func(r plog.LogRecord, text string)
	get  func(r plog.LogRecord) (text string, ok bool)
	// oneLine says that the text stands in the middle of a line.
	oneLine bool
}

var carriers = []carrier{
	{
		name: "body",
		put:  func(r plog.LogRecord, text string) { r.Body().SetStr(text) },
		get:  func(r plog.LogRecord) (string, bool) { return r.Body().Str(), true },
	},
	{
		name: "attribute",
		put:  func(r plog.LogRecord, text string) { r.Attributes().PutStr("detail", text) },
		get:  func(r plog.LogRecord) (string, bool) { v, ok := r.Attributes().Get("detail"); return v.Str(), ok },
	},
	{
		name: "nested value",
		put: func(r plog.LogRecord, text string) {
			r.Attributes().PutEmptyMap("request").PutEmptyMap("form").PutStr("note", text)
		},
		get: func(r plog.LogRecord) (string, bool) {
			text, ok := in(r.Attributes().AsRaw(), "request", "form", "note").(string)
			return text, ok
		},
	},
	{
		name: "element of a list",
		put: func(r plog.LogRecord, text string) {
			list := r.Attributes().PutEmptySlice("items")
			list.AppendEmpty().SetInt(7)
			list.AppendEmpty().SetStr(text)
		},
		get: func(r plog.LogRecord) (string, bool) {
			v, _ := r.Attributes().Get("items")
			return v.Slice().At(1).Str(), v.Slice().At(0).Int() == 7
		},
	},
	{
		name: "string in JSON",
		put: func(r plog.LogRecord, text string) {
			r.Body().SetStr(jsonOf(map[string]any{"n": 1, "note": text, "z": "end"}))
		},
		get: func(r plog.LogRecord) (string, bool) { return noteOf(r.Body().Str()) },
	},
	{
		name: "string in JSON in JSON",
		put: func(r plog.LogRecord, text string) {
			inner := jsonOf(map[string]any{"n": 1, "note": text, "z": "end"})
			r.Attributes().PutStr("payload", jsonOf(map[string]any{"n": 1, "note": inner, "z": "end"}))
		},
		get: func(r plog.LogRecord) (string, bool) {
			payload, _ := r.Attributes().Get("payload")
			inner, ok := noteOf(payload.Str())
			if !ok {
				return payload.Str(), false
			}
			return noteOf(inner)
		},
	},
	{
		name: "between other lines",
		put:  func(r plog.LogRecord, text string) { r.Body().SetStr("the first line\n" + text + "\nthe last line") },
		get: func(r plog.LogRecord) (string, bool) {
			return without(r.Body().Str(), "the first line\n", "\nthe last line")
		},
	},
	{
		name: "in a line of a log", oneLine: true,
		put: func(r plog.LogRecord, text string) {
			r.Body().SetStr("2026-11-26 10:00:01,123 INFO [worker-3] " + text + " in 12 ms")
		},
		get: func(r plog.LogRecord) (string, bool) {
			return without(r.Body().Str(), "2026-11-26 10:00:01,123 INFO [worker-3] ", " in 12 ms")
		},
	},
}

func jsonOf(value any) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // maps of texts can always be encoded
	return strings.TrimSuffix(out.String(), "\n")
}

// noteOf returns the note of an object whose other members must be as they were.
func noteOf(text string) (note string, ok bool) {
	var object map[string]any
	if json.Unmarshal([]byte(text), &object) != nil || object["n"] != 1.0 || object["z"] != "end" {
		return text, false
	}
	note, ok = object["note"].(string)
	return note, ok
}

func in(value any, keys ...string) any {
	for _, key := range keys {
		inner, _ := value.(map[string]any)
		value = inner[key]
	}
	return value
}

func without(text, before, behind string) (string, bool) {
	rest, starts := strings.CutPrefix(text, before)
	inner, ends := strings.CutSuffix(rest, behind)
	return inner, starts && ends
}

// carry returns what becomes of a text.
func (c *carrier) carry(r *redaction.Redactor, text string) (out string, ok bool) {
	record := plog.NewLogRecord()
	c.put(record, text)
	redact(r, record)
	return c.get(record)
}

func redact(r *redaction.Redactor, record plog.LogRecord) {
	session := r.Begin()
	session.Record(record)
	session.End(func(string, redaction.Location, int64) {})
}

func newRedactor(sets ...string) *redaction.Redactor {
	return redaction.New(redaction.Config{Action: redaction.Mask, Sets: sets})
}

// structured puts an example that is JSON into attributes, as the decoder does, and
// says what is wrong with what became of them. What is not JSON is right.
func structured(r *redaction.Redactor, example corpus.Example) string {
	var value, want any
	if json.Unmarshal([]byte(example.Text), &value) != nil {
		return ""
	}
	around := example.Around
	if len(example.Secrets) == 0 {
		around = []string{example.Text}
	}
	if json.Unmarshal([]byte(strings.Join(around, mark)), &want) != nil && json.Unmarshal([]byte(strings.Join(around, `"`+mark+`"`)), &want) != nil {
		return ""
	}
	record := plog.NewLogRecord()
	if err := record.Attributes().PutEmpty("data").FromRaw(value); err != nil {
		return err.Error()
	}
	redact(r, record)
	got := in(record.Attributes().AsRaw(), "data")
	if unnamed(jsonOf(got)) != jsonOf(want) {
		return "attributes are " + jsonOf(got)
	}
	return ""
}

// mark stands for a placeholder where texts are compared.
const mark = "\ue000"

// fault says what is wrong with what became of an example, or nothing.
func fault(example corpus.Example, out string) string {
	if len(example.Secrets) == 0 {
		if out != example.Text {
			return "changed"
		}
		return ""
	}
	out = unnamed(out)
	if out == strings.Join(example.Around, mark) {
		return ""
	}
	var form []string
	for _, around := range example.Around {
		form = append(form, regexp.QuoteMeta(around))
	}
	gaps := regexp.MustCompile("(?s)^" + strings.Join(form, "(.*?"+mark+".*?)") + "$").FindStringSubmatch(out)
	if gaps == nil {
		return "a secret is left, or what is around is not as it was"
	}
	for _, gap := range gaps[1:] {
		if left := leftOf(example, gap); left != "" {
			return "left of a secret: " + left
		}
	}
	return ""
}

// unnamed writes a mark for each placeholder.
func unnamed(text string) string {
	const placeholder = "[REDACTED:"
	for {
		before, behind, found := strings.Cut(text, placeholder)
		_, behind, closed := strings.Cut(behind, "]")
		if !found || !closed {
			return text
		}
		text = before + mark + behind
	}
}

// leftOf returns what is left of secrets in a text that stands for them: nothing but
// placeholders may be, where nothing else may stand beside the secrets.
func leftOf(example corpus.Example, text string) string {
	if len(strings.Join(example.Around, ""))+len(strings.Join(example.Secrets, "")) == len(example.Text) {
		return strings.Trim(text, mark+`\"`) // a number becomes a text
	}
	const telling = 4
	for _, secret := range example.Secrets {
		size := min(len(secret), telling)
		for i := range len(secret) - size + 1 {
			if strings.Contains(text, secret[i:i+size]) {
				return secret[i : i+size]
			}
		}
	}
	return ""
}

// examplesOf reads the files in a folder of testdata, by their names.
func examplesOf(t testing.TB, folder string) map[string][]corpus.Example {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	files := map[string][]corpus.Example{}
	for _, path := range paths {
		examples, err := corpus.ReadExamples(path)
		require.NoError(t, err)
		files[strings.TrimSuffix(filepath.Base(path), ".txt")] = examples
	}
	return files
}

// TestKinds tries texts in every position of a record: what is marked goes, and
// nothing else.
func TestKinds(t *testing.T) {
	for file, examples := range examplesOf(t, "kinds") {
		t.Run(file, func(t *testing.T) {
			name := family(file)
			sets := kindSets[name]
			if sets == nil {
				sets = []string{"default"}
			}
			r := newRedactor(sets...)
			for _, example := range examples {
				for _, c := range carriers {
					if c.oneLine && ownLines[name] {
						continue
					}
					out, ok := c.carry(r, example.Text)
					what := fault(example, out)
					if !ok && what == "" {
						what = "what is around is not as it was"
					}
					assert.Empty(t, what, "%s\n in %q\nout %q", c.name, example.Text, out)
				}
				assert.Empty(t, structured(r, example), example.Text)
			}
		})
	}
}

// valuesUnder are what is tried under the names of a file, with what makes them.
var valuesUnder = map[string][]string{
	// A secret whatever it looks like.
	"secrets": {"k3J9x7Qp2wLm", "granite", "granite42fox", "9fK2mQ7xLpW4vB8sZt6R"},
	// A number is plausible, too.
	"numbers": {"48213977", "483920", "k3J9x7Qp2wLm"},
	// A secret if it is random.
	"random": {"9fK2mQ7xLpW4vB8s", "k3J9x7Qp2wLmZt6RbY4c"},
	// A label is walked, and says what is no secret beside one that is random.
	"labels": {"9fK2mQ7xLpW4vB8sZt6R"},
	// What belongs to a secret: when, how many, where.
	"metadata": {"7", "3600", "granite", "none", "2026-11-26T10:00:00Z"},
	"places":   {"/run/granite.json", "vault-granite", "config/granite.pem"},
	// It has several words.
	"phrases": {"granite lake seven", "granite"},
	"dates":   {"1984-05-12", "12/05/1984"},
	// Identifiers are as random as secrets.
	"identifiers": {"9fK2mQ7xLpW4vB8s", "4411"},
	// A word of another meaning.
	"others": {"granite", "17"},
}

// TestNames tries names with values in every way in which they are written.
func TestNames(t *testing.T) {
	names, positions := examplesOf(t, "names"), examplesOf(t, "positions")
	r := newRedactor()
	for position, forms := range positions {
		for file, list := range names {
			t.Run(position+"/"+file, func(t *testing.T) {
				values := valuesUnder[family(file)]
				require.NotEmpty(t, values)
				if only := decidable[family(file)]; only != nil && !slices.Contains(only, family(position)) {
					t.Skip("it cannot be told from other text")
				}
				faults := faults{}
				for _, name := range list {
					for _, form := range forms {
						for _, w := range drawn(name.Text, form.Text, values) {
							faults.add(r, written(form, w.name, w.value, len(name.Secrets) > 0))
						}
					}
				}
				faults.report(t)
			})
		}
	}
}

// draws is how many of the ways to spell a name, with how many values, are tried in each
// form: all of them in all forms would take minutes.
const draws = 1

type named struct{ name, value string }

// drawn returns some spellings of a name with values, always the same ones.
func drawn(name, form string, values []string) (list []named) {
	spelled := spellings(name)
	all := len(spelled) * len(values)
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(name + form)) // it never fails
	first := int(hash.Sum32() % uint32(all))
	for i := range min(draws, all) {
		at := (first + i) % all
		list = append(list, named{spelled[at%len(spelled)], values[at/len(spelled)]})
	}
	return list
}

// faults are what went wrong, of how many.
type faults struct {
	tried int
	lines []string
}

// add tries an example as a text, or as one in JSON, and as attributes.
func (f *faults) add(r *redaction.Redactor, example corpus.Example) {
	f.tried++
	c := &carriers[0]
	if len(example.Text)%2 == 0 {
		c = &carriers[4]
	}
	out, ok := c.carry(r, example.Text)
	if what := fault(example, out); !ok || what != "" {
		f.lines = append(f.lines, fmt.Sprintf("%s: %s\n in %q\nout %q", c.name, what, example.Text, out))
	}
	if what := structured(r, example); what != "" {
		f.lines = append(f.lines, fmt.Sprintf("%q: %s", example.Text, what))
	}
}

func (f *faults) report(t *testing.T) {
	t.Helper()
	const shown = 8
	for i, line := range f.lines {
		if i%(len(f.lines)/shown+1) == 0 {
			t.Log(line)
		}
	}
	assert.Empty(t, len(f.lines), "of %d", f.tried)
}

// written puts a name and a value into a form.
func written(form corpus.Example, name, value string, isSecret bool) corpus.Example {
	replacer := strings.NewReplacer("KEY", name, "VALUE", value)
	e := corpus.Example{Text: replacer.Replace(form.Text)}
	if !isSecret {
		return e
	}
	for _, around := range form.Around {
		e.Around = append(e.Around, replacer.Replace(around))
	}
	for _, secret := range form.Secrets {
		e.Secrets = append(e.Secrets, replacer.Replace(secret))
	}
	return e
}

var snakeCase = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)+$`)

// spellings are the ways in which a name of several words is written. What is not
// written_like_this is written in one way.
func spellings(name string) []string {
	if !snakeCase.MatchString(name) {
		return []string{name}
	}
	words := strings.Split(name, "_")
	title := func(words []string) (titles []string) {
		for _, word := range words {
			titles = append(titles, strings.ToUpper(word[:1])+word[1:])
		}
		return titles
	}
	pascal := strings.Join(title(words), "")
	return []string{
		name, strings.ToUpper(name), strings.Join(words, "-"), strings.Join(title(words), "-"), words[0] + pascal[len(words[0]):], pascal,
	}
}

// family is what the names of several files have in common: secrets-oauth is of secrets.
func family(file string) string {
	name, _, _ := strings.Cut(file, "-")
	return name
}

// decidable are the positions of names that cannot be told from other text in all: of a
// value without quotes that has blanks nobody knows the end, and an operator is looked
// for behind letters of ASCII.
var decidable = map[string][]string{
	"phrases":   {"quoted"},
	"languages": {"assignments", "quoted"},
}
