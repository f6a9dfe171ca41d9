package minalog

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

const testTraceback = "Traceback (most recent call last):\n  File \"/srv/mina/pay.py\", line 41, in pay\n    charge()\nValueError: card declined"

// quoted returns a text as JSON.
func quoted(t testing.TB, text string) string {
	t.Helper()
	encoded, err := json.Marshal(text)
	require.NoError(t, err)
	return string(encoded)
}

// lineList returns the lines of a text as a JSON list, each with what follows it.
func lineList(t testing.TB, text, end string) string {
	t.Helper()
	var all []string
	for line := range strings.Lines(text) {
		all = append(all, quoted(t, strings.TrimSuffix(line, "\n")+end))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

func TestExceptionsTakeTheFormOfMinasOwn(t *testing.T) {
	type attributes = map[string]any
	text := quoted(t, testTraceback)
	whole := attributes{"type": "ValueError", "message": "card declined", "traceback": testTraceback}
	const frames = `[{"filename": "/srv/mina/pay.py", "lineno": 41, "name": "pay"}]`
	rebuilt := attributes{"type": "ValueError", "message": "card declined", "traceback": strings.Replace(testTraceback, "    charge()\n", "", 1)}
	short := attributes{"type": "ValueError", "message": "card declined"}
	for line, want := range map[string]attributes{
		`{"exc_info": ` + text + `, "exc_text": null, "stack_info": null}`: {"exception": whole},
		`{"exc_text": ` + text + `}`:                                       {"exception": whole},
		`{"exc_text": ` + text + `, "exc_info": ` + text + `}`:             {"exception": whole},
		`{"exception": ` + text + `}`:                                      {"exception": whole},
		`{"stack_trace": ` + text + `}`:                                    {"exception": whole},
		`{"traceback": ` + text + `}`:                                      {"exception": whole},
		`{"error": ` + text + `}`:                                          {"exception": whole},
		`{"error.stack_trace": ` + text + `}`:                              {"exception": whole},
		`{"exc_info": ` + lineList(t, testTraceback, "") + `}`:             {"exception": whole},
		`{"exc_info": ` + lineList(t, testTraceback, "\n") + `}`:           {"exception": whole},
		`{"traceback": ` + lineList(t, testTraceback, "\n") + `}`:          {"exception": whole},
		`{"exception": {"type": "ValueError", "message": "card declined", "traceback": ` + lineList(t, testTraceback, "\n") + `}}`: {"exception": whole},
		`{"exception": {"traceback": ` + text + `}}`:                                                   {"exception": whole},
		`{"exception": {"type": "ValueError", "message": "card declined", "traceback": ` + text + `}}`: {"exception": whole},
		`{"exception": {"type": "ValueError", "message": "card declined", "traceback": null}}`: {
			"exception": attributes{"type": "ValueError", "message": "card declined", "traceback": nil},
		},
		`{"exception": {"type": "ValueError", "message": null, "traceback": ` + text + `}}`: {"exception": whole},
		`{"exception": {"type": "ValueError", "traceback": ` + text + `, "code": 7}}`: {
			"exception": attributes{"code": int64(7)}, "exception.type": "ValueError", "exception.message": "card declined", "exception.traceback": testTraceback,
		},
		// structlog
		`{"exception": [{"exc_type": "ValueError", "exc_value": "card declined", "exc_notes": [], "syntax_error": null, "is_cause": false, "frames": ` + frames + `, "is_group": false, "exceptions": []}]}`: {"exception": rebuilt},
		`{"exception": [{"exc_type": "ValueError", "exc_value": "card declined", "frames": ` + frames + `, "exc_notes": ["try another", "soon"]}]}`: {"exception": attributes{
			"type": "ValueError", "message": "card declined\ntry another\nsoon", "traceback": rebuilt["traceback"].(string) + "\ntry another\nsoon",
		}},
		`{"exception": [{"exc_type": "PayError", "exc_value": "gave up", "frames": ` + frames + `}, {"exc_type": "ValueError", "exc_value": "card declined", "is_cause": true, "frames": ` + frames + `},` +
			`{"exc_type": "KeyError", "exc_value": "'card'", "is_cause": false, "frames": []}]}`: {"exception": attributes{
			"type": "PayError", "message": "gave up", "traceback": "KeyError: 'card'\n\n" + pytrace.ContextLine + "\n\n" + rebuilt["traceback"].(string) + "\n\n" + pytrace.CauseLine + "\n\n" +
				strings.Replace(rebuilt["traceback"].(string), "ValueError: card declined", "PayError: gave up", 1),
		}},
		`{"exception": [{"exc_type": "ValueError", "exc_value": "card declined", "frames": [{"filename": "/srv/mina/pay.py", "lineno": 41, "name": "pay", "locals": {"n": "1"}}]}]}`: {
			"exception": []any{attributes{"exc_type": "ValueError", "exc_value": "card declined", "frames": []any{attributes{
				"filename": "/srv/mina/pay.py", "lineno": int64(41), "name": "pay", "locals": attributes{"n": "1"},
			}}}},
			"exception.type": "ValueError", "exception.message": "card declined", "exception.traceback": rebuilt["traceback"],
		},
		`{"exc_info": {"exc_type": "ValueError", "exc_value": "card declined", "traceback": ` + frames + `}}`:                                                                             {"exception": rebuilt},
		`{"exception": {"type": "ValueError", "message": "card declined", "traceback": ["  File \"/srv/mina/pay.py\", line 41, in pay\n    charge()\n", "ValueError: card declined\n"]}}`: {"exception": whole},
		`{"traceback": "  File \"/srv/mina/pay.py\", line 41, in pay\n    charge()\nValueError: card declined"}`:                                                                          {"exception": whole},
		// The last line alone.
		`{"exception": "ValueError: card declined"}`:                            {"exception": short},
		`{"exc_text": "app.errors.Declined: card\ndeclined"}`:                   {"exception": attributes{"type": "app.errors.Declined", "message": "card\ndeclined"}},
		`{"exception": "Note: declined", "error": "ValueError: card declined"}`: {"exception": "Note: declined", "error": "ValueError: card declined"},
		// ECS
		`{"error": {"type": "ValueError", "message": "card declined", "stack_trace": "  File \"/srv/mina/pay.py\", line 41, in pay\n    charge()\n"}}`:        {"exception": whole},
		`{"error.type": "ValueError", "error.message": "card declined", "error.stack_trace": "  File \"/srv/mina/pay.py\", line 41, in pay\n    charge()\n"}`: {"exception": whole},
		`{"error": {"type": "ValueError", "message": "card declined"}}`:                                                                                       {"exception": short},
		`{"error": {"type": "ValueError", "message": "card declined", "code": 7, "stack_trace": ` + text + `}}`:                                               {"exception": whole, "error": attributes{"code": int64(7)}},
		// Datadog
		`{"error": {"kind": "ValueError", "message": "card declined", "stack": ` + text + `}}`:        {"exception": whole},
		`{"error.kind": "ValueError", "error.message": "card declined", "error.stack": ` + text + `}`: {"exception": whole},
		// Lambda
		`{"errorType": "ValueError", "errorMessage": "card declined", "stackTrace": ["  File \"/srv/mina/pay.py\", line 41, in pay\n    charge()\n"]}`: {"exception": whole},
		// loguru
		`{"record": {"exception": {"type": "ValueError", "value": "card declined", "traceback": true}, "line": 41}}`: {"exception": short, "record": attributes{"line": int64(41)}},
		`{"text": ` + quoted(t, "… - Payment failed\n"+testTraceback+"\n") + `, "record": {"exception": {"type": "ValueError", "value": "card declined", "traceback": true}}}`: {
			"exception": whole, "record": attributes{}, "text": "… - Payment failed\n" + testTraceback + "\n",
		},
		`{"record": {"exception": null, "line": 41}}`: {"record": attributes{"exception": nil, "line": int64(41)}},
		// Powertools
		`{"exception": ` + text + `, "exception_name": "ValueError", "stack_trace": {"type": "ValueError", "value": "card declined", "module": "builtins", "frames": [{"file": "/srv/mina/pay.py", "line": 41, "function": "pay", "statement": "charge()"}]}}`: {"exception": whole},
		`{"stack_trace": {"type": "ValueError", "value": "card declined", "module": "app.errors", "frames": [{"file": "/srv/mina/pay.py", "line": 41, "function": "pay", "statement": "charge()"}]}, "exception_name": "ValueError"}`: {
			"exception": attributes{"type": "app.errors.ValueError", "message": "card declined", "traceback": strings.Replace(testTraceback, "ValueError", "app.errors.ValueError", 1)},
		},
		// What json.dumps(record.__dict__, default=str) and str make of sys.exc_info().
		`{"exc_info": ["<class 'ValueError'>", "card declined", "<traceback object at 0x7f0c>"], "exc_text": ` + text + `}`: {"exception": whole},
		`{"exc_info": ["<class 'ValueError'>", "card declined", "<traceback object at 0x7f0c>"]}`:                           {"exception": short},
		`{"exc_info": "(<class 'ValueError'>, ValueError('card declined'), <traceback object at 0x7f0c>)"}`:                 {"exception": short},
		// Two that are not the same.
		`{"exc_info": ` + text + `, "exception": "declined"}`: {
			"exception": "declined", "exception.type": "ValueError", "exception.message": "card declined", "exception.traceback": testTraceback,
		},
		`{"exc_text": ` + text + `, "error": {"type": "KeyError", "message": "'x'"}}`: {"exception": whole, "error": attributes{"type": "KeyError", "message": "'x'"}},
		// What is none.
		`{"exception": "declined", "exc_info": true, "error": {"type": "invalid_request", "message": "no card"}, "traceback": "off", "stack_trace": 7}`: {
			"exception": "declined", "exc_info": true, "error": attributes{"type": "invalid_request", "message": "no card"}, "traceback": "off", "stack_trace": int64(7),
		},
		`{"error": [{"type": "missing", "msg": "Field required"}, {"type": "missing", "msg": "Field required"}]}`: {
			"error": []any{attributes{"type": "missing", "msg": "Field required"}, attributes{"type": "missing", "msg": "Field required"}},
		},
		`{"error": {"type": "Point", "coordinates": [1]}, "exception_name": "x", "error.message": "y"}`: {
			"error": attributes{"type": "Point", "coordinates": []any{int64(1)}}, "exception_name": "x", "error.message": "y",
		},
		`{"exc_info": ` + quoted(t, testTraceback[:60]) + `}`: {"exc_info": testTraceback[:60]},
		`{"stack_info": "Stack (most recent call last):\n  File \"a.py\", line 1, in f", "exc_info": null, "exc_text": null, "taskName": null}`: {
			"stack_info": "Stack (most recent call last):\n  File \"a.py\", line 1, in f",
		},
	} {
		record, _ := decodeLine(t, line)
		assert.Equal(t, want, record.Attributes().AsRaw(), line)
	}
}

func TestATracebackInAMessageIsTheException(t *testing.T) {
	type attributes = map[string]any
	whole := attributes{"exception": attributes{"type": "ValueError", "message": "card declined", "traceback": testTraceback}}
	for line, want := range map[string]decoded{
		`{"message": ` + quoted(t, "Payment failed\n"+testTraceback) + `}`:                                      {body: "Payment failed", attributes: whole},
		`{"msg": ` + quoted(t, "Payment failed\n"+testTraceback) + `, "args": null}`:                            {body: "Payment failed", attributes: whole},
		`{"message": ` + quoted(t, testTraceback) + `}`:                                                         {body: "ValueError: card declined", attributes: whole},
		`{"message": ` + quoted(t, "cut\n"+testTraceback[:60]) + `}`:                                            {body: "cut\n" + testTraceback[:60], attributes: attributes{}},
		`{"message": ` + quoted(t, "twice\n"+testTraceback) + `, "exc_info": ` + quoted(t, testTraceback) + `}`: {body: "twice\n" + testTraceback, attributes: whole},
	} {
		assert.Equal(t, want, decodedOf(t, line), line)
	}
}

func TestMessagesArePutTogetherAsPythonDoes(t *testing.T) {
	type attributes = map[string]any
	for line, want := range map[string]decoded{
		`{"msg": "User %s logged in from %s", "args": ["ana", "203.0.113.9"]}`:                     {body: "User ana logged in from 203.0.113.9"},
		`{"msg": "%s is %r and %5.1f, %d%%", "args": ["it's", "it's", 2.5, true]}`:                 {body: `it's is "it's" and   2.5, 1%`},
		`{"msg": "%(who)s did %(what)r", "args": {"who": "ana", "what": [1, null, {"a": "b\n"}]}}`: {body: `ana did [1, None, {'a': 'b\n'}]`},
		`{"msg": "did %s", "args": "('it',)"}`:                                                     {body: "did it"},
		`{"msg": "50% done", "args": []}`:                                                          {body: "50% done"},
		`{"msg": "50% done", "args": null}`:                                                        {body: "50% done"},
		`{"msg": "50% done"}`:                                                                      {body: "50% done"},
		`{"msg": "%s and %s", "args": ["one"]}`:                                                    {body: "%s and %s", attributes: attributes{"args": []any{"one"}}},
		`{"msg": "%d", "args": ["one"]}`:                                                           {body: "%d", attributes: attributes{"args": []any{"one"}}},
		`{"msg": "%s", "args": "(<Meeting 7>,)"}`:                                                  {body: "%s", attributes: attributes{"args": "(<Meeting 7>,)"}},
		`{"msg": "at %s", "args": 7}`:                                                              {body: "at %s", attributes: attributes{"args": int64(7)}},
		`{"msg": "at %f", "args": [NaN]}`:                                                          {body: "at nan"},
		`{"message": "at 7", "msg": "at %s", "args": [7]}`:                                         {body: "at 7", attributes: attributes{"msg": "at %s", "args": []any{int64(7)}}},
		`{"event": "at %s", "args": [7]}`:                                                          {body: "at %s", attributes: attributes{"args": []any{int64(7)}}},
	} {
		if want.attributes == nil {
			want.attributes = attributes{}
		}
		assert.Equal(t, want, decodedOf(t, line), line)
	}
}

// What is put together is what Python prints, so that Sentry finds the same in it.
func TestGroupsOfStructlogArePrintedAsPythonDoes(t *testing.T) {
	const frames = `"frames": [{"filename": "a.py", "lineno": 1, "name": "f"}]`
	const line = `{"exception": [{"exc_type": "ExceptionGroup", "exc_value": "two (3 sub-exceptions)", "is_group": true, ` + frames + `, "exceptions": [` +
		`[{"exc_type": "ValueError", "exc_value": "1\nx", ` + frames + `}], ` +
		`[{"exc_type": "OSError", "exc_value": "o", ` + frames + `}, {"exc_type": "TypeError", "exc_value": "t", "is_cause": true, "frames": []}], ` +
		`[{"exc_type": "ExceptionGroup", "exc_value": "in (1 sub-exception)", "is_group": true, "frames": [], "exceptions": [[{"exc_type": "KeyError", "exc_value": "2", "frames": []}]]}]]}]}`
	const want = `  + Exception Group Traceback (most recent call last):
  |   File "a.py", line 1, in f
  | ExceptionGroup: two (3 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "a.py", line 1, in f
    | ValueError: 1
    | x
    +---------------- 2 ----------------
    | TypeError: t
    | 
    | The above exception was the direct cause of the following exception:
    | 
    | Traceback (most recent call last):
    |   File "a.py", line 1, in f
    | OSError: o
    +---------------- 3 ----------------
    | ExceptionGroup: in (1 sub-exception)
    +-+---------------- 1 ----------------
      | KeyError: 2
      +------------------------------------`
	record, _ := decodeLine(t, line)
	require.Equal(t, map[string]any{"exception": map[string]any{
		"type": "ExceptionGroup", "message": "two (3 sub-exceptions)", "traceback": want,
	}}, record.Attributes().AsRaw())
	parsed := pytrace.Parse(want)
	require.NotNil(t, parsed)
	assert.Equal(t, "ExceptionGroup", parsed.Type)
	assert.Len(t, parsed.Group, 3)
	assert.Len(t, parsed.Group[2].Group, 1)
}

func TestNothingOfAnObjectThatIsNoExceptionIsLost(t *testing.T) {
	for _, line := range []string{
		`{"error": {"type": "ValueError", "kind": "other", "message": "x", "traceback": "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: x"}}`,
		`{"exception": {"type": "ValueError", "message": {"code": "other"}, "module": ["other"], "traceback": ["ValueError: x"]}}`,
		`{"exception": {"type": "ValueError", "value": "x", "message": "other", "traceback": ["ValueError: x"], "is_cause": "other"}}`,
		`{"exception": {"type": "ValueError", "message": "x", "traceback": ["ValueError: x"], "stack": "other", "frames": ["other"]}}`,
	} {
		record, _ := decodeLine(t, line)
		got, err := json.Marshal(record.Attributes().AsRaw())
		require.NoError(t, err)
		assert.Equal(t, strings.Count(line, "other"), strings.Count(string(got), "other"), "%s\n%s", line, got)
	}
}
