package pytrace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLinesThatBeginATraceback(t *testing.T) {
	for _, line := range []string{
		"Traceback (most recent call last):",
		"Traceback (most recent call last):\r",
		"  + Exception Group Traceback (most recent call last):",
		"  | ExceptionGroup: several (2 sub-exceptions)",
		"multiprocessing.pool.RemoteTraceback: ",
		"concurrent.futures.process._RemoteTraceback:",
		`  File "/srv/mina/conf.py", line 3`,
		"Exception in thread Thread-1 (worker):",
		"Exception in thread Thread-1:",
		"Exception in threading.excepthook:",
		"Exception ignored in: <function Store.__del__ at 0x7f2c1c7fe700>",
		"Exception ignored in atexit callback: <function bye at 0x7f2c1c7fe700>",
		"Exception ignored while calling deallocator <function Store.__del__ at 0x7f2c1c7fe700>:",
		"Exception ignored on threading shutdown:",
		"Error in sys.excepthook:",
		"Error in atexit._run_exitfuncs:",
		"--- Logging error ---",
		"Process ForkPoolWorker-1:",
		"Process Process-1:2:",
		"Fatal Python error: Segmentation fault",
		"Timeout (0:00:10)!",
		"Thread 0x00007f2c1c7fe700 (most recent call first):",
		"Current thread 0x00007f2c1c7fe700 [python3] (most recent call first):",
		"/srv/mina/app.py:12: DeprecationWarning: utcnow() is deprecated",
		"sys:1: ResourceWarning: unclosed file <_io.FileIO>",
		`C:\srv\mina app\app.py:12: DeprecationWarning: old`,
	} {
		assert.True(t, Begins([]byte(line)), line)
	}
}

func TestLinesThatBeginNone(t *testing.T) {
	for _, line := range []string{
		"",
		"   ",
		"ValueError: bad id",
		"Traceback",
		"Traceback (most recent call last): really",
		"Stack (most recent call last):",
		`  File "/srv/mina/app.py", line 3, in f`,
		`  File "/srv/mina/app.py", line x`,
		"File not found",
		"  | a | b |",
		"  + 1",
		"Exception in thread pool",
		`Exception in thread "main" java.lang.NullPointerException: x`,
		"Exceptions: 3",
		"DeprecationWarning: old",
		"WARNING:py.warnings:/srv/mina/app.py:12: DeprecationWarning: old",
		"WARNING app.py:12: DeprecationWarning: old",
		"app.py:12: old DeprecationWarning: x",
		"app.py: DeprecationWarning: x",
		"2025: Warning: x",
		"Process finished:",
		"Process mail-7:",
		"Process Process-:",
		"Fatal error",
		"Error in configuration:",
		"could not send RemoteTraceback:",
		"---",
		"> quoted",
		strings.Repeat("<", 1000),
	} {
		assert.False(t, Begins([]byte(line)), line)
	}
}

func TestReportsAreNoPartOfARecord(t *testing.T) {
	for line, want := range map[string]bool{
		"Exception in thread Thread-1:":           true,
		"Exception ignored in: <_io.FileIO>":      true,
		"--- Logging error ---":                   true,
		"Fatal Python error: Aborted":             true,
		"Traceback (most recent call last):":      false,
		`  File "/srv/mina/conf.py", line 3`:      false,
		"multiprocessing.pool.RemoteTraceback: ":  false,
		"2025-10-01 16:12:05,785 INFO app: hello": false,
	} {
		assert.Equal(t, want, IsReport([]byte(line)), line)
	}
}

const (
	traced = "Traceback (most recent call last):\n" + `  File "/srv/mina/app.py", line 10, in f` + "\n    raise e\n"
	joined = "\nThe above exception was the direct cause of the following exception:\n\n"
)

