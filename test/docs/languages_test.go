package docs

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestObjectsAreJSON(t *testing.T) {
	for _, b := range inLanguage(t, "json") {
		for decoder := json.NewDecoder(strings.NewReader(b.Text)); decoder.More(); {
			var object any
			require.NoError(t, decoder.Decode(&object), b)
		}
	}
}

func TestPythonCompiles(t *testing.T) {
	for _, b := range inLanguage(t, "python") {
		path := filepath.Join(t.TempDir(), "block.py")
		require.NoError(t, os.WriteFile(path, []byte(b.Text), 0o600))
		out, err := exec.Command("/usr/bin/python3", "-m", "py_compile", path).CombinedOutput()
		assert.NoError(t, err, "%s: %s", b, out)
	}
}

// TestUnitsAreUnits has each line of a unit of systemd be a section or a setting of one.
func TestUnitsAreUnits(t *testing.T) {
	for _, b := range inLanguage(t, "ini") {
		section := ""
		for line := range strings.Lines(b.Text) {
			switch line = strings.TrimSpace(line); {
			case line == "" || line[0] == '#':
			case line[0] == '[':
				section = strings.Trim(line, "[]")
				assert.Contains(t, []string{"Unit", "Service", "Install"}, section, b)
			default:
				name, _, is := strings.Cut(line, "=")
				assert.True(t, is && section != "" && name == strings.TrimSpace(name), "%s: %s", b, line)
			}
		}
	}
}
