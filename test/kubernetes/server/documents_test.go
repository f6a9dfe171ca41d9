package server

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/kubernetes"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// ofNodes are commands that speak to a pod, of which there are none without nodes.
var ofNodes = regexp.MustCompile(`(?m)^kubectl .* (exec|logs|port-forward) .*\n?`)

// observability is the namespace of the documents.
var observability = regexp.MustCompile(`namespace observability\b`)

// TestDocumentedCommandsWork runs the commands of the documents about the chart, each block
// in a namespace of its own.
func TestDocumentedCommandsWork(t *testing.T) {
	blocks, err := kubernetes.Blocks("sh")
	require.NoError(t, err)
	require.NotEmpty(t, blocks)
	for i, b := range blocks {
		t.Run(b.String(), func(t *testing.T) {
			folder, namespace := t.TempDir(), fmt.Sprintf("document-%d", i)
			require.NoError(t, os.Symlink(filepath.Join(program.Root(), "charts"), filepath.Join(folder, "charts")))
			require.NoError(t, os.WriteFile(filepath.Join(folder, "values.yaml"), []byte(b.Values), 0o600))
			script := observability.ReplaceAllString(ofNodes.ReplaceAllString(b.Text, ""), "namespace "+namespace)
			if !strings.Contains(script, "create namespace") && !strings.Contains(script, "--create-namespace") {
				script = "kubectl create namespace " + namespace + "\n" + script
			}
			_, err := cluster.Run(folder, script)
			require.NoError(t, err)
		})
	}
}