// TestWhereBareTracebacksEnd reads a text whose first lines, up to the mark, belong to
// one traceback.
func TestWhereBareTracebacksEnd(t *testing.T) {
	for name, text := range map[string]string{
		"at another traceback":              traced + "ValueError: bad id\n§" + traced,
		"at a thread's":                     traced + "ValueError: bad id\n§Exception in thread Thread-1:\n" + traced,
		"at the logging module's":           "Exception in thread Thread-1:\n" + traced + "ValueError: bad id\n§--- Logging error ---\n",
		"at the interpreter's end":          "--- Logging error ---\n" + traced + "TypeError: x\nCall stack:\n  File \"a.py\", line 5, in <module>\n    x()\nMessage: 'x'\nArguments: (1,)\n§Fatal Python error: Aborted\n",
		"at a warning":                      "Fatal Python error: Aborted\n\nCurrent thread 0x7f (most recent call first):\n  File \"a.py\", line 8 in call\n§/srv/mina/app.py:12: DeprecationWarning: old\n",
		"at a group":                        traced + "ValueError: bad id\n§  + Exception Group Traceback (most recent call last):\n",
		"at a remote one":                   traced + "ValueError: bad id\n§multiprocessing.pool.RemoteTraceback: \n",
		"behind a note":                     traced + "ValueError: bad id\nWhile reading meeting 7\n",
		"behind a statement":                traced + "sqlalchemy.exc.IntegrityError: duplicate\nDETAIL:  Key (id)=(7)\n\n[SQL: INSERT]\n(Background on this error at: https://sqlalche.me/e/20/gkpj)\n",
		"behind all threads":                "Timeout (0:00:10)!\nThread 0x7f (most recent call first):\n  File \"a.py\", line 8 in call\n\nCurrent thread 0x7e (most recent call first):\n  File \"a.py\", line 9 in call\n§sys:1: ResourceWarning: unclosed file\n",
		"behind threads by themselves":      "Thread 0x7f (most recent call first):\n  File \"a.py\", line 8 in call\n\nCurrent thread 0x7e (most recent call first):\n" + strings.Repeat("  File \"a.py\", line 9 in call\n", 100) + "§" + traced,
		"behind CRs":                        strings.ReplaceAll("a.RemoteTraceback: \n\"\"\"\n"+traced+"ValueError: x\n\"\"\"\n§"+traced, "\n", "\r\n"),
		"behind the source of a warning":    "/srv/mina/app.py:12: DeprecationWarning: old\n  now = utcnow()\n§  more\n",
		"behind a warning without source":   "sys:1: ResourceWarning: unclosed file\n§more\n",
		"behind the calls of a warning":     "/srv/mina/app.py:12: RuntimeWarning: coroutine 'f' was never awaited\nCoroutine created at (most recent call last)\n  File \"a.py\", line 5, in g\n    f()\n  warn(msg)\n§more\n",
		"at a warning behind a warning":     "sys:1: ResourceWarning: unclosed file\n§sys:1: ResourceWarning: unclosed file\n",
		"behind a warning in the middle":    "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nsys:1: ResourceWarning: unclosed file\n  File \"a.py\", line 2, in g\nValueError: x\n",
		"behind a cause":                    traced + "KeyError: 'x'\n" + joined + traced + "ValueError: bad id\n§" + traced,
		"behind a cause that has no frames": "§" + "ValueError: root\n" + joined + traced,
		"behind a group's rules":            "  + Exception Group Traceback (most recent call last):\n  |   File \"a.py\", line 1, in f\n  | ExceptionGroup: two (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n    | ValueError: 1\n    +---------------- 2 ----------------\n    | ExceptionGroup: in (1 sub-exception)\n    +-+---------------- 1 ----------------\n      | KeyError: 2\n      +------------------------------------\n" + joined + traced + "RuntimeError: start failed\n",
		"behind a chain into a group":       traced + "KeyError: 'x'\n" + joined + "  + Exception Group Traceback (most recent call last):\n  | ExceptionGroup: two (2 sub-exceptions)\n§" + traced,
		"behind quotes":                     "multiprocessing.pool.RemoteTraceback: \n\"\"\"\n" + traced + "ValueError: bad row\n\"\"\"\n" + joined + traced + "ValueError: bad row\n",
		"behind quotes in quotes":           "a.RemoteTraceback: \n\"\"\"\nb.RemoteTraceback: \n\"\"\"\n" + traced + "ValueError: x\n\"\"\"\n" + joined + traced + "ValueError: x\n\"\"\"\n" + joined + traced + "ValueError: x\n§" + traced,
		"behind a traceback in the message": traced + "RuntimeError: worker failed:\n\n" + traced + "ValueError: bad row\n§" + traced,
		"behind a template's place":         traced + "jinja2.exceptions.TemplateSyntaxError: unexpected 'x'\n  File \"/srv/mina/a.html\", line 3\n    {{ x\n",
		"behind the caller's stack":         traced + "ValueError: x\nStack (most recent call last):\n" + strings.Repeat("  File \"a.py\", line 5, in g\n    x()\n", 100),
		"behind many lines":                 traced + "ValueError: x\n" + strings.Repeat("more\n", maxBehind) + "§more\n",
		"behind other programs' lines":      "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nsomething printed\n  File \"a.py\", line 2, in g\nValueError: x\n",
		"behind loguru's frames":            "Traceback (most recent call last):\n\n  File \"a.py\", line 3, in <module>\n    pay()\n    └ <function pay>\n\n> File \"b.py\", line 41, in pay\n    charge()\n\nValueError: x\n",
		"behind a syntax error":             "  File \"/srv/mina/conf.py\", line 3\n    a b\n      ^\nSyntaxError: invalid syntax\n§" + traced,
		"behind a place in a traceback":     traced + "  File \"/srv/mina/conf.py\", line 3\n    a b\n      ^\nSyntaxError: invalid syntax\n",
		"behind the original exception":     "Error in sys.excepthook:\n" + traced + "ValueError: hook\n\nOriginal exception was:\n" + traced + "KeyError: 'x'\n§Error in sys.excepthook:\n",
		"where it is cut off":               traced + "§" + traced,
	} {
		t.Run(name, func(t *testing.T) {
			want, _, _ := strings.Cut(text, "§")
			var got strings.Builder
			var l Lines
			for i, line := range strings.SplitAfter(strings.TrimSuffix(strings.Replace(text, "§", "", 1), "\n"), "\n") {
				content := []byte(strings.TrimSuffix(line, "\n"))
				if i == 0 && Begins(content) {
					l = Begin(content)
				} else if !l.Continues(content) {
					break
				}
				got.WriteString(line)
			}
			assert.Equal(t, strings.TrimSuffix(want, "\n"), strings.TrimSuffix(got.String(), "\n"))
		})
	}
}

