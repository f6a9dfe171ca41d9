package kubernetes

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// Values are what an installation is given.
type Values = map[string]any

// Installation is what helm would install.
type Installation struct {
	// Manifest are the objects as text, and Objects as Kubernetes reads them.
	Manifest string
	Objects  []runtime.Object
	// Notes are what the user reads.
	Notes string
}

// Chart returns the folder of the chart.
func Chart() string { return filepath.Join(program.Root(), "charts", "otelcol-mina") }

// Render renders the release "mina" of the namespace "observability", from a folder or an
// archive.
func Render(path string, given Values) (*Installation, error) {
	return renderAs(path, "mina", "observability", given)
}

func renderAs(path, release, namespace string, given Values) (*Installation, error) {
	chart, err := loader.Load(path)
	if err != nil {
		return nil, err
	}
	options := common.ReleaseOptions{Name: release, Namespace: namespace, Revision: 1, IsInstall: true}
	values, err := util.ToRenderValues(chart, given, options, common.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	files, err := engine.Render(chart, values)
	if err != nil {
		return nil, err
	}
	var manifest strings.Builder
	var notes string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		switch {
		case strings.HasSuffix(name, "NOTES.txt"):
			notes = files[name]
		case strings.TrimSpace(files[name]) != "":
			fmt.Fprintf(&manifest, "---\n# %s\n%s\n", strings.TrimPrefix(name, chart.Name()+"/"), strings.TrimSpace(files[name]))
		}
	}
	objects, err := Decode(manifest.String())
	return &Installation{Manifest: manifest.String(), Objects: objects, Notes: notes}, err
}

// Decode reads objects as strictly as an API server does: a field that Kubernetes does not
// know is an error.
func Decode(manifest string) ([]runtime.Object, error) {
	kinds := runtime.NewScheme()
	if err := errors.Join(scheme.AddToScheme(kinds), monitoringv1.AddToScheme(kinds)); err != nil {
		return nil, err
	}
	strict := json.NewSerializerWithOptions(json.DefaultMetaFactory, kinds, kinds, json.SerializerOptions{Strict: true})
	documents := yaml.NewYAMLReader(bufio.NewReader(strings.NewReader(manifest)))
	var objects []runtime.Object
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		text, err := sigsyaml.YAMLToJSONStrict(document)
		if err != nil {
			return nil, err
		}
		if bytes.Equal(text, []byte("null")) {
			continue
		}
		object, _, err := strict.Decode(text, nil, nil)
		if err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
}

// Examples are the installations of testdata/values, by the names of their files.
func Examples() (map[string]Values, error) {
	files, err := filepath.Glob(filepath.Join(program.Root(), "test", "kubernetes", "testdata", "values", "*.yaml"))
	if err != nil {
		return nil, err
	}
	examples := map[string]Values{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		given := Values{}
		if err := sigsyaml.UnmarshalStrict(text, &given); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		examples[strings.TrimSuffix(filepath.Base(file), ".yaml")] = given
	}
	return examples, nil
}

// Workload returns what runs the pods.
func (i *Installation) Workload() *Workload {
	for _, object := range i.Objects {
		switch o := object.(type) {
		case *appsv1.DaemonSet:
			return &Workload{Kind: "DaemonSet", Selector: o.Spec.Selector, Template: o.Spec.Template}
		case *appsv1.StatefulSet:
			return &Workload{Kind: "StatefulSet", Selector: o.Spec.Selector, Template: o.Spec.Template, Claims: o.Spec.VolumeClaimTemplates}
		}
	}
	return nil
}

// Workload is a DaemonSet or a StatefulSet.
type Workload struct {
	Kind     string
	Selector *metav1.LabelSelector
	Template corev1.PodTemplateSpec
	Claims   []corev1.PersistentVolumeClaim
}

// ConfigMap returns the configuration that the values make, by the names of its files.
func (i *Installation) ConfigMap() map[string]string {
	for _, object := range i.Objects {
		if o, ok := object.(*corev1.ConfigMap); ok && !strings.HasSuffix(o.Name, "-dashboards") {
			return o.Data
		}
	}
	return nil
}
