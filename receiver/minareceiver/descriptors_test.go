package minareceiver

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDescriptorsAreShared(t *testing.T) {
	for _, c := range []struct{ descriptors, wanted, connections, files int }{
		{1, 512, 1, 1},
		{64, 512, 16, 32},
		{64, 4, 4, 44},
		{256, 512, 64, 128},
		{1024, 512, 256, 640},
		{65536, 512, 512, 64896},
	} {
		t.Run(fmt.Sprint(c.descriptors, " of which ", c.wanted, " for connections"), func(t *testing.T) {
			connections := min(c.wanted, shareOfConnections(c.descriptors))
			assert.Equal(t, c.connections, connections)
			assert.Equal(t, c.files, shareOfFiles(c.descriptors, connections))
		})
	}
}
