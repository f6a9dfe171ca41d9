package pod

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/mina-observability/otelcol-mina/test/kubernetes"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// unable says why no pod can be run here.
var unable error

func TestMain(m *testing.M) {
	unable = program.CanRunContainers("podman", "buildah", "runc", "/usr/libexec/podman/catatonit")
	if unable == nil {
		if err := buildImage(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	code := m.Run()
	if unable == nil {
		_, _ = podman("rmi", "--force", image)
	}
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// deadline is how long anything may take on a machine that has other things to do.
const deadline = 60 * time.Second

// destination starts a backend, and returns values that send there.
func destination(t *testing.T) (*backend, kubernetes.Values) {
	t.Helper()
	if unable != nil {
		t.Skip(unable)
	}
	b, err := newBackend()
	require.NoError(t, err)
	t.Cleanup(b.Close)
	address, err := host()
	require.NoError(t, err)
	return b, kubernetes.Values{"env": kubernetes.Values{"OTLP_ENDPOINT": fmt.Sprintf("http://%s:%d", address, b.Port)}}
}

// run starts a pod, which is stopped when the test ends.
func run(t *testing.T, name string, installation *kubernetes.Installation) *running {
	t.Helper()
	pod, err := start(name, t.TempDir(), installation)
	if pod != nil {
		t.Cleanup(func() { _ = pod.stop() })
	}
	require.NoError(t, err)
	return pod
}

func bodies(records []record) (all []string) {
	for _, r := range records {
		all = append(all, strings.TrimSpace(r.Body))
	}
	slices.Sort(all)
	return all
}

// status is what a kubelet is answered.
func status(pod *running, path string) int {
	response, err := http.Get("http://" + pod.Address + ":13133" + path)
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}
