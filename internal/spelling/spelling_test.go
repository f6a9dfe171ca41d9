package spelling

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNearest(t *testing.T) {
	known := []string{"mask", "partial", "hash", "credit_card"}
	for name, want := range map[string]string{"msak": "mask", "creditcard": "credit_card", "Hash": "hash", "MASK": "mask", "shred": "", "": "", "x": ""} {
		nearest, ok := Nearest(name, known)
		assert.Equal(t, want != "", ok, name)
		if ok {
			assert.Equal(t, want, nearest, name)
		}
	}
}

func FuzzNearest(f *testing.F) {
	f.Add("msak", "mask")
	f.Fuzz(func(t *testing.T, name, known string) {
		_, _ = Nearest(name, []string{known})
		assert.Zero(t, editDistance(name, name))
	})
}
