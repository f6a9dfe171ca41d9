package pytrace

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatWasRaised(t *testing.T) {
	const stack = "Stack (most recent call last):\n  File \"/srv/mina/main.py\", line 3, in <module>\n    f()\n"
	for name, tt := range map[string]struct{ text, class, message string }{
		"one":                              {traced + "ValueError: bad id\n", "ValueError", "bad id"},
		"without a message":                {traced + "KeyboardInterrupt\n", "KeyboardInterrupt", ""},
		"with an empty message":            {traced + "ValueError: \n", "ValueError", ""},
		"whose text fails":                 {traced + "app.Odd: <exception str() failed>\n", "app.Odd", "<exception str() failed>"},
		"of a local class":                 {traced + "app.make.<locals>.Local: no way\n", "app.make.<locals>.Local", "no way"},
		"of a class beyond ASCII":          {traced + "büro.Fehlerø: nein\n", "büro.Fehlerø", "nein"},
		"with a note":                      {traced + "ValueError: bad id\nWhile reading: meeting 7\n", "ValueError", "bad id\nWhile reading: meeting 7"},
		"with lines like classes":          {traced + "ValueError: first\n\nKeyError: 'x'\nSystemExit\n", "ValueError", "first\n\nKeyError: 'x'\nSystemExit"},
		"with blanks":                      {traced + "ValueError:  two \n", "ValueError", " two"},
		"with a line first":                {traced + "LookupError: \n****\n", "LookupError", "\n****"},
		"with the caller's stack":          {traced + "ZeroDivisionError: division by zero\n" + stack, "ZeroDivisionError", "division by zero"},
		"with a statement":                 {traced + "sqlalchemy.exc.IntegrityError: (a) b\nDETAIL:  Key\n\n[SQL: x]\n", "sqlalchemy.exc.IntegrityError", "(a) b\nDETAIL:  Key\n\n[SQL: x]"},
		"in a template":                    {traced + "jinja2.exceptions.TemplateSyntaxError: unexpected\n  File \"/srv/a.html\", line 3\n    {{ x\n", "jinja2.exceptions.TemplateSyntaxError", "unexpected\n  File \"/srv/a.html\", line 3\n    {{ x"},
		"below a place":                    {"  File \"/srv/a.py\", line 3\n    a b\n      ^\nSyntaxError: invalid syntax\n", "SyntaxError", "invalid syntax"},
		"below a message":                  {"Error: payment\nnote: x\n" + traced + "ValueError: bad id", "ValueError", "bad id"},
		"after a cause":                    {traced + "KeyError: 'x'\n" + joined + traced + "ValueError: bad id", "ValueError", "bad id"},
		"after a cause not raised":         {"root.Cause: x\n" + joined + traced + "ValueError: bad id", "ValueError", "bad id"},
		"not raised, after a cause":        {traced + "KeyError: 'x'\n" + joined + "app.Odd: bad id", "app.Odd", "bad id"},
		"after a remote one":               {"pool.RemoteTraceback: \n\"\"\"\n" + traced + "KeyError: 'x'\n\"\"\"\n" + joined + traced + "ValueError: bad id", "ValueError", "bad id"},
		"after a traceback in its message": {traced + "RuntimeError: worker failed:\n" + traced + "KeyError: 'x'", "RuntimeError", "worker failed:\n" + traced + "KeyError: 'x'"},
		"after another report":             {traced + "KeyError: 'x'\n" + traced + "ValueError: bad id", "ValueError", "bad id"},
		"after a thread's":                 {traced + "KeyError: 'x':\nException in thread Thread-1:\n" + traced + "ValueError: bad id", "ValueError", "bad id"},
		"after the hook's":                 {"Error in sys.excepthook:\n" + traced + "KeyError: 'x'\n\nOriginal exception was:\n" + traced + "ValueError: bad id", "ValueError", "bad id"},
		"in the logging module":            {"--- Logging error ---\n" + traced + "TypeError: not all\nCall stack:\n  File \"a.py\", line 5, in <module>\n    x()\nMessage: 'x'\nArguments: (1,)\n", "TypeError", "not all"},
		"that tells of a call stack":       {traced + "TypeError: x\nCall stack:\n  y\n", "TypeError", "x\nCall stack:\n  y"},
		"among other programs' lines":      {traced + "DeprecationWarning: old\n  File \"/srv/b.py\", line 2, in g\n    raise\nValueError: bad id", "ValueError", "bad id"},
		"that tells of frames":             {traced + "ValueError: called from\n  File \"/srv/b.py\", line 2, in g\n    and that is all\n", "ValueError", "called from\n  File \"/srv/b.py\", line 2, in g\n    and that is all"},
		"by loguru":                        {"Traceback (most recent call last):\n\n  File \"/srv/a.py\", line 3, in <module>\n    pay()\n    └ <function pay>\n\n> File \"/srv/b.py\", line 41, in pay\n    charge()\n    └ <function charge>\n\nValueError: card declined\n", "ValueError", "card declined"},
		"by a group":                       {"  + Exception Group Traceback (most recent call last):\n  |   File \"a.py\", line 12, in g\n  |     raise\n  | ExceptionGroup: two\n  | \n  | lines (2 sub-exceptions)\n  | a note\n  +-+---------------- 1 ----------------\n    | ValueError: 1\n    +---------------- 2 ----------------\n    | TypeError: 2\n    +------------------------------------\n", "ExceptionGroup", "two\n\nlines (2 sub-exceptions)\na note"},
		"by a group not raised":            {"  | ExceptionGroup: one (1 sub-exception)\n  +-+---------------- 1 ----------------\n    | ValueError: 1\n    +------------------------------------\n", "ExceptionGroup", "one (1 sub-exception)"},
		"by a group, beside a stack":       {"  + Exception Group Traceback (most recent call last):\n  | ExceptionGroup: one (1 sub-exception)\n  +-+---------------- 1 ----------------\n    | ValueError: 1\n    +------------------------------------\n" + stack, "ExceptionGroup", "one (1 sub-exception)"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, text := range []string{tt.text, strings.ReplaceAll(tt.text, "\n", "\r\n")} {
				class, message, ok := Raised([]byte(text))
				require.True(t, ok)
				assert.Equal(t, tt.class, string(class))
				assert.Equal(t, tt.message, string(message))
				agree(t, text)
			}
		})
	}
}

