package tail

import (
	"regexp"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// The paths under which container runtimes write, also rotated and compressed. Names of
// Kubernetes have no underscore.
var (
	// /var/log/pods/NAMESPACE_POD_UID/CONTAINER/RESTARTS.log is the kubelet's.
	podPath = regexp.MustCompile(`/pods/([a-z0-9-]+)_([a-z0-9.-]+)_([0-9a-f-]+)/([a-z0-9-]+)/([0-9]{1,9})\.log(?:[.-][^/]*)?$`)
	// /var/log/containers/POD_NAMESPACE_CONTAINER-ID.log is the kubelet's link to it.
	podLink = regexp.MustCompile(`/containers/([a-z0-9.-]+)_([a-z0-9-]+)_([a-z0-9-]+)-([0-9a-f]{64})\.log$`)
	// /var/lib/docker/containers/ID/ID-json.log is docker's.
	dockerPath = regexp.MustCompile(`/containers/([0-9a-f]{64})/([0-9a-f]{64})-json\.log(?:[.-][^/]*)?$`)
)

// containerOf returns the container that writes a file, as its path and those that it
// links to tell together.
func containerOf(path string) minalog.Container {
	container := containerOfPath(path)
	end, links, err := resolve(path)
	if err != nil {
		return container
	}
	for _, l := range links {
		container = container.Join(containerOfPath(l.path))
	}
	return container.Join(containerOfPath(end))
}

func containerOfPath(path string) minalog.Container {
	if m := podPath.FindStringSubmatch(path); m != nil {
		return minalog.Container{Namespace: m[1], Pod: m[2], PodUID: m[3], Name: m[4], Restarts: m[5]}
	}
	if m := podLink.FindStringSubmatch(path); m != nil {
		return minalog.Container{Pod: m[1], Namespace: m[2], Name: m[3], ID: m[4]}
	}
	if m := dockerPath.FindStringSubmatch(path); m != nil && m[1] == m[2] {
		return minalog.Container{ID: m[1]}
	}
	return minalog.Container{}
}
