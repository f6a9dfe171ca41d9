package pytrace

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

const (
	called   = "Traceback (most recent call last):\n  File \"/srv/mina/app.py\", line 91, in end\n    parse_id(raw)\n"
	parsed   = "  File \"/srv/mina/services/ids.py\", line 7, in parse_id\n    raise ValueError(raw)\n"
	decoded  = "  File \"/usr/lib/python3.13/json/decoder.py\", line 345, in decode\n    obj, end = self.raw_decode(s)\n"
	executed = "  File \"/srv/mina/.venv/lib/python3.13/site-packages/sqlalchemy/engine/base.py\", line 1964, in _exec\n    self.run()\n"
	started  = "  File \"<frozen importlib._bootstrap>\", line 488, in _call_with_frames_removed\n"
)

func TestTheInnermostCall(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"of the application":       {called + parsed + "ValueError: x\n", "services.ids.parse_id"},
		"in front of a library's":  {called + parsed + decoded + executed + "ValueError: x\n", "services.ids.parse_id"},
		"between libraries'":       {called + executed + parsed + decoded + "ValueError: x\n", "services.ids.parse_id"},
		"of a library alone":       {"Traceback (most recent call last):\n" + executed + decoded + "ValueError: x\n", "json.decoder.decode"},
		"of the importer alone":    {"Traceback (most recent call last):\n" + started + "ImportError: x\n", "importlib._bootstrap._call_with_frames_removed"},
		"of a string":              {"Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\nNameError: x\n", "<string>.<module>"},
		"at an import":             {called + started + "  File \"/srv/mina/settings.py\", line 3, in <module>\n    KEY\nNameError: x\n", "settings.<module>"},
		"a syntax error":           {called + "  File \"/srv/mina/broken.py\", line 3\n    def\n       ^\nSyntaxError: invalid syntax\n", "broken"},
		"a lambda":                 {called + "  File \"/srv/mina/app.py\", line 3, in <lambda>\n    f()\nNameError: x\n", "app.<lambda>"},
		"with qualified names":     {called + "  File \"/srv/mina/app.py\", line 3, in load.<locals>.inner\n    f()\nNameError: x\n", "app.load.<locals>.inner"},
		"below a decorator's":      {called + "  File \"/srv/mina/decorators.py\", line 3, in wrapper\n    return f(*a)\n" + parsed + "ValueError: x\n", "services.ids.parse_id"},
		"a list comprehension":     {called + parsed + "  File \"/srv/mina/services/ids.py\", line 7, in <listcomp>\n    x\nNameError: x\n", "services.ids.parse_id"},
		"a generator":              {called + parsed + "  File \"/srv/mina/services/ids.py\", line 9, in <genexpr>\n    x\nNameError: x\n", "services.ids.parse_id"},
		"a generator of others":    {called + parsed + "  File \"/srv/mina/rows.py\", line 9, in <genexpr>\n    x\nNameError: x\n", "rows.<genexpr>"},
		"without source":           {"Traceback (most recent call last):\n  File \"/srv/mina/app.py\", line 1, in f\n  File \"/srv/mina/b.py\", line 1, in g\nKeyError: 'x'", "b.g"},
		"of recursion":             {called + parsed + "  [Previous line repeated 970 more times]\nRecursionError: x\n", "services.ids.parse_id"},
		"of what was raised last":  {called + parsed + "KeyError: 'x'\n\n" + ContextLine + "\n\n" + called + "ValueError: x\n", "app.end"},
		"of the effect":            {called + "KeyError: 'x'\n\n" + CauseLine + "\n\n" + called + parsed + "ValueError: x\n", "services.ids.parse_id"},
		"of a report":              {"Exception in thread Thread-1 (work):\n" + called + parsed + "ValueError: x\n", "services.ids.parse_id"},
		"of the second report":     {called + "KeyError: 'x'\n" + called + parsed + "ValueError: x\n", "services.ids.parse_id"},
		"not of the stack behind":  {called + parsed + "ValueError: x\nStack (most recent call last):\n  File \"/srv/mina/z.py\", line 3, in z\n    log()\n", "services.ids.parse_id"},
		"not of a message":         {called + parsed + "ValueError: called from\n  File \"/srv/b.py\", line 2, in g\n    and that is all\n", "services.ids.parse_id"},
		"not of a quoted one":      {called + parsed + "RuntimeError: worker failed:\n" + called + "KeyError: 'x'\n", "services.ids.parse_id"},
		"among foreign lines":      {called + "DeprecationWarning: old\n" + parsed + "ValueError: x\n", "services.ids.parse_id"},
		"behind a head":            {"2026-11-26 16:12:05,785 ERROR app: failed\n" + called + parsed + "ValueError: x\n", "services.ids.parse_id"},
		"by loguru":                {"Traceback (most recent call last):\n\n> File \"/srv/mina/a.py\", line 3, in run\n    pay()\n    └ <function pay>\n\n  File \"/srv/mina/b.py\", line 41, in pay\n    charge()\n\nValueError: card declined\n", "b.pay"},
		"with CRLF":                {strings.ReplaceAll(called+parsed+"ValueError: x\n", "\n", "\r\n"), "services.ids.parse_id"},
		"cut off at its beginning": {"    return f()\n" + parsed + "ValueError: x\n", "services.ids.parse_id"},
		"cut off at its end":       {called + parsed, ""},
		"cut off in its cause":     {called + parsed + "KeyError: 'x'\n\n" + CauseLine + "\n", ""},
		"without calls":            {"ValueError: x", ""},
		"of a header alone":        {Header, ""},
		"of no exception":          {"hello", ""},
		"of nothing":               {"", ""},
		"of a stack alone":         {"slow\nStack (most recent call last):\n" + parsed, ""},
		"of another language":      {"java.lang.NullPointerException: x\n\tat com.example.Pay.charge(Pay.java:41)\n", ""},
	} {
		assert.Equal(t, tt.want, Innermost([]byte(tt.text)), name)
	}
}

