package sentryeventsexporter

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

func TestFrames(t *testing.T) {
	for name, tt := range map[string]struct {
		roots []string
		path  string
		want  frame
	}{
		"of the application":       {nil, "/srv/mina/services/ids.py", frame{Filename: "services/ids.py", Module: "services.ids", InApp: true}},
		"of a package":             {nil, "/srv/mina/services/__init__.py", frame{Filename: "__init__.py", Module: "services", InApp: true}},
		"of a library":             {nil, "/usr/lib/python3.13/json/decoder.py", frame{Filename: "json/decoder.py", Module: "json.decoder"}},
		"of a string":              {nil, "<string>", frame{Filename: "<string>"}},
		"of the importer":          {nil, "<frozen importlib._bootstrap>", frame{Filename: "<frozen importlib._bootstrap>", Module: "importlib._bootstrap"}},
		"in a root":                {[]string{"/x/", "/srv"}, "/srv/mina/services/ids.py", frame{Filename: "mina/services/ids.py", Module: "mina.services.ids", InApp: true}},
		"in a root on Windows":     {[]string{`C:\mina`}, `C:\mina\services\ids.py`, frame{Filename: `services\ids.py`, Module: "services.ids", InApp: true}},
		"outside of the roots":     {[]string{"/srv/mina"}, "/srv/mina2/ids.py", frame{Filename: "ids.py", Module: "ids"}},
		"of a library in a root":   {[]string{"/srv/mina"}, "/srv/mina/.venv/lib/python3.13/site-packages/flask/app.py", frame{Filename: "flask/app.py", Module: "flask.app"}},
		"of Python within a root":  {[]string{"/srv/mina"}, "/srv/mina/.venv/lib/python3.13/json/decoder.py", frame{Filename: "json/decoder.py", Module: "json.decoder"}},
		"of a program in its root": {[]string{"/srv/mina"}, "/srv/mina/.venv/bin/gunicorn", frame{Filename: "bin/gunicorn", Module: "bin.gunicorn"}},
	} {
		s := &sender{cfg: &Config{ProjectRoots: tt.roots}}
		tt.want.AbsPath = tt.path
		assert.Equal(t, tt.want, s.frame(pytrace.Frame{Path: tt.path}), name)
	}
}

func TestTheInnermostFrameIsATag(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	all := logs(plog.SeverityNumberError, map[string]any{minaattr.ExceptionFrame: "services.ids.parse_id"}, "failed")
	rl := all.ResourceLogs().At(0)
	e := (&sender{cfg: cfg}).newEvent("1", rl.Resource(), "", rl.ScopeLogs().At(0).LogRecords().At(0))
	assert.Equal(t, "services.ids.parse_id", e.Tags[minaattr.ExceptionFrame])
	assert.NotContains(t, e.Extra, minaattr.ExceptionFrame, "once is enough")
}
