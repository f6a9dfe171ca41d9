package statestorageextension

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const reasonIsGone = "file_storage does better: look at docs/decisions/003-state-storage.md again"

// stockFile returns the content of a file of the stock file_storage.
func stockFile(t *testing.T) []byte {
	t.Helper()
	directory := t.TempDir()
	client, err := stock(t, directory)
	require.NoError(t, err)
	for i := range 200 {
		require.NoError(t, client.Set(t.Context(), fmt.Sprintf("item-%03d", i), bytes.Repeat([]byte("value "), 100)))
	}
	require.NoError(t, client.Close(t.Context()))
	content, err := os.ReadFile(filepath.Join(directory, stateName))
	require.NoError(t, err)
	return content
}

// TestUpstreamStillDoesNotStartWithDamagedFiles fails for a kind of damage that
// file_storage, with recreate, has learned to start with.
func TestUpstreamStillDoesNotStartWithDamagedFiles(t *testing.T) {
	for name, damage := range map[string]func(content []byte) []byte{
		"no database":     func([]byte) []byte { return bytes.Repeat([]byte("garbage "), 4096) },
		"a newer format":  func(c []byte) []byte { c[20], c[4096+20] = 3, 3; return c },
		"both sums wrong": func(c []byte) []byte { c[60]++; c[4096+60]++; return c },
	} {
		t.Run(name, func(t *testing.T) {
			directory := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(directory, stateName), damage(stockFile(t)), 0o600))
			client, err := stock(t, directory)
			if err == nil {
				require.NoError(t, client.Close(t.Context()))
			}
			assert.Error(t, err, reasonIsGone)
		})
	}
}

// damagedDirectory names the directory of a file that ends the process that opens it.
const damagedDirectory = "MINA_TEST_DAMAGED_DIRECTORY"

// TestUpstreamStillEndsTheProcess fails for a kind of damage that file_storage, with
// recreate, survives. It opens the file in a process of its own.
func TestUpstreamStillEndsTheProcess(t *testing.T) {
	if directory := os.Getenv(damagedDirectory); directory != "" {
		openAndUse(t, directory)
		return
	}
	for name, damage := range map[string]func(content []byte) []byte{
		"cut":         func(c []byte) []byte { return c[:4*4096] },
		"overwritten": func(c []byte) []byte { copy(c[2*4096:], bytes.Repeat([]byte("garbage "), (len(c)-2*4096)/8)); return c },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			directory := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(directory, stateName), damage(stockFile(t)), 0o600))
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestUpstreamStillEndsTheProcess$")
			child.Env = append(os.Environ(), damagedDirectory+"="+directory)
			output, err := child.CombinedOutput()
			require.Error(t, err, reasonIsGone)
			assert.Regexp(t, `(?m)^(panic|fatal error|unexpected fault address)`, string(output), reasonIsGone)
		})
	}
}

func openAndUse(t *testing.T, directory string) {
	t.Helper()
	client, err := stock(t, directory)
	require.NoError(t, err)
	for i := range 200 {
		_, _ = client.Get(t.Context(), fmt.Sprintf("item-%03d", i))
	}
	require.NoError(t, client.Close(t.Context()))
}

// TestUpstreamStillHandsOutDamagedValues fails when file_storage notices them.
func TestUpstreamStillHandsOutDamagedValues(t *testing.T) {
	directory := t.TempDir()
	content := bytes.ReplaceAll(stockFile(t), []byte("value"), []byte("VALUE"))
	require.NoError(t, os.WriteFile(filepath.Join(directory, stateName), content, 0o600))
	client, err := stock(t, directory)
	require.NoError(t, err)
	value, err := client.Get(t.Context(), "item-100")
	require.NoError(t, err)
	require.NoError(t, client.Close(t.Context()))
	assert.Contains(t, string(value), "VALUE", reasonIsGone)
}
