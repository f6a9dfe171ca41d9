package pytrace

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestDeploymentsShareTheNamesOfModules has one file in many places.
func TestDeploymentsShareTheNamesOfModules(t *testing.T) {
	for _, root := range []string{
		"", "./", "../", "src/", "/app/", "/code/", "/workspace/", "/mina/", "/srv/mina/", "/srv/mina-2026-11/", "/srv/mina_2026_11/", "/srv/mina/current/",
		"/srv/mina/src/", "/srv/www/mina/", "/srv/apps/mina/", "/opt/mina/", "/opt/mina/releases/20261126164331/", "/opt/mina/releases/a1b2c3d/", "/opt/mina/a1b2c3d/",
		"/home/x/releases/123/", "/home/x/mina/releases/latest/", "/home/ben/mina/", "/home/ben/src/", "/home/ben/projects/mina/", "/Users/ben/PycharmProjects/mina/",
		"/root/mina/", "/usr/src/app/", "/usr/local/mina/", "/var/www/mina/", "/var/lib/mina/", "/var/task/", "/var/app/current/", "/opt/render/project/src/",
		"/opt/app-root/src/", "/home/site/wwwroot/", "/home/vcap/app/", "/home/app/web/", "/tmp/mina/", "/mnt/efs/", "/nix/store/abc-mina-1.0/", "/srv/mina/app.pyz/",
		`C:\mina\`, `C:\apps\mina\`, `c:\Users\ben\mina\`, `D:\Projects\mina\`, `C:\inetpub\wwwroot\mina\`, `C:\Program Files\Mina\`, `\\files\shared\mina\`, `\\?\C:\apps\mina\`, "C:/apps/mina/",
	} {
		for file, module := range map[string]string{
			"app.py": "app", "app.pyc": "app", "services/ids.py": "services.ids", "services/__init__.py": "services", "services/__main__.py": "services.__main__",
			"a/b/c.py": "a.b.c", "run-job.py": "run-job", "manage": "manage", "0001_initial.py": "0001_initial",
		} {
			if strings.Contains(root, `\`) {
				file = strings.ReplaceAll(file, "/", `\`)
			}
			f := Frame{Path: root + file}
			assert.Equal(t, module, f.Module(), f.Path)
			assert.True(t, f.Application(), f.Path)
		}
	}
}

func TestNamesOfModules(t *testing.T) {
	for path, want := range map[string]string{
		"/srv/app.py":                     "app",
		"/app.py":                         "app",
		"/home/ben/app.py":                "app",
		"/app/app/main.py":                "app.main",
		"/srv/mina/mina/settings.py":      "mina.settings",
		"/srv/mina/api/v2/views.py":       "api.v2.views",
		"/srv/mina/templates/a.html":      "templates.a.html",
		"/srv/mina/größe/länge.py":        "größe.länge",
		"/srv/mina/my-tools/run.py":       "run",
		"mina/app.py":                     "mina.app",
		"/srv/mina/lib/util.py":           "lib.util",
		"/srv/mina/bin/worker.py":         "bin.worker",
		"":                                "",
		"/":                               "",
		"//":                              "",
		`C:\`:                             "",
		"C:app.py":                        "C:app",
		"/srv/mina/.py":                   "",
		"/home":                           "home",
		"/home/releases":                  "releases",
		"/srv/mina/services//ids.py":      "services.ids",
		"/opt/mina/releases/x/y/z.py":     "y.z",
		"/srv/mina/feedface/ids.py":       "feedface.ids",
		"/srv/mina/deadbeef1/services.py": "services",
	} {
		assert.Equal(t, want, moduleOf([]byte(path)), path)
	}
}

func TestWhatIsNotTheApplications(t *testing.T) {
	for path, module := range map[string]string{
		"/usr/lib/python3.13/json/decoder.py":                                              "json.decoder",
		"/usr/lib/python3/dist-packages/flask/app.py":                                      "flask.app",
		"/usr/local/lib/python3.12/site-packages/sqlalchemy/engine/base.py":                "sqlalchemy.engine.base",
		"/srv/mina/.venv/lib/python3.13/site-packages/werkzeug/serving.py":                 "werkzeug.serving",
		"/srv/mina/.venv/lib64/python3.13t/asyncio/runners.py":                             "asyncio.runners",
		"/home/x/.pyenv/versions/3.12.1/lib/python3.12/threading.py":                       "threading",
		"/Library/Frameworks/Python.framework/Versions/3.12/lib/python3.12/os.py":          "os",
		"/opt/pypy/lib/pypy3.10/json/__init__.py":                                          "json",
		"/usr/lib/python312.zip/json/decoder.py":                                           "json.decoder",
		"/root/.pex/installed_wheels/0a1b/flask-3.0-py3-none-any.whl/flask/app.py":         "flask.app",
		`C:\Python312\Lib\json\__init__.py`:                                                "json",
		`C:\Users\x\AppData\Local\Programs\Python\Python39\lib\runpy.py`:                   "runpy",
		`C:\hostedtoolcache\windows\Python\3.12.1\x64\Lib\asyncio\runners.py`:              "asyncio.runners",
		`C:\ProgramData\Anaconda3\Lib\threading.py`:                                        "threading",
		`C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_3\Lib\runpy.py`: "runpy",
		`C:\venv\Lib\site-packages\flask\app.py`:                                           "flask.app",
		`C:\venv\Scripts\gunicorn.exe\__main__.py`:                                         "__main__",
		"/srv/mina/.venv/bin/gunicorn":                                                     "bin.gunicorn",
		"/usr/local/bin/celery":                                                            "bin.celery",
		"<frozen importlib._bootstrap>":                                                    "importlib._bootstrap",
		"<string>":                                                                         "<string>",
		"":                                                                                 "",
	} {
		f := Frame{Path: path}
		assert.False(t, f.Application(), path)
		if !strings.Contains(path, "bin/") {
			assert.Equal(t, module, f.Module(), path)
		}
	}
	for _, path := range []string{`C:\apps\mina\lib\util.py`, "/srv/python/lib/util.py", "/srv/mina/lib/python_tools/x.py", "/srv/site_packages/x.py", "/srv/mina/bin/worker.py"} {
		assert.True(t, isApplication([]byte(path)), path)
	}
}