// groupRaised is a group that was raised in the application, and holds two.
const groupRaised = "  + Exception Group Traceback (most recent call last):\n" +
	"  |   File \"/srv/mina/jobs.py\", line 12, in run\n  |     async with TaskGroup():\n" +
	"  |   File \"/usr/lib/python3.13/asyncio/taskgroups.py\", line 72, in __aexit__\n  |     return\n" +
	"  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)\n" +
	"  +-+---------------- 1 ----------------\nFIRST" +
	"    +---------------- 2 ----------------\n" +
	"    | Traceback (most recent call last):\n    |   File \"/srv/mina/other.py\", line 1, in other\n    | KeyError: 'x'\n" +
	"    +------------------------------------\n"

func TestTheInnermostCallOfAGroup(t *testing.T) {
	for name, tt := range map[string]struct{ first, want string }{
		"is of the first it holds":            {"    | Traceback (most recent call last):\n    |   File \"/srv/mina/fetch.py\", line 1, in fetch\n    | ValueError: x\n", "fetch.fetch"},
		"is its own, if that is of a library": {"    | Traceback (most recent call last):\n    |   File \"/usr/lib/python3.13/socket.py\", line 1, in connect\n    | OSError: x\n", "jobs.run"},
		"is of the next, if that has none":    {"    | ValueError: x\n", "other.other"},
		"is of the effect in it":              {"    | Traceback (most recent call last):\n    |   File \"/srv/mina/a.py\", line 1, in a\n    | KeyError: 1\n    | \n    | " + CauseLine + "\n    | \n    | Traceback (most recent call last):\n    |   File \"/srv/mina/b.py\", line 1, in b\n    | ValueError: x\n", "b.b"},
		"is of a group in it":                 {"    | Exception Group Traceback (most recent call last):\n    |   File \"/srv/mina/a.py\", line 1, in a\n    | ExceptionGroup: inner (1 sub-exception)\n    +-+---------------- 1 ----------------\n      | Traceback (most recent call last):\n      |   File \"/srv/mina/deep.py\", line 1, in deep\n      | ValueError: x\n      +------------------------------------\n", "deep.deep"},
	} {
		assert.Equal(t, tt.want, Innermost([]byte(strings.Replace(groupRaised, "FIRST", tt.first, 1))), name)
	}
	chained := groupRaised + "\n" + ContextLine + "\n\n" + called + parsed + "ValueError: x\n"
	assert.Equal(t, "services.ids.parse_id", Innermost([]byte(strings.Replace(chained, "FIRST", "", 1))), "unless another came of it")
}

