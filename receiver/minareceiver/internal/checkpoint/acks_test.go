package checkpoint

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheAcknowledgedPositionPassesOnlyWhatIsAnswered(t *testing.T) {
	for name, tt := range map[string]struct {
		answered []int
		offset   int64
		settled  bool
	}{
		"nothing":             {nil, 5, false},
		"the first":           {[]int{0}, 10, false},
		"a later one":         {[]int{2}, 5, false},
		"all but the first":   {[]int{3, 2, 1}, 5, false},
		"the first, at last":  {[]int{1, 0}, 20, false},
		"all but the middle":  {[]int{0, 3, 2}, 10, false},
		"all, in order":       {[]int{0, 1, 2, 3}, 40, true},
		"all, in the reverse": {[]int{3, 2, 1, 0}, 40, true},
	} {
		t.Run(name, func(t *testing.T) {
			acks := NewAcks(Position{Offset: 5})
			var pending []*Ack
			for _, end := range []int64{10, 20, 30, 40} {
				pending = append(pending, acks.Expect(Position{Offset: end}))
			}
			for _, i := range tt.answered {
				acks.Done(pending[i])
			}
			assert.Equal(t, tt.offset, acks.Acknowledged().Offset)
			assert.Equal(t, tt.settled, acks.Settled())
		})
	}
}

func TestFingerprints(t *testing.T) {
	for name, tt := range map[string]struct {
		of, text     string
		fits, begins bool
	}{
		"the same":   {"text", "text", true, true},
		"longer":     {"text", "text and more", false, true},
		"shorter":    {"text", "tex", false, false},
		"another":    {"text", "TEXT", false, false},
		"of no text": {"", "text", false, true},
		"no text":    {"", "", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			fingerprint := FingerprintOf([]byte(tt.of))
			assert.Equal(t, tt.fits, fingerprint.Fits([]byte(tt.text)))
			assert.Equal(t, tt.begins, fingerprint.Begins([]byte(tt.text)))
		})
	}
}
