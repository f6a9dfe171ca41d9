package collector

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheCollectorIsAskedWhereItListens(t *testing.T) {
	for listen, want := range map[string]string{
		"":               "http://127.0.0.1:13133",
		"127.0.0.1":      "http://127.0.0.1:13133",
		"0.0.0.0":        "http://127.0.0.1:13133",
		"[::]":           "http://[::1]:13133",
		"::1":            "http://[::1]:13133",
		"10.1.2.3":       "http://10.1.2.3:13133",
		"\"10.1.2.3\"\r": "http://10.1.2.3:13133",
		"nonsense":       "http://127.0.0.1:13133",
	} {
		t.Setenv("MINA_LISTEN", listen)
		assert.Equal(t, want, HealthURL(), listen)
	}
}
