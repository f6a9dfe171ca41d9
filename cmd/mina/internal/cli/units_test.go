package cli

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestNumbersAreWrittenForPeople(t *testing.T) {
	for n, want := range map[float64]string{0: "0 B", 999: "999 B", 1000: "1.0 KiB", 10468: "10 KiB", 1 << 30: "1.0 GiB", 73e9: "68 GiB", 1e18: "909495 TiB"} {
		assert.Equal(t, want, Bytes(n))
	}
	for n, want := range map[float64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		assert.Equal(t, want, Count(n))
	}
	assert.Equal(t, "1 file", Counted(1, "file"))
	assert.Equal(t, "0 files", Counted(0, "file"))
	assert.Equal(t, "0.3/s", Rate(3, 10*time.Second))
	assert.Equal(t, "1,200/s", Rate(12000, 10*time.Second))
	assert.Equal(t, "0/s", Rate(12000, 0))
	for d, want := range map[time.Duration]string{
		0: "0s", 12 * time.Millisecond: "12ms", 7*time.Second + 300*time.Millisecond: "7s", 61 * time.Second: "1m1s", 2*time.Hour + 3*time.Minute: "2h3m", 50 * time.Hour: "2d2h",
	} {
		assert.Equal(t, want, Duration(d))
	}
}
