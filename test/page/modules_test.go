package page

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// openModules opens an empty page, which may import the modules of the real one.
func openModules(t *testing.T) *tab {
	t.Helper()
	files := http.FileServer(http.Dir(filepath.Join(program.Root(), "extension/logpageextension/web")))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			files.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!doctype html><link rel=icon href=data:,>"))
	}))
	t.Cleanup(server.Close)
	b := newTab(t, server.URL)
	b.open("")
	return b
}

// call returns what an expression of a module's exports is.
func (b *tab) call(module, expression string) string {
	b.t.Helper()
	script := fmt.Sprintf("import('/%s').then(m => String(m.%s))", module, expression)
	answer, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err, expression)
	return answer
}

// TestTheBoxIsEdited clicks on values, as it were: what the box says then must be what it
// said before, and that.
func TestTheBoxIsEdited(t *testing.T) {
	t.Parallel()
	b := openModules(t)
	for _, test := range []struct{ call, want string }{
		{`include('', 'scope.name', 'app')`, `logger:=app`},
		{`include('*', 'scope.name', 'a b')`, `logger:="a b"`},
		{`include('a or b', 'scope.name', 'app')`, `(a or b) logger:=app`},
		{`include('"a or b"', 'scope.name', 'app')`, `"a or b" logger:=app`},
		{`include('logger:=app', 'scope.name', 'db')`, `logger:in(app, db)`},
		{`include('logger:=app', 'scope.name', 'app')`, `logger:=app`},
		{`include('logger:in(app, db)', 'scope.name', 'a"b, c')`, `logger:in(app, db, "a\"b, c")`},
		{`include('timeout -logger:=db', 'scope.name', 'db')`, `timeout logger:=db`},
		{`include('level:error', 'level', 'warn')`, `level:(error or warn)`},
		{`include('level:>=error', 'level', 'warn')`, `level:>=error level:warn`},
		{`include('', 'user', '1')`, `"user":=1`},
		{`include('', 'constructor', '__proto__')`, `constructor:=__proto__`},
		{`include('', 'a', '')`, `a:=""`},
		{`exclude('timeout', 'we"ird', 'x\ny')`, `timeout -"we\"ird":="x\ny"`},
		{`exclude('', 'or', 'or')`, `-"or":="or"`},
		{`exclude('-a:=1', 'a', '2')`, `-a:in(1, 2)`},
		{`remove('logger:in(app, db, "a\\"b, c")', 'scope.name', 'a"b, c')`, `logger:in(app, db)`},
		{`remove('logger:in(app, db) x', 'scope.name', 'app')`, `logger:=db x`},
		{`remove('x and logger:=db', 'scope.name', 'db')`, `x`},
		{`remove('logger:=db and x', 'scope.name', 'db')`, `x`},
		{`remove('level:(error or warn) x -level:debug', 'level')`, `x -level:debug`},
		{`remove('not level:error', 'level', 'error')`, `not level:error`},
		{`says('timeout -"we\\"ird":="x\\ny"', 'we"ird', 'x\ny')`, `out`},
		{`says('user:42', 'user.id', '42')`, `in`},
		{`says('duration:>4', 'duration', '>4')`, ``},
		{`says('"not closed level:error', 'level', 'error')`, ``},
		{`says('a or level:error', 'level', 'error')`, ``},
		{`included('level:error "a b" -x:y user:42 z:*')`, `level,user.id`},
	} {
		assert.Equal(t, test.want, b.call("box.js", test.call), test.call)
	}
}

// TestTheBoxOffers offers names of fields, and values that they have.
func TestTheBoxOffers(t *testing.T) {
	t.Parallel()
	b := openModules(t)
	b.call("parts/suggest.js", `learn([
		{field: 'scope.name', values: [{value: 'my services'}, {value: 'services'}]},
		{field: 'meeting_id', values: [{value: '4711'}]}])`)
	for _, test := range []struct{ before, want string }{
		{``, ``},
		{`lev`, `0 level:`},
		{`timeout -lo`, `8 -logger:`},
		{`(us`, `1 user:|status:`},
		{`logger:ser`, `0 logger:=services|logger:="my services"`},
		{`level:cri`, `0 level:critical`},
		{`meeting_id:=`, `0 meeting_id:=4711`},
		{`other:`, ``},
		{`"in quotes lev`, ``},
		{`"a" lev`, `4 level:`},
		{`user:42 `, ``},
	} {
		offers := fmt.Sprintf("options(%q)", test.before)
		got := b.call("parts/suggest.js", fmt.Sprintf("%[1]s.options.length ? m.%[1]s.start + ' ' + m.%[1]s.options.join('|') : ''", offers))
		assert.Equal(t, test.want, got, test.before)
	}
}

// TestTimesAreRead reads what people type for a time, as seen from UTC.
func TestTimesAreRead(t *testing.T) {
	t.Parallel()
	b := openModules(t)
	b.call("time.js", "setZone('utc')")
	for _, test := range []struct{ call, want string }{
		{`read('now')`, `now`},
		{`read('now-2h')`, `now-2h`},
		{`read(' now - 2h ')`, `now-2h`},
		{`read('15m')`, `now-15m`},
		{`read('15 m ago')`, `now-15m`},
		{`read('2026-11-26')`, `2026-11-26T00:00:00.000Z`},
		{`read('2026-11-26 9:05')`, `2026-11-26T09:05:00.000Z`},
		{`read('2026-11-26 16:43:31,130')`, `2026-11-26T16:43:31.130Z`},
		{`read('2026-11-26T16:43:31.130229+0200')`, `2026-11-26T14:43:31.130Z`},
		{`read('2026-11-26T16:43:31Z')`, `2026-11-26T16:43:31.000Z`},
		{`read('16:40').slice(10)`, `T16:40:00.000Z`},
		{`read('yesterday')`, `undefined`},
		{`read('2026-13-45')`, `undefined`},
		{`read('25:00')`, `undefined`},
		{`read('')`, `undefined`},
		{`stamp('2026-11-26T16:43:31.130229Z')`, `2026-11-26 16:43:31.130229`},
		{`clock('2026-11-26T16:43:31.130229Z')`, `16:43:31.130`},
		{`moment('now-15m', 1e6)`, `100000`},
		{`moment('nonsense')`, `NaN`},
		{`duration(0.42)`, `0.4 ms`},
		{`duration(87.508)`, `88 ms`},
		{`duration(1234)`, `1.2 s`},
		{`duration(200e3)`, `3 min 20 s`},
		{`duration(7200e3)`, `2 h`},
		{`rangeName('now-1h', 'now')`, `Last hour`},
		{`rangeName('2026-11-26T10:00:00Z', '2026-11-26T11:00:00Z')`, `2026-11-26 10:00:00 – 11:00:00`},
	} {
		assert.Equal(t, test.want, b.call("time.js", test.call), test.call)
	}
}

// TestTextsAreCut leaves no half of a character.
func TestTextsAreCut(t *testing.T) {
	t.Parallel()
	b := openModules(t)
	for _, test := range []struct{ call, want string }{
		{`cut('abc', 3)`, `abc`},
		{`cut('abcd', 3)`, `abc…`},
		{`cut('ab🔥cd', 3)`, `ab…`},
		{`line('a\r\n  b\nc')`, `a ⏎ b ⏎ c`},
		{`plural(1, 'record')`, `1 record`},
		{`plural(1234, 'record')`, `1,234 records`},
		{`bytes(1536)`, `1.5 KiB`},
		{`bytes(1073741824)`, `1.0 GiB`},
	} {
		assert.Equal(t, test.want, b.call("text.js", test.call), test.call)
	}
}
