package kubernetes

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// chartFolder is where the chart is.
func chartFolder() string { return filepath.Join(program.Root(), "charts", "otelcol-mina") }

func loadChart(t *testing.T) *chart.Chart {
	t.Helper()
	loaded, err := loader.Load(chartFolder())
	require.NoError(t, err)
	return loaded
}

// values are what an installation is given.
type values = map[string]any

// render returns what helm would install of the release "mina" in the namespace
// "observability": the objects, by their files' order, and the notes.
func render(t *testing.T, given values) (objects []runtime.Object, text, notes string, err error) {
	t.Helper()
	loaded := loadChart(t)
	options := common.ReleaseOptions{Name: "mina", Namespace: "observability", Revision: 1, IsInstall: true}
	all, err := util.ToRenderValues(loaded, given, options, common.DefaultCapabilities)
	if err != nil {
		return nil, "", "", err
	}
	files, err := engine.Render(loaded, all)
	if err != nil {
		return nil, "", "", err
	}
	var manifest strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		switch {
		case strings.HasSuffix(name, "NOTES.txt"):
			notes = files[name]
		case strings.TrimSpace(files[name]) != "":
			manifest.WriteString("---\n# " + strings.TrimPrefix(name, loaded.Name()+"/") + "\n" + strings.TrimSpace(files[name]) + "\n")
		}
	}
	objects, err = decode(manifest.String())
	return objects, manifest.String(), notes, err
}

// decode reads objects as strictly as an API server does: what Kubernetes does not know is
// an error.
func decode(manifest string) ([]runtime.Object, error) {
	strict := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme.Scheme, scheme.Scheme, json.SerializerOptions{Strict: true})
	var objects []runtime.Object
	documents := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewBufferString(manifest)))
	defer documents.Close()
	for {
		document, err := nextDocument(documents)
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(document)) == 0 {
			continue
		}
		text, err := sigsyaml.YAMLToJSONStrict(document)
		if err != nil {
			return nil, err
		}
		object, _, err := strict.Decode(text, nil, nil)
		if err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
}

func nextDocument(documents io.Reader) ([]byte, error) {
	buffer := make([]byte, 1<<20)
	n, err := documents.Read(buffer)
	return buffer[:n], err
}

// cases are the values of testdata/values, by their files' names.
func cases(t *testing.T) map[string]values {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "values", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	all := map[string]values{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		given := values{}
		require.NoError(t, sigsyaml.UnmarshalStrict(text, &given), file)
		all[strings.TrimSuffix(filepath.Base(file), ".yaml")] = given
	}
	return all
}
