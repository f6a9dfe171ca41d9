package pod

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/mina-observability/otelcol-mina/test/kubernetes"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// image is what the pods run.
const image = "localhost/otelcol-mina:kubernetes"

// podman runs podman, and returns what it printed.
func podman(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	return program.Podman(ctx, "podman", args...)
}

// buildImage builds the image around the binary that is already built.
func buildImage() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	return program.BuildImage(ctx, image)
}

// running is a pod that runs.
type running struct {
	name, manifest string
	// Address is the pod's, as the kubelet has it.
	Address string
}

// start runs a pod of an installation as a node would. What podman has no notion of is
// done in its place: the node's name, and the probes; and it takes no long annotations.
func start(name, folder string, installation *kubernetes.Installation) (*running, error) {
	template := installation.Workload().Template.DeepCopy()
	pod := corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: template.ObjectMeta, Spec: template.Spec}
	pod.Name, pod.Annotations = name, nil
	container := &pod.Spec.Containers[0]
	container.Image, container.ImagePullPolicy = image, corev1.PullNever
	container.Ports = nil // podman would publish them on this host
	container.StartupProbe, container.LivenessProbe, container.ReadinessProbe = nil, nil, nil
	for i, variable := range container.Env {
		if variable.ValueFrom != nil {
			container.Env[i] = corev1.EnvVar{Name: variable.Name, Value: "the value of " + variable.ValueFrom.FieldRef.FieldPath}
		}
	}
	r := &running{name: name, manifest: filepath.Join(folder, name+".yaml")}
	objects := []any{&pod}
	for _, object := range installation.Objects {
		if config, ok := object.(*corev1.ConfigMap); ok {
			objects = append(objects, config)
		}
	}
	var manifest []byte
	for _, object := range objects {
		text, err := yaml.Marshal(object)
		if err != nil {
			return nil, err
		}
		manifest = append(append(manifest, "---\n"...), text...)
	}
	if err := os.WriteFile(r.manifest, manifest, 0o600); err != nil {
		return nil, err
	}
	if _, err := podman("play", "kube", "--replace", r.manifest); err != nil {
		return r, err
	}
	infra, err := podman("pod", "inspect", "--format", "{{.InfraContainerID}}", name)
	if err != nil {
		return r, err
	}
	r.Address, err = podman("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", infra)
	return r, err
}

// stop asks the pod to end, and takes it away with what podman has made for it. Folders of
// the node stay.
func (r *running) stop() error {
	volumes, unknown := podman("inspect", "--format", `{{range .Mounts}}{{if eq .Type "volume"}}{{.Name}} {{end}}{{end}}`, r.container())
	if _, err := podman("play", "kube", "--down", r.manifest); err != nil || unknown != nil {
		return err
	}
	_, err := podman(append([]string{"volume", "rm", "--force"}, strings.Fields(volumes)...)...)
	return err
}

// container returns what podman calls the container.
func (r *running) container() string { return r.name + "-otelcol-mina" }

// output returns what the collector has printed.
func (r *running) output() string {
	out, _ := podman("logs", r.container())
	return out
}

// process returns the id of the collector's process.
func (r *running) process() (int, error) {
	out, err := podman("inspect", "--format", "{{.State.Pid}}", r.container())
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(out)
}

// host returns the address under which pods reach this host.
func host() (string, error) {
	return podman("network", "inspect", "podman", "--format", "{{range .Subnets}}{{.Gateway}}{{end}}")
}
