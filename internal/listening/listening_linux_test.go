package listening

import (
	"net"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhoListensIsKnown(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	command, err := os.ReadFile("/proc/self/comm")
	require.NoError(t, err)
	process, listens := On(listener.Addr().String())
	assert.True(t, listens)
	assert.Equal(t, Process{os.Getpid(), strings.TrimSpace(string(command))}, process)
	require.NoError(t, listener.Close())

	for _, address := range []string{listener.Addr().String(), "nonsense", "localhost:http"} {
		process, listens := On(address)
		assert.False(t, listens, address)
		assert.Zero(t, process, address)
	}
	assert.Empty(t, socketsOf("/missing", "1"))
}
