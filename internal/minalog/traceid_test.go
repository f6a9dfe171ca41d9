package minalog

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzID reads any text as an id: one that is set is not zero, and one that is not set
// leaves nothing behind.
func FuzzID(f *testing.F) {
	for _, text := range []string{
		"4bf92f3577b34da6a3ce929d0e0e4736", "0x4bf92f", "4bf92f35-77b3-4da6-a3ce-929d0e0e4736", "100985939111033328018442752961257817910",
		"projects/p/traces/4bf92f3577b34da6a3ce929d0e0e4736", "0", "0x", "00f067aa0ba902b7",
	} {
		f.Add([]byte(text), uint8(hexadecimal), true)
		f.Add([]byte(text), uint8(datadog), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, as uint8, ofTrace bool) {
		id := make([]byte, 8)
		if ofTrace {
			id = make([]byte, 16)
		}
		before := bytes.Clone(text)
		set, absent := parseID(id, text, notation(as%3))
		require.False(t, set && absent)
		require.Equal(t, set, len(bytes.Trim(id, "\x00")) > 0)
		require.Equal(t, before, text)
	})
}