func TestWhatHasNotBeenRaised(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                 "",
		"prose":                   "hello: world",
		"a traceback cut off":     traced,
		"a cause whose effect is": traced + "KeyError: 'x'\n" + joined,
		"a header":                "Traceback (most recent call last):",
		"a stack alone":           "slow\nStack (most recent call last):\n  File \"a.py\", line 3, in f\n    x()\n",
		"a fatal error":           "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f2c1c7fe700 (most recent call first):\n  File \"/srv/mina/native.py\", line 8 in call\n",
		"no exception at all":     "Payment failed\nNoneType: None",
	} {
		t.Run(name, func(t *testing.T) {
			class, message, ok := Raised([]byte(text))
			assert.False(t, ok, "%s: %s", class, message)
			agree(t, text)
		})
	}
}

// agree asserts that the receiver and Sentry are told the same.
func agree(t *testing.T, text string) {
	t.Helper()
	class, message, ok := Raised([]byte(text))
	e := Parse(text)
	if !ok {
		if e != nil && e.Type != "" {
			t.Fatalf("Parse returns %s.%s, and Raised nothing", e.Module, e.Type)
		}
		return
	}
	if e == nil {
		t.Fatalf("Raised returns %s, and Parse nothing", class)
	}
	if name := strings.TrimPrefix(e.Module+"."+e.Type, "."); name != string(class) || e.Value != string(message) {
		t.Fatalf("Parse returns %s: %q, and Raised %s: %q", name, e.Value, class, message)
	}
}

func TestBothReadersAgreeOnAllThatPythonPrints(t *testing.T) {
	for _, text := range fixtures(t) {
		agree(t, text)
		for i := 0; i < len(text); i += 7 { // however it is cut off
			agree(t, text[:i])
			agree(t, text[i:])
		}
	}
}

// TestHostileTextsCostLinearTime reads texts that would take hours if each line looked
// at those before it.
func TestHostileTextsCostLinearTime(t *testing.T) {
	const lines = 20_000
	for name, line := range map[string]string{
		"headers":        "Traceback (most recent call last):\n",
		"half headers":   "Traceback (most recent call last)\n",
		"brackets":       "[[[[[[[[[[[[[[[[\n",
		"angle brackets": "<<<<<<<<<<<<<<<<\n",
		"margins":        "  | \n",
		"deep margins":   strings.Repeat("  ", 20) + "| x\n",
		"groups":         "  + Exception Group Traceback (most recent call last):\n  +-+---------------- 1 ----------------\n",
		"connections":    "KeyError: x" + joined,
		"quotes":         "a.RemoteTraceback: \n\"\"\"\n",
		"frames":         "  File \"a.py\", line 1, in f\n  [Previous line repeated 999999 more times]\n",
		"places":         "  File \"a.py\", line 1\n",
		"classes":        "ValueError: x\n  File \"a.py\", line 1, in f\n",
		"one line":       "File \", line 1",
	} {
		t.Run(name, func(t *testing.T) {
			for _, first := range []string{"", "Traceback (most recent call last):\n", "  + Exception Group Traceback (most recent call last):\n"} {
				text := first + strings.Repeat(line, lines)
				start := time.Now()
				Index([]byte(text))
				agree(t, text)
				assert.Less(t, time.Since(start), 3*time.Second)
			}
		})
	}
}

func FuzzRaised(f *testing.F) {
	for _, text := range fixtures(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		agree(t, text)
		if at := Index([]byte(text)); at >= len(text) {
			t.Fatalf("index %d of %d", at, len(text))
		}
		var l Lines
		for i, line := range strings.Split(text, "\n") {
			if l.Continues([]byte(line)); i == 0 {
				l = Begin([]byte(line))
			}
		}
	})
}

func BenchmarkRaised(b *testing.B) {
	for _, name := range []string{"three.txt", "nested.txt", "recursion.txt"} {
		text := []byte(fixtures(b)[name])
		b.Run(fmt.Sprint(name), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Raised(text)
			}
		})
	}
}
