package tail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

const (
	containerID = "8f5c7a1e0b9d4c3f2a6e8d7c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a3928"
	podUID      = "0f8fad5b-d9cb-469f-a165-70867728950e"
	staticUID   = "5f2d4c8a1b3e6f7092a8b4c6d8e0f123"
)

func TestThePathTellsTheContainer(t *testing.T) {
	web := minalog.Container{Namespace: "mina", Pod: "web-6d4cf56db6-x2x7q", PodUID: podUID, Name: "app", Restarts: "2"}
	const pod = "/var/log/pods/mina_web-6d4cf56db6-x2x7q_" + podUID
	for path, want := range map[string]minalog.Container{
		pod + "/app/2.log":                                                                 web,
		pod + "/app/2.log.20251001-161205":                                                 web,
		pod + "/app/2.log.20251001-161205.gz":                                              web,
		"/host" + pod + "/app/2.log":                                                       web,
		"/var/log/pods/kube-system_etcd-node.a_" + staticUID + "/etcd/0.log":               {Namespace: "kube-system", Pod: "etcd-node.a", PodUID: staticUID, Name: "etcd", Restarts: "0"},
		"/var/log/containers/web-0_mina_app-v2-" + containerID + ".log":                    {Namespace: "mina", Pod: "web-0", Name: "app-v2", ID: containerID},
		"/var/lib/docker/containers/" + containerID + "/" + containerID + "-json.log":      {ID: containerID},
		"/var/lib/docker/containers/" + containerID + "/" + containerID + "-json.log.1.gz": {ID: containerID},

		"/var/log/mina/app.log":                                           {},
		pod + "/app/app.log":                                              {},
		pod + "/2.log":                                                    {},
		"/var/log/pods/mina_web/app/2.log":                                {},
		"/var/log/pods/mina_web_x_" + podUID + "/app/2.log":               {},
		"/var/log/containers/web-0_mina_app-8f5c7a1e.log":                 {},
		"/var/lib/docker/containers/" + containerID + "/local-logs/c.log": {},
		"/var/lib/docker/containers/" + containerID + "/" + strings.Repeat("0", 64) + "-json.log": {},
	} {
		assert.Equal(t, want, containerOf(path), path)
	}
}

func TestALinkAndWhatItLeadsToTellTheContainerTogether(t *testing.T) {
	both := minalog.Container{Namespace: "mina", Pod: "web-0", PodUID: podUID, Name: "app", Restarts: "0", ID: containerID}
	const (
		link   = "/var/log/containers/web-0_mina_app-" + containerID + ".log"
		pod    = "/var/log/pods/mina_web-0_" + podUID + "/app/0.log"
		other  = "/var/log/pods/mina_web-1_" + podUID + "/app/0.log"
		docker = "/var/lib/docker/containers/" + containerID + "/" + containerID + "-json.log"
	)
	for name, test := range map[string]struct {
		chain    []string
		isBroken bool
		want     minalog.Container
	}{
		"a pod's file":              {[]string{link, pod}, false, both},
		"docker's file":             {[]string{link, pod, docker}, false, both},
		"a pod's link to docker's":  {[]string{pod, docker}, false, both},
		"a link of another name":    {[]string{"/srv/web.log", link, pod}, false, both},
		"a file of another name":    {[]string{pod, "/data/7"}, false, minalog.Container{Namespace: "mina", Pod: "web-0", PodUID: podUID, Name: "app", Restarts: "0"}},
		"the file of another pod":   {[]string{link, other}, false, minalog.Container{Namespace: "mina", Pod: "web-0", Name: "app", ID: containerID}},
		"a link that leads nowhere": {[]string{link, "/nowhere"}, true, minalog.Container{Namespace: "mina", Pod: "web-0", Name: "app", ID: containerID}},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			for i, path := range test.chain {
				path = filepath.Join(root, path)
				require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
				if i+1 < len(test.chain) {
					require.NoError(t, os.Symlink(filepath.Join(root, test.chain[i+1]), path))
				} else if !test.isBroken {
					write(t, path, lines(0, 1))
				}
			}
			assert.Equal(t, test.want, containerOf(filepath.Join(root, test.chain[0])))
		})
	}
}
