package engine

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTheUnitRunsItLikewise holds the packages' unit to the flags that the collector gives its
// own, but for where it is, who may ask, and what makes it forget.
func TestTheUnitRunsItLikewise(t *testing.T) {
	text, err := os.ReadFile("../../../../packaging/systemd/otelcol-mina-explore.service")
	require.NoError(t, err)
	unit := strings.Fields(string(text))
	otherwise := []string{"-storageDataPath", "-httpListenAddr", "-httpAuth.password", "-retentionPeriod", "-delete.enable"}
	const defaultFreeBytes, defaultMemoryMiB = 512 << 20, 160
	for _, flag := range (&Directory{}).flags(Settings{FreeBytes: defaultFreeBytes, MemoryMiB: defaultMemoryMiB}) {
		if name, _, _ := strings.Cut(flag, "="); !slices.Contains(otherwise, name) {
			assert.Contains(t, unit, flag)
		}
	}
}
