package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// TestThePathOfAContainersLogIsItsResource lays out logs as the kubelet and docker do,
// and matches links as well as files.
func TestThePathOfAContainersLogIsItsResource(t *testing.T) {
	t.Parallel()
	const (
		id   = "8f5c7a1e0b9d4c3f2a6e8d7c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a3928"
		uid  = "0f8fad5b-d9cb-469f-a165-70867728950e"
		link = "containers/web-0_mina_app-" + id + ".log"
		pod  = "pods/mina_web-0_" + uid + "/app/3.log"
		cri  = "2025-10-01T16:12:05.785000000Z stdout F "
	)
	e, dir := newEndpoint(t), t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	files := map[string]string{
		pod: cri + `{"message": "through the link", "hostname": "a", "process_id": 7}` + "\n" +
			cri + `{"message": "of another process", "hostname": "a", "process_id": 8}` + "\n" +
			cri + "printed\n" +
			cri + `{"message": "of another host", "k8s.pod.name": "its own", "hostname": "b"}` + "\n",
		pod + ".20251001-161205.gz":                           gzipped(t, cri+`{"message": "rotated"}`+"\n"),
		"pods/kube-system_etcd-a_5f2d4c8a1b3e6f70/etcd/0.log": cri + "static pod\n",
		"docker/containers/" + id + "/" + id + "-json.log":    `{"log":"docker\n","stream":"stdout","time":"2025-10-01T16:12:05Z"}` + "\n",
		"mina/app.log": `{"message": "no container"}` + "\n",
	}
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(path(name)), 0o755))
		require.NoError(t, os.WriteFile(path(name), []byte(text), 0o600))
	}
	require.NoError(t, os.MkdirAll(path("containers"), 0o755))
	require.NoError(t, os.Symlink(path(pod), path(link)))

	settings := program.OTLP(t.TempDir(), dir+"/{containers/*.log,pods/*/*/*.log*,docker/containers/*/*,mina/*.log}", e.URL, "acknowledged")
	settings.Overrides = []string{"receivers::mina::file::flush_after: 20ms", "receivers::mina::file::poll_interval: 50ms"}
	c := startCollector(t, settings)
	eventually(t, func() bool { return len(e.records()) >= 8 }, "every record")
	c.Stop()

	ofPod := map[string]any{
		"service.name": "mina", "k8s.namespace.name": "mina", "k8s.pod.name": "web-0", "k8s.pod.uid": uid,
		"k8s.container.name": "app", "k8s.container.restart_count": int64(3),
	}
	with := func(resource map[string]any, more ...any) map[string]any {
		all := map[string]any{}
		for name, value := range resource {
			all[name] = value
		}
		for i := 0; i < len(more); i += 2 {
			all[more[i].(string)] = more[i+1]
		}
		return all
	}
	throughLink := with(ofPod, "container.id", id)
	want := map[string]map[string]any{
		"through the link":   with(throughLink, "host.name", "a", "process.pid", int64(7)),
		"of another process": with(throughLink, "host.name", "a", "process.pid", int64(8)),
		"printed":            throughLink,
		"of another host":    with(throughLink, "host.name", "b"),
		"rotated":            ofPod,
		"static pod": {
			"service.name": "mina", "k8s.namespace.name": "kube-system", "k8s.pod.name": "etcd-a", "k8s.pod.uid": "5f2d4c8a1b3e6f70",
			"k8s.container.name": "etcd", "k8s.container.restart_count": int64(0),
		},
		"docker":       {"service.name": "mina", "container.id": id},
		"no container": {"service.name": "mina"},
	}
	got := map[string]map[string]any{}
	for _, record := range e.records() {
		got[record.Body().AsString()] = record.resource
		if record.Body().AsString() == "of another host" {
			assert.Equal(t, "its own", record.attributes["k8s.pod.name"])
		}
	}
	assert.Equal(t, want, got)
	assert.Len(t, e.records(), len(want), "what a link leads to is read once")
}
