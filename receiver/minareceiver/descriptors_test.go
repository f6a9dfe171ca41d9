package minareceiver

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDescriptorsAreShared(t *testing.T) {
	for _, c := range []struct{ descriptors, wanted, connections, files int }{
		{1, 512, 1, 1},
		{64, 512, 8, 24},
		{64, 4, 4, 28},
		{256, 512, 32, 96},
		{1024, 512, 224, 672},
		{65536, 512, 512, 64896},
	} {
		t.Run(fmt.Sprint(c.descriptors, " of which ", c.wanted, " for connections"), func(t *testing.T) {
			connections := min(c.wanted, shareOfConnections(c.descriptors))
			assert.Equal(t, c.connections, connections)
			assert.Equal(t, c.files, shareOfFiles(c.descriptors, connections))
		})
	}
}
