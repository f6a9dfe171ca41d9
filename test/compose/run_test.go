package compose

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// standIns are images that cannot be pulled, made of what is built or installed here: a
// Dockerfile, and the files that it copies.
var standIns = map[string]struct {
	dockerfile string
	files      []string
}{
	"docker.io/victoriametrics/victoria-logs:v1.52.1": {
		"FROM scratch\nCOPY victoria-logs /victoria-logs-prod\nENTRYPOINT [\"/victoria-logs-prod\"]\n",
		[]string{root + "/_build/victoria-logs"},
	},
	"docker.io/prom/alertmanager:v0.28.1": {
		"FROM docker.io/library/debian:bookworm-slim\nCOPY default.tmpl email.tmpl /usr/share/prometheus/alertmanager/\nCOPY prometheus-alertmanager /bin/alertmanager\nENTRYPOINT [\"/bin/alertmanager\"]\n",
		[]string{"/usr/bin/prometheus-alertmanager", "/usr/share/prometheus/alertmanager/default.tmpl", "/usr/share/prometheus/alertmanager/email.tmpl"},
	},
}

// TestItRuns has podman-compose start all services, and looks at what each is for: make
// test-compose.
func TestItRuns(t *testing.T) {
	if os.Getenv("MINA_COMPOSE") == "" {
		t.Skip("it makes and runs four images; make test-compose")
	}
	run(t, "sh", "test/image/bases.sh")
	for name, image := range standIns {
		buildImage(t, name, image.dockerfile, image.files)
	}
	run(t, "buildah", "bud", "--isolation", "chroot", "--pull=never", "--tag", "otelcol-mina-example", "examples/flask")
	stage := t.TempDir()
	run(t, "sh", "packaging/rootfs.sh", filepath.Join(stage, "rootfs"), "_build")
	run(t, "buildah", "bud", "--isolation", "chroot", "--format", "docker", "--build-context", "build="+stage, "--tag", "otelcol-mina", ".")

	t.Cleanup(func() { run(t, "podman-compose", "down", "--volumes") })
	run(t, "podman-compose", "up", "--no-build", "--detach")
	const application, page, alertmanager = "http://localhost:5000", "http://localhost:8320", "http://localhost:9093"
	eventually(t, "the application answers", func() bool { code, _ := get(application+"/healthz", ""); return code == http.StatusOK })
	run(t, "podman-compose", "exec", "-T", "application", "sh", "/app/requests.sh")
	response, err := http.Post(application+"/api/backup", "", nil) // which is critical
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())

	eventually(t, "the page shows the requests", func() bool {
		_, records := get(page+"/api/records?q=Charging", "hunter2")
		return strings.Contains(records, "Charging card")
	})
	_, records := get(page+"/api/records?q=", "hunter2")
	assert.NotContains(t, records, "hunter2-planted")
	assert.NotContains(t, records, "4111 1111")
	code, _ := get(page, "wrong")
	assert.Equal(t, http.StatusUnauthorized, code)
	eventually(t, "Alertmanager has the alert", func() bool {
		_, alerts := get(alertmanager+"/api/v2/alerts", "")
		return strings.Contains(alerts, "CriticalRecord")
	})
	code, _ = get("http://localhost:13133/?pipeline=logs", "")
	assert.Equal(t, http.StatusOK, code)
}

// buildImage builds an image of files.
func buildImage(t *testing.T, name, dockerfile string, files []string) {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Dockerfile"), []byte(dockerfile), 0o600))
	for _, path := range files {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.Base(path)), content, 0o755))
	}
	run(t, "buildah", "bud", "--isolation", "chroot", "--pull=never", "--tag", name, folder)
}

// run runs a program in the checkout, as compose.yaml's reader would be run there.
func run(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = root
	checkout, err := filepath.Abs(root)
	require.NoError(t, err)
	cmd.Env = append(os.Environ(), "CONTAINERS_CONF="+filepath.Join(checkout, "test", "image", "containers.conf"), "PAGE_PASSWORD=hunter2")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s %s: %s", name, strings.Join(args, " "), out[max(0, len(out)-4000):])
}

// get asks with the page's user and a password, if it is not empty.
func get(address, password string) (int, string) {
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return 0, err.Error()
	}
	if password != "" {
		request.SetBasicAuth("mina", password)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, fmt.Sprint(err)
	}
	return response.StatusCode, string(text)
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	require.Eventually(t, is, time.Minute, 100*time.Millisecond, what)
}
