package kubernetes

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// TestEmptiedValues holds what becomes of a key with nothing behind it, for which helm takes
// the default away: what has a default that matters is missed, and all else is as it was.
func TestEmptiedValues(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(Chart(), "values.yaml"))
	require.NoError(t, err)
	defaults := Values{}
	require.NoError(t, yaml.UnmarshalStrict(text, &defaults))
	delete(defaults, "resources")    // without limits
	delete(defaults, "nodeSelector") // on any node
	for _, mode := range []string{"agent", "intake", "gateway"} {
		given := Values{"mode": mode, "destinations": []any{"datadog"}, "existingSecret": "datadog"}
		asIs := rendered(t, given).Objects
		check := func(path string, emptied Values) {
			values := maps.Clone(given)
			maps.Copy(values, emptied)
			installation, err := Render(Chart(), values)
			key := path[strings.LastIndex(path, ".")+1:]
			switch {
			case err != nil && key == "existingSecret":
				assert.ErrorContains(t, err, "where are the records to go?")
			case err != nil && key == "destinations":
				assert.ErrorContains(t, err, "destinations is empty")
			case err != nil:
				assert.ErrorContains(t, err, "missing property '"+key+"'", "%s of %s", path, mode)
			default:
				assert.Equal(t, asIs, installation.Objects, "%s of %s", path, mode)
			}
		}
		for key, value := range defaults {
			check(key, Values{key: nil})
			block, _ := value.(Values)
			for inner := range block {
				check(key+"."+inner, Values{key: Values{inner: nil}})
			}
		}
	}
}