// TestWholeTracebacksContinue reads everything that Python has printed.
func TestWholeTracebacksContinue(t *testing.T) {
	for path, text := range fixtures(t) {
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		if !Begins([]byte(lines[0])) {
			continue
		}
		l := Begin([]byte(lines[0]))
		for i, line := range lines[1:] {
			assert.True(t, l.Continues([]byte(line)), "%s:%d: %s", path, i+2, line)
		}
	}
}

func fixtures(t testing.TB) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	texts := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		texts[filepath.Base(path)] = string(text)
	}
	return texts
}

func BenchmarkContinues(b *testing.B) {
	text, err := os.ReadFile("testdata/three.txt")
	require.NoError(b, err)
	var lines [][]byte
	for line := range strings.Lines(string(text)) {
		lines = append(lines, []byte(strings.TrimSuffix(line, "\n")))
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		l := Begin(lines[0])
		for _, line := range lines[1:] {
			l.Continues(line)
		}
	}
}

// BenchmarkBegins is what the lines of other programs cost.
func BenchmarkBegins(b *testing.B) {
	line := []byte("Loading the model from /srv/mina/models/whisper-1 took 12.5 seconds")
	b.ReportAllocs()
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		Begins(line)
	}
}

func TestLinesAreReadWithoutAllocations(t *testing.T) {
	for path, text := range fixtures(t) {
		lines := strings.Split(text, "\n")
		content := make([][]byte, len(lines))
		for i, line := range lines {
			content[i] = []byte(line)
		}
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			l := Begin(content[0])
			for _, line := range content {
				Begins(line)
				l.Continues(line)
			}
		}), path)
	}
}
