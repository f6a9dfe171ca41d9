package pod

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/kubernetes"
)

// outage is how long a destination is down: longer than a kubelet would take to restart a
// pod whose liveness probe fails.
const outage = 35 * time.Second

// TestAgent runs the pod of the DaemonSet on a node, as root without a capability and, with
// nonRoot, as a user in root's group.
func TestAgent(t *testing.T) {
	t.Run("root", func(t *testing.T) { testAgent(t, false) })
	t.Run("nonroot", func(t *testing.T) { testAgent(t, true) })
}

func testAgent(t *testing.T, nonRoot bool) {
	t.Parallel()
	folder := t.TempDir()
	node, err := newNode(folder)
	require.NoError(t, err)
	state := filepath.Join(folder, "state")
	require.NoError(t, os.Mkdir(state, 0o700))
	if nonRoot {
		require.NoError(t, os.Chown(state, 10001, 10001))
	}
	backend, values := destination(t)
	name := "mina-test-agent"
	if nonRoot {
		name += "-nonroot"
	}
	values["fullnameOverride"] = name // podman makes a volume of a ConfigMap, by its name
	values["nonRoot"], values["clusterName"] = nonRoot, "test"
	values["state"] = kubernetes.Values{"hostPath": state}
	values["logs"] = kubernetes.Values{
		"path":       node.pods,
		"extraPaths": []any{node.docker},
		"exclude":    []any{kubernetes.Values{"namespace": "kube-*"}},
	}

	web := node.log("shop", "web-7d9f8b6c5-x2x4z", "web", 0)
	require.NoError(t, node.write(web,
		`{"level": "INFO", "logger": "app", "message": "a line that comes in parts"}`,
		"2025-10-01 16:12:05,785 ERROR app: failed", "Traceback (most recent call last):", `  File "/app/main.py", line 1, in <module>`, "ValueError: no"))
	require.NoError(t, node.writeDocker(node.log("shop", "worker-0", "worker", 2), `{"level": "INFO", "message": "written by docker"}`))
	require.NoError(t, node.write(node.log("kube-system", "etcd", "etcd", 0), "not to be read"))
	require.NoError(t, node.write(node.log("observability", "mina-otelcol-mina-abcde", "otelcol-mina", 0), "the collector's own"))

	installation, err := kubernetes.Render(kubernetes.Chart(), values)
	require.NoError(t, err)
	pod := run(t, name, installation)
	delivered := func(want ...string) {
		t.Helper()
		slices.Sort(want)
		if !assert.Eventually(t, func() bool { return slices.Equal(bodies(backend.Taken()), want) }, deadline, 50*time.Millisecond) {
			assert.Equal(t, want, bodies(backend.Taken()))
			t.Fatal(pod.output())
		}
	}
	delivered("a line that comes in parts", "failed", "written by docker")
	for _, record := range backend.Taken() {
		container, pod, restarts := "web", "web-7d9f8b6c5-x2x4z", int64(0)
		if record.Body == "written by docker" {
			container, pod, restarts = "worker", "worker-0", 2
		}
		want := map[string]any{
			"k8s.namespace.name": "shop", "k8s.pod.name": pod, "k8s.pod.uid": uid, "k8s.container.name": container, "k8s.container.restart_count": restarts,
			"k8s.node.name": "the value of spec.nodeName", "k8s.cluster.name": "test", "service.name": container,
		}
		for attribute, value := range want {
			assert.Equal(t, value, record.Resource[attribute], attribute)
		}
	}

	t.Run("has no capability", func(t *testing.T) {
		process, err := pod.process()
		require.NoError(t, err)
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
		require.NoError(t, err)
		owner := "0"
		if nonRoot {
			owner = "10001"
		}
		assert.Contains(t, string(status), "CapEff:\t0000000000000000\n")
		assert.Contains(t, string(status), "NoNewPrivs:\t1\n")
		assert.Regexp(t, `(?m)^Uid:\t`+owner+`\t`, string(status))
		assert.Regexp(t, `(?m)^Groups:\t(.* )?0\b`, string(status))
	})

	t.Run("says how it does", func(t *testing.T) {
		out, err := podman("exec", pod.container(), "/mina", "status")
		assert.NoError(t, err)
		assert.Contains(t, out, "3 records sent")
	})

	t.Run("is alive and ready while the destination is down", func(t *testing.T) {
		backend.down.Store(true)
		require.NoError(t, node.write(web, `{"level": "INFO", "message": "in an outage"}`))
		probe := installation.Workload().Template.Spec.Containers[0].LivenessProbe.HTTPGet.Path
		unhealthy := false
		for until := time.Now().Add(outage); time.Now().Before(until); time.Sleep(time.Second) {
			assert.Equal(t, http.StatusOK, status(pod, probe))
			unhealthy = unhealthy || status(pod, "/") == http.StatusInternalServerError
		}
		assert.True(t, unhealthy, "the health of all tells of the outage")
		backend.down.Store(false)
		delivered("a line that comes in parts", "failed", "written by docker", "in an outage")
	})

	t.Run("reads a log that is rotated once", func(t *testing.T) {
		require.NoError(t, node.write(web, `{"level": "INFO", "message": "before the rotation"}`))
		require.NoError(t, node.rotate(web))
		require.NoError(t, node.write(web, `{"level": "INFO", "message": "after the rotation"}`))
		delivered("a line that comes in parts", "failed", "written by docker", "in an outage", "before the rotation", "after the rotation")
	})

	t.Run("goes on where the pod before it was", func(t *testing.T) {
		require.NoError(t, pod.stop())
		require.NoError(t, node.write(web, `{"level": "INFO", "message": "between two pods"}`))
		pod = run(t, name, installation)
		delivered("a line that comes in parts", "failed", "written by docker", "in an outage", "before the rotation", "after the rotation", "between two pods")
		info, err := os.Stat(filepath.Join(state, "receiver_mina_"))
		require.NoError(t, err)
		assert.Equal(t, nonRoot, info.Sys().(*syscall.Stat_t).Uid == 10001)
	})
}