// TestTheSameBugHasTheSameName fails in one place of many deployments, and versions of the
// program and of Python.
func TestTheSameBugHasTheSameName(t *testing.T) {
	text := called + parsed + decoded + "ValueError: x\n"
	for name, replacements := range map[string][]string{
		"another directory":  {"/srv/mina/", "/srv/mina-2026-11/"},
		"a container":        {"/srv/mina/", "/app/"},
		"a release":          {"/srv/mina/", "/home/x/releases/123/"},
		"Windows":            {"/srv/mina/services/", `C:\apps\mina\services\`, "/usr/lib/python3.13/json/", `C:\Python313\Lib\json\`},
		"the working folder": {"/srv/mina/", ""},
		"other lines":        {"line 7", "line 1007", "line 91", "line 4"},
		"another Python":     {"/usr/lib/python3.13/", "/opt/conda/envs/mina/lib/python3.9/"},
		"other source":       {"raise ValueError(raw)", "raise ValueError(repr(raw))"},
		"other values":       {"ValueError: x", "ValueError: 42\nfor 43"},
	} {
		assert.Equal(t, "services.ids.parse_id", Innermost([]byte(strings.NewReplacer(replacements...).Replace(text))), name)
	}
}

func TestANameIsBounded(t *testing.T) {
	path := "/srv/mina/" + strings.Repeat("größe/", 1000) + "ids.py"
	name := Innermost([]byte("Traceback (most recent call last):\n  File \"" + path + "\", line 1, in parse_id\nValueError: x"))
	assert.LessOrEqual(t, len(name), maxInnermost)
	assert.True(t, utf8.ValidString(name))
	assert.True(t, strings.HasSuffix(name, "größe.ids.parse_id"), name)
}

func TestMarkedLines(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"a traceback": {"Traceback (most recent call last):\n" + decoded + parsed + "ValueError: x\n  and more", "   ##  "},
		"markers":     {"Traceback (most recent call last):\n" + parsed + "    ~~~^^\n  [Previous line repeated 3 more times]\n" + decoded + "ValueError: x", " ####   "},
		"a group":     {strings.Replace(groupRaised, "FIRST", "", 1), " ##      #   "},
		"with CRLF":   {strings.ReplaceAll(parsed, "\n", "\r\n") + "x", "## "},
		"prose":       {"hello\n\n  there", "   "},
	} {
		var got strings.Builder
		var lines []string
		for line, isOwn := range Marked(tt.text) {
			lines = append(lines, line)
			got.WriteByte(map[bool]byte{true: '#', false: ' '}[isOwn])
		}
		assert.Equal(t, tt.want, got.String(), name)
		assert.Equal(t, strings.ReplaceAll(tt.text, "\r", ""), strings.Join(lines, "\n"), name)
	}
}

func FuzzInnermost(f *testing.F) {
	for _, text := range fixtures(f) {
		f.Add(text)
	}
	f.Add(strings.Replace(groupRaised, "FIRST", "", 1))
	f.Fuzz(func(t *testing.T, text string) {
		name := Innermost([]byte(text))
		if len(name) > maxInnermost {
			t.Fatalf("%d bytes", len(name))
		}
		if _, _, isRaised := Raised([]byte(text)); name != "" && !isRaised {
			t.Fatalf("%q of an exception that was not raised", name)
		}
		if e := Parse(text); name == "" && e != nil && e.Type != "" && len(e.Frames) > 0 && e.Frames[0].Function != "" {
			t.Fatalf("no name of %+v", e.Frames)
		}
		for range Marked(text) {
		}
	})
}

func BenchmarkInnermost(b *testing.B) {
	for _, name := range []string{"three.txt", "nested.txt", "recursion.txt"} {
		text := []byte(fixtures(b)[name])
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Innermost(text)
			}
		})
	}
}

func BenchmarkMarked(b *testing.B) {
	text := fixtures(b)["nested.txt"]
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for range Marked(text) {
		}
	}
}
